/** Where PickScore comes from: the network from its authors' repository, the tokeniser from the CLIP that it was tuned from. */
import { StudioError } from '../../contract/errors.ts';
import { type FetchedFile, type FetchHooks, type FetchOrder, fetchRepositories } from './fetch-from-hub.ts';

/**
 * Brings PickScore_v1 (Kirstain et al. 2023; 3.9 GB) into a folder that `models add --pickscore` takes: `config.json`,
 * `model.safetensors`, and the `tokenizer.json` that its model card names.
 *
 * @throws StudioError as `fetchRepositories`
 */
export async function fetchPickScore(
  order: Pick<FetchOrder, 'to' | 'endpoint' | 'token'>,
  hooks: FetchHooks = {},
): Promise<{ files: FetchedFile[] }> {
  try {
    return await fetchRepositories(
      [
        {
          ...order,
          repository: 'laion/CLIP-ViT-H-14-laion2B-s32B-b79K',
          files: ['tokenizer.json'],
        },
        { ...order, repository: 'yuvalkirstain/PickScore_v1', files: ['config.json', 'model.safetensors'] },
      ],
      hooks,
    );
  } catch (thrown) {
    throw sayWhatNext(thrown, order.to);
  }
}

/** Files that were brought by hand are added like a checkpoint of one's own: that asks no hub. */
function sayWhatNext(thrown: unknown, folder: string): unknown {
  if (!(thrown instanceof StudioError) || !['offline', 'forbidden'].includes(thrown.code)) return thrown;
  const { code, message, details, cause } = thrown;
  const next = `Then add that folder as a model (Models → Add model → PickScore, or \`sfiqa models add --pickscore "${folder}"\`).`;
  return new StudioError(code, `${message} ${next}`, details, { cause });
}

/** Where PickScore comes from: the network from its authors' repository, the tokeniser from the CLIP that it was tuned from. */
import { type FetchedFile, type FetchHooks, type FetchOrder, fetchRepositories } from './fetch-from-hub.ts';

/**
 * Brings PickScore_v1 (Kirstain et al. 2023; 3.9 GB) into a folder that `models add --pickscore` takes: `config.json`,
 * `model.safetensors`, and the `tokenizer.json` that its model card names.
 *
 * @throws StudioError as `fetchRepositories`
 */
export function fetchPickScore(
  order: Pick<FetchOrder, 'to' | 'endpoint' | 'token'>,
  hooks: FetchHooks = {},
): Promise<{ files: FetchedFile[] }> {
  return fetchRepositories(
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
}

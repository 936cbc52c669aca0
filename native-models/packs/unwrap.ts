/** Sees through what training scripts put around a state_dict: `module.` of parallel training, `state_dict`, `model` and their like. */
import { StudioError } from '../../contract/errors.ts';
import type { Checkpoint, TensorEntry } from '../checkpoints/checkpoint.ts';

/** Parts of names that wrappers of modules add (`DataParallel`, `torch.compile`); no architecture here has such a part. */
const moduleWrapper = /(^|\.)(?:module|_orig_mod)\.(?=.)/g;

/** What dictionaries with a state_dict in them call it. */
const dictionaryWrapper = /^(?:state_dict|model_state_dict|model|net|network|checkpoint)\./;

/** The same tensors without what wrappers of modules add to their names; as they are where two would then have one name. */
export function dropModuleWrappers(checkpoint: Checkpoint): Checkpoint {
  const tensors = new Map<string, TensorEntry>();
  for (const [name, entry] of checkpoint.tensors) {
    tensors.set(name.replace(moduleWrapper, '$1'), entry);
  }
  return tensors.size === checkpoint.tensors.size ? { ...checkpoint, tensors } : checkpoint;
}

/** A prefix without the names of dictionaries around it: `state_dict.base.` is `base.`. */
export function stripDictionaries(prefix: string): string {
  const stripped = prefix.replace(dictionaryWrapper, '');
  return stripped === prefix ? prefix : stripDictionaries(stripped);
}

/** What stands before a tensor's own name wherever the checkpoint has one so called: `''`, `state_dict.`; in the file's order. */
export function findPrefixes({ tensors }: Checkpoint, mark: string): string[] {
  return [...tensors.keys()]
    .filter((name) => name === mark || name.endsWith(`.${mark}`))
    .map((name) => name.slice(0, name.length - mark.length));
}

/**
 * The tensors behind a prefix, by what is behind it.
 *
 * @param prefixes where the network lies
 * @throws StudioError `checkpointInvalid` where that is in several places, e.g. with the moving average of its weights
 */
export function unwrap(checkpoint: Checkpoint, prefixes: readonly string[]): Checkpoint {
  const [prefix = '', other] = prefixes;
  const { path } = checkpoint;
  if (other !== undefined) {
    const names = prefixes.map((one) => `“${one.slice(0, -1) || '(top)'}”`).join(', ');
    throw new StudioError(
      'checkpointInvalid',
      `${path} holds the network ${prefixes.length} times: ${names}. Save the one that you mean as a file of its own.`,
      { path },
    );
  }
  if (prefix === '') return checkpoint;
  const tensors = [...checkpoint.tensors].filter(([name]) => name.startsWith(prefix));
  return {
    ...checkpoint,
    tensors: new Map(tensors.map(([name, entry]) => [name.slice(prefix.length), entry])),
  };
}

/** Tensors that no graph of a pack reads: a network that has them computes more than the studio would draw. */
import { StudioError } from '../../contract/errors.ts';
import type { Branch } from './outline.ts';

/** What networks keep beside their weights: tables that graphs have of their own. */
const tables =
  /(^|\.)(position_ids|attn_mask|filter|relative_coords_table|relative_position_index|num_batches_tracked)$/;

/** SF-IQA's `Net` carries timm's last norm and classifier along, and never calls them. */
export const neverCalled = /^model\.(norm|head)\./;

/**
 * Refuses a checkpoint where a module of which some tensors are read has others that are not, as PyTorch does that loads strictly. Modules
 * that nothing is read of (a classifier, an optimiser's state) are nobody's business.
 *
 * @param used the full names that each branch of a member has read
 * @throws StudioError `checkpointInvalid` that names the first of these tensors
 */
export function refuseUnread(used: ReadonlyMap<Branch, readonly string[]>): void {
  const read = new Set([...used.values()].flat());
  for (const [{ checkpoint, prefix }, names] of used) {
    const modules = new Set(names.map((name) => moduleOf(name, prefix)));
    for (const [name, { name: ownName }] of checkpoint.tensors) {
      const isKnown = read.has(name) || tables.test(name) || neverCalled.test(name.slice(prefix.length));
      if (isKnown || !name.startsWith(prefix) || !modules.has(moduleOf(name, prefix))) continue;
      const { path } = checkpoint;
      throw new StudioError(
        'checkpointInvalid',
        `${path} has a tensor “${ownName}”, which this architecture has no place for: without it, other numbers would come out. Is it the right file?`,
        { path, tensor: ownName },
      );
    }
  }
}

function moduleOf(name: string, prefix: string): string {
  const [first = ''] = name.slice(prefix.length).split('.', 1);
  return first;
}

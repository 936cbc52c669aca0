/** Splits rows into folds by group: rows of one prompt are never on both sides. */
import { StudioError } from '../../contract/errors.ts';
import { createRandom, shuffle } from './random.ts';

/**
 * Which rows are on the test side of one split by group: `share` of the groups, rounded, drawn by the seed. The order of the rows does not
 * matter.
 *
 * @throws StudioError `badInput` where a side would be empty
 */
export function splitOnce(groups: readonly string[], share: number, seed: number): boolean[] {
  const order = [...new Set(groups)].sort();
  const held = Math.round(share * order.length);
  if (held < 1 || held >= order.length) {
    throw new StudioError(
      'badInput',
      `${order.length} groups cannot be split: one side would be empty. Group by another field.`,
      { groups: order.length },
    );
  }
  shuffle(order, createRandom(seed));
  const test = new Set(order.slice(0, held));
  return groups.map((group) => test.has(group));
}

/**
 * The fold of every row, from 0. Groups are shuffled by the seed and each goes to the fold that has the fewest rows so far.
 *
 * @param count folds wanted; fewer where there are fewer groups
 */
export function splitIntoFolds(groups: readonly string[], count: number, seed: number): Uint8Array {
  const sizes = new Map<string, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const order = [...sizes.keys()].sort();
  shuffle(order, createRandom(seed));
  const filled = new Array<number>(Math.min(count, order.length)).fill(0);
  const foldOf = new Map<string, number>();
  for (const group of order) {
    const fold = filled.indexOf(Math.min(...filled));
    foldOf.set(group, fold);
    filled[fold]! += sizes.get(group)!;
  }
  return Uint8Array.from(groups, (group) => foldOf.get(group)!);
}

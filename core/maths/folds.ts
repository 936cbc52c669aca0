/** Splits rows into folds by group: rows of one prompt are never on both sides. */
import { createRandom, shuffle } from './random.ts';

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

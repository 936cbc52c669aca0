/** The images that every rater rated once, as a matrix: what statistics without missing data are made of. */
import { listPresent, type Votes } from './votes.ts';

/** `value[j · raters + i]`; raters without any vote are left out. */
export interface CompleteImages {
  images: number;
  raters: number;
  value: Float64Array;
}

/** Of repeats the first vote counts. */
export function findCompleteImages(votes: Votes): CompleteImages {
  const columns = new Map(listPresent(votes).map((rater, column) => [rater, column]));
  const rows: number[] = [];
  let images = 0;
  for (let j = 0; j < votes.items; j += 1) {
    const row = new Map<number, number>();
    for (let at = votes.itemStarts[j + 1]! - 1; at >= votes.itemStarts[j]!; at -= 1) {
      row.set(columns.get(votes.rater[at]!)!, votes.value[at]!);
    }
    if (columns.size === 0 || row.size < columns.size) continue;
    for (let column = 0; column < columns.size; column += 1) rows.push(row.get(column)!);
    images += 1;
  }
  return { images, raters: columns.size, value: Float64Array.from(rows) };
}

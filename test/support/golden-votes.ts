/** Rating matrices of the golden statistics as vote columns, and their rule of comparison. */
import { expect } from 'vitest';
import { indexVotes, type Votes } from '../../core/maths/study/votes.ts';
import { readSharedJson } from './shared.ts';

type Cell = number | null | number[];

/** Rows are images, columns raters; a cell may hold several votes. */
export interface Matrix {
  scale: { min: number; max: number; step?: number };
  ratings: Cell[][];
}

export type GoldenInput = Matrix | { ratings_file: string };

/** The matrix of a case, in the case itself or in a file beside it. */
export function readMatrix(input: GoldenInput): Matrix {
  return 'ratings' in input ? input : readSharedJson<Matrix>(`golden-stats/${input.ratings_file}`);
}

export function votesOf({ ratings }: Pick<Matrix, 'ratings'>): Votes {
  const rows = ratings.flatMap((row, item) =>
    row.flatMap((cell, rater) =>
      [cell].flat().flatMap((value) => (value === null ? [] : [{ item, rater, value }])),
    ),
  );
  return indexVotes({
    items: ratings.length,
    raters: ratings[0]?.length ?? 0,
    item: Int32Array.from(rows, (row) => row.item),
    rater: Int32Array.from(rows, (row) => row.rater),
    value: Float64Array.from(rows, (row) => row.value),
  });
}

/** Numbers and lists against golden ones; `null` there is NaN or null here; true and false are 1 and 0. */
export function expectClose(
  got: unknown,
  expected: unknown,
  absolute = 1e-9,
  relative = absolute,
  path = '',
): void {
  if (Array.isArray(expected)) {
    const list = Array.from(got as ArrayLike<unknown>);
    expect(list, path).toHaveLength(expected.length);
    for (const [at, value] of expected.entries())
      expectClose(list[at], value, absolute, relative, `${path}[${at}]`);
  } else if (expected === null) {
    expect(got === null || Number.isNaN(got), `${path}: ${got} is to be undefined`).toBe(true);
  } else {
    const limit = Math.max(absolute, relative * Math.abs(Number(expected)));
    const gap = Math.abs(Number(got) - Number(expected));
    expect(gap <= limit, `${path}: ${got}, expected ${expected}`).toBe(true);
  }
}

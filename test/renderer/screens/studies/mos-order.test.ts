import { describe, expect, it } from 'vitest';
import type { MosRow } from '../../../../contract/mos.ts';
import { halfWidth, type MosOrder, sortMosRows } from '../../../../renderer/screens/studies/mos-order.ts';

function rowOf(name: string, mean: number, sd: number | null): MosRow {
  const [low, high] = sd === null ? [null, null] : [mean - sd, mean + sd];
  return { imageId: mean, name, dimension: 'quality', mean, sd, n: 2, low, high };
}

const rows = [rowOf('b10', 3, 0.5), rowOf('b2', 1, null), rowOf('a', 2, 0.1)];
const namesIn = (order: MosOrder) => sortMosRows(rows, order).map(({ name }) => name);

describe('the order of a MOS table', () => {
  it('sorts names as people do', () => {
    expect(namesIn({ column: 'name', descending: false })).toEqual(['a', 'b2', 'b10']);
  });

  it('sorts by value both ways', () => {
    expect(namesIn({ column: 'mean', descending: false })).toEqual(['b2', 'a', 'b10']);
    expect(namesIn({ column: 'mean', descending: true })).toEqual(['b10', 'a', 'b2']);
  });

  it('puts rows without a value last, either way', () => {
    expect(namesIn({ column: 'ci', descending: false })).toEqual(['a', 'b10', 'b2']);
    expect(namesIn({ column: 'ci', descending: true })).toEqual(['b10', 'a', 'b2']);
  });

  it('gives half the width of an interval', () => {
    expect(halfWidth({ low: 1, high: 2 })).toBe(0.5);
    expect(halfWidth({ low: null, high: null })).toBeNull();
  });
});

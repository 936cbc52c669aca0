/** Rolling, cutting into windows and merging patches, as permutations of a grid's tokens. */
import { describe, expect, test } from 'vitest';
import { mergingOrder, rasterOrder, windowOrder } from '../../../native-models/graphs/token-order.ts';

describe('window order', () => {
  test('goes window by window, row by row in each', () => {
    expect([...windowOrder(4, { window: 2, shift: 0 })]).toEqual([
      ...[0, 1, 4, 5],
      ...[2, 3, 6, 7],
      ...[8, 9, 12, 13],
      ...[10, 11, 14, 15],
    ]);
  });

  test('of a shifted grid, begins `shift` rows and columns further and comes round to the near side', () => {
    expect([...windowOrder(4, { window: 2, shift: 1 })]).toEqual([
      ...[5, 6, 9, 10],
      ...[7, 4, 11, 8],
      ...[13, 14, 1, 2],
      ...[15, 12, 3, 0],
    ]);
  });

  test('of one window is the grid row by row, so nothing has to move', () => {
    expect(windowOrder(8, { window: 8, shift: 0 })).toEqual(rasterOrder(8));
  });
});

test('merging joins (even row, even column), (odd, even), (even, odd), (odd, odd), as timm 0.6.13 does', () => {
  expect([...mergingOrder(4)]).toEqual([
    ...[0, 4, 1, 5],
    ...[2, 6, 3, 7],
    ...[8, 12, 9, 13],
    ...[10, 14, 11, 15],
  ]);
});

test('every order has every token once', () => {
  for (const order of [windowOrder(12, { window: 3, shift: 1 }), mergingOrder(12)]) {
    expect([...order].sort((a, b) => a - b)).toEqual([...rasterOrder(12)]);
  }
});

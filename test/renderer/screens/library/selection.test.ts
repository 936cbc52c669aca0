import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clear,
  extendTo,
  moveTo,
  nothingSelected,
  orderedIds,
  selectAll,
  selectOnly,
  toggle,
} from '../../../../renderer/screens/library/selection.ts';

const order = [10, 20, 30, 40, 50, 60];

function idsOf(selection: { ids: ReadonlySet<number> }): number[] {
  return order.filter((id) => selection.ids.has(id));
}

describe('Selecting in the grid', () => {
  test('a click selects one image and drops the others', () => {
    expect(idsOf(selectOnly(30))).toEqual([30]);
  });

  test('Ctrl and click puts one in or out and leaves the others', () => {
    const two = toggle(selectOnly(30), 50);
    expect(idsOf(two)).toEqual([30, 50]);
    expect(idsOf(toggle(two, 30))).toEqual([50]);
  });

  test('Shift and click takes everything from the last click on, in both directions', () => {
    expect(idsOf(extendTo(selectOnly(20), order, 40))).toEqual([20, 30, 40]);
    expect(idsOf(extendTo(selectOnly(50), order, 30))).toEqual([30, 40, 50]);
  });

  test('a range that turns round gives up what it no longer covers', () => {
    const down = extendTo(selectOnly(30), order, 60);
    expect(idsOf(extendTo(down, order, 10))).toEqual([10, 20, 30]);
  });

  test('what was toggled elsewhere stays when a range grows', () => {
    const both = toggle(selectOnly(10), 40);
    expect(idsOf(extendTo(both, order, 50))).toEqual([10, 40, 50]);
  });

  test('Shift and an arrow selects from where the keyboard was', () => {
    expect(idsOf(extendTo(moveTo(nothingSelected, 20), order, 30))).toEqual([20, 30]);
  });

  test('moving selects nothing, all selects all, Esc drops all and stays', () => {
    const moved = moveTo(selectOnly(20), 40);
    expect(idsOf(moved)).toEqual([20]);
    expect(idsOf(selectAll(moved, order))).toEqual(order);
    expect(clear(moved)).toEqual({ ids: new Set(), anchorId: null, activeId: 40 });
  });

  test('what a study gets is in the order of the list, and images the list does not show come last', () => {
    const selection = { ...nothingSelected, ids: new Set([99, 50, 20]) };
    expect(orderedIds(selection, order)).toEqual([20, 50, 99]);
  });

  test('a range always holds both its ends, whatever was selected before', () => {
    const id = fc.constantFrom(...order);
    fc.assert(
      fc.property(fc.array(id), id, id, (before, from, to) => {
        const start = before.reduce(toggle, nothingSelected);
        const ranged = extendTo(toggle(start, from), order, to);
        const anchor = ranged.anchorId;
        expect(anchor).toBe(from);
        expect(ranged.ids.has(from) && ranged.ids.has(to)).toBe(true);
        const [low, high] = [order.indexOf(from), order.indexOf(to)].sort();
        for (const between of order.slice(low, high! + 1)) expect(ranged.ids.has(between)).toBe(true);
      }),
    );
  });
});

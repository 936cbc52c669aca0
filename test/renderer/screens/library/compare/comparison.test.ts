/** Comparing as a state: which images, which is active, which is the reference, zoomed together or alone. */
import { describe, expect, test } from 'vitest';
import * as compare from '../../../../../renderer/screens/library/compare/comparison.ts';
import { type View, wholeView } from '../../../../../renderer/screens/library/viewer/zoom.ts';

const near: View = { unit: 'pixel', factor: 2, centreX: 0.2, centreY: 0.7 };
const three = compare.startComparison([11, 12, 13]);

describe('A comparison', () => {
  test('takes at most four images, the first as reference and the second active', () => {
    expect(compare.startComparison([1, 2, 3, 4, 5])).toMatchObject({
      ids: [1, 2, 3, 4],
      active: 1,
      reference: 0,
    });
  });

  test('locked images are zoomed together, unlocked ones alone; locking follows the active one', () => {
    expect(compare.setView(three, 0, near).views).toEqual([near, near, near]);
    const alone = compare.setView(compare.toggleLock(three), 1, near);
    expect(alone.views).toEqual([wholeView, near, wholeView]);
    expect(compare.toggleLock(alone).views).toEqual([near, near, near]);
  });

  test('the active one is compared with the reference; where they are one, the first of the others', () => {
    expect(compare.pairOf(compare.activate(three, 2))).toEqual([0, 2]);
    expect(compare.pairOf(compare.activate(three, 0))).toEqual([0, 1]);
    expect(compare.pairOf(compare.makeReference(compare.activate(three, 2)))).toEqual([2, 0]);
  });

  test('another image of the list takes the active one’s place, none twice', () => {
    const order = [10, 11, 12, 13, 14];
    expect(compare.nextCandidate(three, order, 1)).toBe(14);
    expect(compare.nextCandidate(three, order, -1)).toBe(10);
    expect(compare.nextCandidate(compare.replaceActive(three, 14), order, 1)).toBeNull();
    expect(compare.replaceActive(three, 14).ids).toEqual([11, 14, 13]);
    expect(compare.replaceActive(three, 13)).toBe(three);
  });

  test('the active one is taken out, two stay', () => {
    const two = compare.takeOutActive(compare.makeReference(compare.activate(three, 2)));
    expect(two).toMatchObject({ ids: [11, 12], active: 1, reference: 0 });
    expect(two.views).toHaveLength(2);
    expect(compare.takeOutActive(two)).toBe(two);
    expect(
      compare.takeOutActive(compare.activate(compare.makeReference(compare.activate(three, 2)), 0)),
    ).toMatchObject({
      ids: [12, 13],
      active: 0,
      reference: 1,
    });
  });

  test('lies in as many columns as show the most', () => {
    expect(compare.chooseColumns(4, 1, 1)).toBe(2);
    expect(compare.chooseColumns(4, 4, 1)).toBe(4);
    expect(compare.chooseColumns(2, 1.8, 1)).toBe(2);
    expect(compare.chooseColumns(2, 1, 3)).toBe(1);
  });
});

import { describe, expect, it } from 'vitest';
import { findInRegion, spanRegion, wholeRegion } from '../../../../renderer/screens/agreement/region.ts';

const points = {
  imageIds: [11, 12, 13, 14],
  predicted: [1, 2, 3, 4],
  mos: [1, 2, 5, 4],
  mapped: [1, 2.5, 3, 4],
  generator: [0, 0, 0, 0],
  generators: [null],
  curve: [],
};

describe('a region of the scatter', () => {
  it('holds what lies in it, edges included, where model and raters differ most first', () => {
    expect(findInRegion(points, { predicted: [2, 4], mos: [2, 5] })).toEqual([13, 12, 14]);
    expect(findInRegion(points, { predicted: [2, 3.9], mos: [2, 4] })).toEqual([12]);
    expect(findInRegion(points, { predicted: [5, 6], mos: [0, 9] })).toEqual([]);
  });

  it('is the same from whichever corner it is drawn', () => {
    const region = { predicted: [1, 3], mos: [2, 5] };
    expect(spanRegion([1, 2], [3, 5])).toEqual(region);
    expect(spanRegion([3, 5], [1, 2])).toEqual(region);
    expect(spanRegion([1, 5], [3, 2])).toEqual(region);
  });

  it('can be all of it', () => {
    const whole = wholeRegion(points);
    expect(whole).toEqual({ predicted: [1, 4], mos: [1, 5] });
    expect(findInRegion(points, whole)).toHaveLength(4);
  });
});

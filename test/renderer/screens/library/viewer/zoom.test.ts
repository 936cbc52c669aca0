/** Zoom and pan as arithmetic: what is under the pointer stays there, and no gap opens at an edge. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  describeZoom,
  type Framed,
  isWhole,
  panBy,
  placePicture,
  toggleActualSize,
  type View,
  wholeView,
  zoomBy,
} from '../../../../../renderer/screens/library/viewer/zoom.ts';

const framed: Framed = {
  picture: { width: 1000, height: 500 },
  frame: { width: 400, height: 400 },
  screenRatio: 1,
};

describe('Zoom', () => {
  test('the whole picture lies in the middle of its frame', () => {
    expect(placePicture(wholeView, framed)).toEqual({
      left: 0,
      top: 100,
      width: 400,
      height: 200,
      scale: 0.4,
    });
    expect(describeZoom(wholeView, framed)).toBe('40 %');
  });

  test('1:1 is one picture pixel on one screen pixel, whatever the screen', () => {
    expect(placePicture(toggleActualSize(wholeView, framed), framed).width).toBe(1000);
    const fine = { ...framed, screenRatio: 2 };
    expect(placePicture(toggleActualSize(wholeView, fine), fine).width).toBe(500);
    expect(isWhole(toggleActualSize(toggleActualSize(wholeView, framed), framed))).toBe(true);
  });

  test('it stops at the whole picture, and at 32 screen pixels a pixel', () => {
    let view = wholeView;
    for (let k = 0; k < 100; k += 1) view = zoomBy(view, 2, framed);
    expect(placePicture(view, framed).scale).toBe(32);
    for (let k = 0; k < 100; k += 1) view = zoomBy(view, 0.5, framed);
    expect(isWhole(view)).toBe(true);
  });

  test('the point under the pointer stays under it', () => {
    const at = { x: 300, y: 220 };
    const before = placePicture(wholeView, framed);
    const after = placePicture(zoomBy(wholeView, 3, framed, at), framed);
    expect((at.x - after.left) / after.width).toBeCloseTo((at.x - before.left) / before.width, 10);
    expect((at.y - after.top) / after.height).toBeCloseTo((at.y - before.top) / before.height, 10);
  });

  test('the picture moves with the pointer and stops at its edge', () => {
    const near = toggleActualSize(wholeView, framed);
    const before = placePicture(near, framed);
    expect(placePicture(panBy(near, 30, 0, framed), framed).left).toBeCloseTo(before.left + 30, 10);
    expect(placePicture(panBy(near, 5000, 0, framed), framed).left).toBe(0);
    expect(placePicture(panBy(near, -5000, 0, framed), framed).left).toBeCloseTo(400 - 1000, 10);
  });

  test('no way of zooming and moving leaves a gap that the picture could fill', () => {
    const side = fc.integer({ min: 1, max: 5000 });
    const step = fc.record({
      by: fc.double({ min: 0.1, max: 10, noNaN: true }),
      x: fc.integer({ min: 0, max: 800 }),
      y: fc.integer({ min: 0, max: 800 }),
    });
    fc.assert(
      fc.property(side, side, fc.array(step, { maxLength: 8 }), (width, height, steps) => {
        const any: Framed = {
          picture: { width, height },
          frame: { width: 800, height: 800 },
          screenRatio: 1.5,
        };
        let view: View = wholeView;
        for (const { by, x, y } of steps) {
          view = panBy(zoomBy(view, by, any, { x, y }), x - 400, y - 400, any);
        }
        const { left, top, ...size } = placePicture(view, any);
        const isCovered = (from: number, length: number) =>
          length > 800
            ? from <= 1e-6 && from + length >= 800 - 1e-6
            : Math.abs(from - (800 - length) / 2) < 1e-6;
        expect(isCovered(left, size.width) && isCovered(top, size.height)).toBe(true);
      }),
    );
  });
});

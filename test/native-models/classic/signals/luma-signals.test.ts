import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureLumaSignals } from '../../../../native-models/classic/signals/luma-signals.ts';
import type { RgbImage } from '../../../../native-models/images/decode.ts';

function paintGrey(width: number, height: number, level: (x: number, y: number) => number): RgbImage {
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return level(pixel % width, Math.floor(pixel / width));
  });
  return { rgb, width, height };
}

/** The two definitions, written out: population deviations of luma and of its Laplacian. */
function measureNaively({ rgb, width, height }: RgbImage): { sharpness: number; contrast: number } {
  const luma = (x: number, y: number): number => {
    const at = 3 * (y * width + x);
    return 0.299 * rgb[at]! + 0.587 * rgb[at + 1]! + 0.114 * rgb[at + 2]!;
  };
  const all: number[] = [];
  const laplacian: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      all.push(luma(x, y));
      if (x < 1 || y < 1 || x > width - 2 || y > height - 2) continue;
      laplacian.push(luma(x - 1, y) + luma(x + 1, y) + luma(x, y - 1) + luma(x, y + 1) - 4 * luma(x, y));
    }
  }
  const deviation = (values: number[]): number => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  };
  return { sharpness: deviation(laplacian), contrast: deviation(all) / 255 };
}

const anyImage = fc
  .tuple(fc.integer({ min: 3, max: 12 }), fc.integer({ min: 3, max: 12 }))
  .chain(([width, height]) =>
    fc
      .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
      .map((rgb) => ({ rgb, width, height })),
  );

describe('sharpness and contrast', () => {
  it('are the deviations of the Laplacian and of luma', () => {
    fc.assert(
      fc.property(anyImage, (image) => {
        const expected = measureNaively(image);
        const { sharpness, contrast } = measureLumaSignals(image);
        expect(sharpness).toBeCloseTo(expected.sharpness, 6);
        expect(contrast).toBeCloseTo(expected.contrast, 8);
      }),
      { numRuns: 60 },
    );
  });

  it('of a black and white chequerboard are the largest there are: 4 · 255 and ½', () => {
    const { sharpness, contrast } = measureLumaSignals(paintGrey(16, 16, (x, y) => 255 * ((x + y) % 2)));
    expect(sharpness).toBeCloseTo(4 * 255, 6);
    expect(contrast).toBeCloseTo(0.5, 9);
  });

  it('of a ramp are none and some: it has contrast but no edge', () => {
    const { sharpness, contrast } = measureLumaSignals(paintGrey(32, 16, (x) => 4 * x));
    expect(sharpness).toBeCloseTo(0, 6);
    expect(contrast).toBeGreaterThan(0.1);
  });

  it('halve when every level is halved', () => {
    const chequers = (level: number) => paintGrey(16, 16, (x, y) => level * (((x >> 1) + (y >> 1)) % 2));
    const [full, half] = [measureLumaSignals(chequers(200)), measureLumaSignals(chequers(100))];
    expect(half.sharpness).toBeCloseTo(full.sharpness! / 2, 6);
    expect(half.contrast).toBeCloseTo(full.contrast / 2, 9);
  });

  it('know no sharpness of a picture without an inner pixel', () => {
    expect(measureLumaSignals(paintGrey(2, 5, () => 90)).sharpness).toBeNull();
    expect(measureLumaSignals(paintGrey(1, 1, () => 90))).toEqual({ sharpness: null, contrast: 0 });
  });
});

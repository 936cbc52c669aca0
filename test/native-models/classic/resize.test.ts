import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/maths/random.ts';
import { resizeToSquare } from '../../../native-models/classic/resize.ts';
import type { RgbImage } from '../../../native-models/images/decode.ts';

/** Waves that all these sizes can carry, with a little grain. */
function paintWaves(width: number, height: number): RgbImage {
  const random = createRandom(11);
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const x = Math.floor(i / 3) % width;
    const y = Math.floor(i / 3 / width);
    return 128 + 50 * Math.sin(x / 9 + (i % 3)) + 40 * Math.cos(y / 13) + 4 * random.normal();
  });
  return { rgb, width, height };
}

describe('the square that features are measured on', () => {
  it('is the image itself where it has that size', () => {
    const image = paintWaves(64, 64);
    expect(resizeToSquare(image, 64)).toBe(image.rgb);
  });

  it.each([
    [128, 90],
    [100, 64],
    [128, 100],
  ])('shrinks %i to %i as libvips’ cubic kernel does, within a level on average', async (from, to) => {
    const image = paintWaves(from, from);
    const reference = await sharp(image.rgb, { raw: { width: from, height: from, channels: 3 } })
      .resize(to, to, { kernel: 'cubic' })
      .raw()
      .toBuffer();
    const scaled = resizeToSquare(image, to);
    const differences = Array.from(scaled, (level, i) => Math.abs(level - reference[i]!));
    expect(differences.reduce((sum, difference) => sum + difference, 0) / differences.length).toBeLessThan(1);
  });

  it.each([
    [90, 128],
    [64, 100],
    [128, 70],
  ])('keeps a ramp a ramp, in its place, from %i to %i', (from, to) => {
    const rgb = Uint8Array.from({ length: from * from * 3 }, (_, i) => 10 + (Math.floor(i / 3) % from));
    const scaled = resizeToSquare({ rgb, width: from, height: from }, to);
    // The kernel reproduces straight lines; only near the border do repeated samples bend them.
    for (let x = 8; x < to - 8; x++) {
      const exact = 10 + ((x + 0.5) * from) / to - 0.5;
      const middle = scaled[3 * ((to >> 1) * to + x)]!;
      expect(Math.abs(middle - exact)).toBeLessThanOrEqual(0.5 + 1e-9);
    }
  });

  it('keeps one colour at every size', () => {
    const side = fc.integer({ min: 1, max: 90 });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 0, max: 255 }), (width, height, level) => {
        const image = { rgb: new Uint8Array(width * height * 3).fill(level), width, height };
        expect(resizeToSquare(image, 32).every((value) => value === level)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('mirrors with the image', () => {
    const mirror = (rgb: Uint8Array, width: number): Uint8Array =>
      rgb.map((_, i) => {
        const pixel = Math.floor(i / 3);
        const x = pixel % width;
        return rgb[3 * (pixel - x + (width - 1 - x)) + (i % 3)]!;
      });
    const image = paintWaves(96, 70);
    const mirrored = { ...image, rgb: mirror(image.rgb, 96) };
    const [scaled, other] = [resizeToSquare(image, 48), mirror(resizeToSquare(mirrored, 48), 48)];
    // A sum in the other order may round a half the other way.
    expect(scaled.every((level, i) => Math.abs(level - other[i]!) <= 1)).toBe(true);
  });

  it('is cut from the middle of a long image, with equal scale across and down', () => {
    const { rgb, width, height } = { rgb: new Uint8Array(300 * 100 * 3), width: 300, height: 100 };
    for (let i = 0; i < width * height; i++) rgb[3 * i + (i % width < 90 || i % width >= 210 ? 0 : 2)] = 255;
    const square = resizeToSquare({ rgb, width, height }, 50);
    expect(square.every((level, i) => level === (i % 3 === 2 ? 255 : 0))).toBe(true);
  });
});

/** CLIP's input is that of the official processor: bytes by SHA-256, numbers bit for bit. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutSquare, prepareClip, sizeForClip } from '../../../native-models/preprocess/prepare-clip.ts';
import { hasShared } from '../../support/shared.ts';
import { decodeGolden, type GoldenCase, hash, pick, readCases } from './golden-images.ts';
import { paintNoise, slowClipBytes } from './slow-reference.ts';

interface ClipCase extends GoldenCase {
  source_width: number;
  source_height: number;
  resized_width: number;
  resized_height: number;
  crop_rgb_sha256: string;
}

describe.skipIf(!hasShared)('golden images', () => {
  const cases = readCases<ClipCase>('clip_preprocess');

  test('there are 19', () => expect(cases).toHaveLength(19));

  test.each(cases)('$file: size, bytes of the cut, 256 numbers', async (golden) => {
    const image = await decodeGolden(golden.file);
    expect(sizeForClip(image, 224)).toEqual({ width: golden.resized_width, height: golden.resized_height });
    expect(hash(cutSquare(image, 224).rgb)).toBe(golden.crop_rgb_sha256);
    expect(pick(prepareClip(image), golden)).toEqual(golden.val.map(Math.fround));
  });
});

test('numbers are (byte / 255 − mean) / deviation of the slow reference’s bytes, sides 1 to 600', () => {
  const mean = [0.48145466, 0.4578275, 0.40821073];
  const std = [0.26862954, 0.26130258, 0.27577711];
  const places = fc.array(fc.tuple(fc.nat(223), fc.nat(223), fc.nat(2)), { minLength: 8, maxLength: 8 });
  const side = fc.integer({ min: 1, max: 600 });
  fc.assert(
    fc.property(side, side, places, (width, height, at) => {
      const image = paintNoise(width, height, width * 601 + height);
      const tensor = prepareClip(image);
      for (const [y, x, c] of at) {
        const byte = slowClipBytes(image, 224, c).at(y, x);
        expect(tensor[(c * 224 + y) * 224 + x]).toBeCloseTo((byte / 255 - mean[c]!) / std[c]!, 6);
      }
    }),
    { numRuns: 60, seed: 7 },
  );
});

test('other sizes, means and deviations', () => {
  const image = paintNoise(91, 57);
  const tensor = prepareClip(image, 56, { mean: [0.5, 0.25, 0], std: [0.5, 0.5, 1] });
  expect(tensor).toHaveLength(3 * 56 * 56);
  const byte = slowClipBytes(image, 56, 1).at(30, 40);
  expect(tensor[(56 + 30) * 56 + 40]).toBeCloseTo((byte / 255 - 0.25) / 0.5, 6);
});

test('a line of a million pixels is cut without being enlarged', () => {
  const width = 1_000_000;
  const rgb = new Uint8Array(3 * width).fill(255, (3 * width) / 2);
  const square = cutSquare({ rgb, width, height: 1 }, 224);
  expect([square.rgb[0], square.rgb[3 * 223]]).toEqual([0, 255]);
});

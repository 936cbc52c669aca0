/** The resize gives Pillow's bytes, whole or in part, at any size. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resizeLikePillow } from '../../../native-models/preprocess/pillow-resize.ts';
import type { PillowFilter } from '../../../native-models/preprocess/pillow-taps.ts';
import { hasShared } from '../../support/shared.ts';
import { all, decodeGolden, type GoldenCase, hash, readCases } from './golden-images.ts';
import { channelOf, paintNoise, pillowResize } from './slow-reference.ts';

interface SamaCase extends GoldenCase {
  pil_bilinear_resized_to: [number, number] | null;
  pil_resized_rgb_sha256: string | null;
}
interface ClipCase extends GoldenCase {
  resized_width: number;
  resized_height: number;
  resized_rgb_sha256: string;
}

function whole(width: number, height: number, filter: PillowFilter) {
  return { filter, width, height, columns: all(width), rows: all(height) };
}

describe.skipIf(!hasShared)('whole golden images have the bytes of Pillow 11.3, by SHA-256', () => {
  const enlarged = readCases<SamaCase>('sama').filter((one) => one.pil_bilinear_resized_to !== null);
  const resized = readCases<ClipCase>('clip_preprocess');

  test('3 are enlarged for SAMA, all 19 resized for CLIP', () => {
    expect([enlarged.length, resized.length]).toEqual([3, 19]);
  });

  test.each(enlarged)('bilinear $file', async ({ file, pil_bilinear_resized_to, pil_resized_rgb_sha256 }) => {
    const [width, height] = pil_bilinear_resized_to!;
    const { rgb } = resizeLikePillow(await decodeGolden(file), whole(width, height, 'bilinear'));
    expect(hash(rgb)).toBe(pil_resized_rgb_sha256);
  });

  test.each(resized)('bicubic $file', async ({ file, resized_width, resized_height, resized_rgb_sha256 }) => {
    const image = await decodeGolden(file);
    const { rgb } = resizeLikePillow(image, whole(resized_width, resized_height, 'bicubic'));
    expect(hash(rgb)).toBe(resized_rgb_sha256);
  });
});

describe('images made here', () => {
  const side = fc.integer({ min: 1, max: 600 });
  const filter = fc.constantFrom<PillowFilter>('bilinear', 'bicubic');

  test('every sampled byte is that of the slow reference, sides 1 to 600 to sides 1 to 600', () => {
    const places = fc.array(fc.tuple(fc.nat(599), fc.nat(599), fc.nat(2)), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(fc.tuple(side, side, side, side), filter, places, ([w, h, width, height], by, at) => {
        const image = paintNoise(w, h, w * 601 + h);
        const { rgb } = resizeLikePillow(image, whole(width, height, by));
        for (const [row, column, c] of [...at, [0, 0, 0], [height - 1, width - 1, 2]]) {
          const [y, x] = [row! % height, column! % width];
          const expected = pillowResize(channelOf(image, c!), by, [width, height]).at(y, x);
          expect(rgb[3 * (y * width + x) + c!]).toBe(expected);
        }
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  test.each<[number, number, number, number]>([
    [1, 1, 5, 3],
    [1, 37, 1, 9],
    [2, 3, 17, 2],
    [37, 1, 4, 6],
    [5, 5, 5, 5],
    [600, 2, 3, 2],
    [3, 90, 90, 1],
  ])('every byte of %i × %i to %i × %i', (w, h, width, height) => {
    for (const by of ['bilinear', 'bicubic'] as const) {
      const image = paintNoise(w, h);
      const { rgb } = resizeLikePillow(image, whole(width, height, by));
      const planes = [0, 1, 2].map((c) => pillowResize(channelOf(image, c), by, [width, height]));
      const expected = Array.from(rgb, (_, i) => {
        return planes[i % 3]!.at(Math.floor(i / 3 / width), Math.floor(i / 3) % width);
      });
      expect([...rgb]).toEqual(expected);
    }
  });

  test('black beside white overshoots to 0 and 255, not beyond', () => {
    const rgb = Uint8Array.from({ length: 3 * 40 }, (_, i) => (i < 60 ? 0 : 255));
    const resized = resizeLikePillow({ rgb, width: 40, height: 1 }, whole(140, 1, 'bicubic'));
    expect(Math.min(...resized.rgb)).toBe(0);
    expect(Math.max(...resized.rgb)).toBe(255);
  });

  test('chosen columns and rows are those of the whole', () => {
    const some = fc.tuple(fc.uniqueArray(fc.nat(149), { minLength: 1, maxLength: 40 }), side, filter);
    fc.assert(
      fc.property(some, fc.uniqueArray(fc.nat(99), { minLength: 1, maxLength: 40 }), ([x, w, by], y) => {
        const image = paintNoise(w, 80);
        const columns = x.toSorted((a, b) => a - b);
        const rows = y.toSorted((a, b) => a - b);
        const full = resizeLikePillow(image, whole(150, 100, by));
        const part = resizeLikePillow(image, { ...whole(150, 100, by), columns, rows });
        const expected = rows.flatMap((row) =>
          columns.flatMap((column) => [...full.rgb.subarray(3 * (150 * row + column)).subarray(0, 3)]),
        );
        expect(part).toMatchObject({ width: columns.length, height: rows.length });
        expect([...part.rgb]).toEqual(expected);
      }),
      { numRuns: 40, seed: 5 },
    );
  });

  test('a part of a result of 10¹² pixels takes no more than the part', () => {
    const image = paintNoise(200, 100);
    const at = [0, 1, 499_999, 999_999];
    const size = { filter: 'bilinear', width: 1_000_000, height: 1_000_000 } as const;
    const { rgb } = resizeLikePillow(image, { ...size, columns: at, rows: at });
    const corner = image.rgb.subarray(-3);
    expect([...rgb.subarray(0, 3)]).toEqual([...image.rgb.subarray(0, 3)]);
    expect([...rgb.subarray(-3)]).toEqual([...corner]);
  });
});

/** Fingerprints are of what a picture shows: the same from its file, from its thumbnail and from the scan, whatever its size and shape. */
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../../native-models/images/fingerprint.ts';
import { readFingerprint, writeThumbnails } from '../../../native-models/images/show.ts';
import { drawScene, encodeScene } from '../../support/make-images.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const folder = makeTempFolder();
const limits = { maxPixels: 64_000_000, maxBytes: 50_000_000 };

function likeness(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * b[at]!, 0);
}

/** Grey pixels of a brightness that is a function of where they lie, both from 0 to 1. */
function drawGrey(width: number, height: number, shade: (x: number, y: number) => number): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, at) =>
    Math.round(shade(((at % width) + 0.5) / width, (Math.floor(at / width) + 0.5) / height)),
  );
}

/** Where waves of brightness stand in a fingerprint: by half waves down, then across, the mean left out. */
function placeOfWave(across: number, down: number): number {
  let place = 0;
  for (let v = 0; v < down; v += 1) place += 10 - v;
  return place + across - 1;
}

describe('what stands in it', () => {
  test.each([
    [3, 0, 448, 448],
    [0, 5, 448, 252],
    [2, 4, 61, 300],
    [2, 1, 20, 20],
  ])(
    'a picture of one wave, %i across and %i down, has that wave alone (%i × %i px)',
    (across, down, width, height) => {
      const wave = (x: number, y: number) =>
        128 + 100 * Math.cos(across * Math.PI * x) * Math.cos(down * Math.PI * y);
      const found = fingerprintOf(drawGrey(width, height, wave), { width, height, channels: 1 });
      expect(found).toHaveLength(82);
      expect(found[placeOfWave(across, down)]).toBeGreaterThan(0.98);
    },
  );

  test('a picture of one colour has nothing', () => {
    const plain = new Uint8Array(40 * 30 * 3).fill(119);
    expect(new Set(fingerprintOf(plain, { width: 40, height: 30, channels: 3 }))).toEqual(new Set([0]));
  });

  test('what is transparent does not count, whatever colour lies under it', () => {
    const layout = { width: 64, height: 64, channels: 4 } as const;
    const scene = drawScene(2, layout);
    const [over, under] = [0, 255].map((hidden) => {
      const pixels = new Uint8Array(64 * 64 * 4);
      for (let at = 0; at < 64 * 64; at += 1) {
        const isSeen = at % 64 >= 16;
        pixels.set(isSeen ? scene.subarray(at * 3, at * 3 + 3) : [hidden, hidden, hidden], at * 4);
        pixels[at * 4 + 3] = isSeen ? 255 : 0;
      }
      return fingerprintOf(pixels, layout);
    });
    expect(over).toEqual(under);
  });
});

describe('where it comes from does not matter', () => {
  test.each([
    [1024, 768],
    [500, 900],
    [100, 80],
  ])('the scan, the file and its thumbnail tell the same of %i × %i px', async (width, height) => {
    const bytes = await encodeScene(5, { width, height });
    const path = join(folder, `${width}.png`);
    await sharp(bytes).toFile(path);
    const placeOf = (px: number) => join(folder, `${width}-${px}.webp`);
    const scanned = await writeThumbnails(bytes, limits, placeOf);
    expect(await readFingerprint(path, limits)).toEqual(scanned);
    expect(likeness(scanned, await readFingerprint(placeOf(448), limits))).toBeGreaterThan(0.999);
    const half = join(folder, `${width}-half.png`);
    await sharp(bytes)
      .resize(width / 2)
      .toFile(half);
    expect(likeness(scanned, await readFingerprint(half, limits))).toBeGreaterThan(0.99);
  });
});

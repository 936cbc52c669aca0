/** SAMA's sampling is that of the official code: bit for bit on the golden samples, by its definition elsewhere. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sampling } from '../../../contract/sampling.ts';
import { prepareSama } from '../../../native-models/preprocess/prepare-sama.ts';
import { planSama } from '../../../native-models/preprocess/sama-geometry.ts';
import { hasShared, sharedPath } from '../../support/shared.ts';
import { decodeGolden, type GoldenCase, hash, pick, readCases } from './golden-images.ts';
import { paintFormula, paintNoise, slowSama } from './slow-reference.ts';

interface SamaCase extends GoldenCase {
  val_float64_exact: number[];
  mean: number;
  tensor_float16_npy: string;
}

const modes: Sampling[] = ['sama', 'fragment', 'sama-spm'];

/** The half-precision numbers of an `.npy` file of version 1. */
function readHalves(path: string): Float16Array {
  const bytes = readFileSync(path);
  return new Float16Array(Uint8Array.from(bytes.subarray(10 + bytes.readUInt16LE(8))).buffer);
}

describe.skipIf(!hasShared)('golden images', () => {
  const cases = readCases<SamaCase>('sama');

  test('there are 19', () => expect(cases).toHaveLength(19));

  test.each(cases)('$file: 256 numbers bit for bit', async (golden) => {
    const tensor = prepareSama(await decodeGolden(golden.file));
    expect(pick(tensor, golden)).toEqual(golden.val.map(Math.fround));
  });

  test.each(cases)('$file: all numbers within the rounding of the half-precision copy', async (golden) => {
    const tensor = prepareSama(await decodeGolden(golden.file));
    const copy = readHalves(sharedPath(`golden/public/sama/${golden.tensor_float16_npy}`));
    expect(copy).toHaveLength(tensor.length);
    expect(tensor.findIndex((value, i) => Math.abs(value - copy[i]!) > 1e-3)).toBe(-1);
    const mean = tensor.reduce((sum, value) => sum + value, 0) / tensor.length;
    expect(mean).toBeCloseTo(golden.mean, 6);
  });
});

describe('sizes', () => {
  test('truncation makes 255 pixels of 14 sizes, and both versions are enlarged to 256', () => {
    const short = Array.from({ length: 255 }, (_, i) => i + 1).filter(
      (width) => planSama({ width, height: 300 }, 'sama').width === 255,
    );
    expect(short).toEqual([49, 98, 103, 107, 161, 187, 196, 197, 206, 214, 237, 239, 249, 253]);
    for (const width of short) {
      const { across } = planSama({ width, height: 300 }, 'sama');
      expect(across.scaled).toEqual(across.own);
      expect([across.own.low[0], across.own.high[255]]).toEqual([0, 254]);
    }
  });

  test.each([
    [641, 512, 320],
    [643, 512, 322],
    [640, 257, 638],
  ])('%i × %i is scaled to %i pixels across: halves go to the even number', (width, height, scaled) => {
    const { across } = planSama({ width, height }, 'sama');
    const inset = Math.trunc((Math.floor(scaled / 8) - 32) / 2);
    const expected = Math.fround(Math.fround(width / scaled) * (inset + 0.5) - 0.5);
    expect(across.scaled.low[0]! + across.scaled.highWeight[0]!).toBeCloseTo(expected, 4);
  });
});

describe('images made here', () => {
  /** Compares 40 numbers and the corners with the slow reference, to 2e-6 (its own mixing is in double precision). */
  function compare(width: number, height: number, seed: number): void {
    const image = paintNoise(width, height, seed);
    const mode = modes[seed % 3]!;
    const tensor = prepareSama(image, mode);
    const planes = [0, 1, 2].map((c) => slowSama(image, mode, c));
    for (let k = 0; k < 44; k++) {
      const [y, x] = k < 4 ? [255 * (k >> 1), 255 * (k & 1)] : [(k * 89 + seed) % 256, (k * 57 + seed) % 256];
      const difference = tensor[((k % 3) * 256 + y) * 256 + x]! - planes[k % 3]!.at(y, x);
      expect(Math.abs(difference), `${mode} ${width} × ${height} at ${y}, ${x}`).toBeLessThan(2e-6);
    }
  }

  test('sides 1 to 600 agree with the slow reference in all modes', () => {
    const side = fc.integer({ min: 1, max: 600 });
    fc.assert(fc.property(side, side, fc.nat(1_000_000), compare), { numRuns: 60, seed: 9 });
  });

  test.each([1, 2, 49, 98, 103, 107, 161, 196, 253, 254, 255, 256, 257, 511])(
    'a shorter side of %i agrees in all modes, upright and lying',
    (shorter) => {
      for (const seed of [0, 1, 2]) {
        compare(shorter, shorter, seed);
        compare(shorter, shorter * 2 + 1, seed);
        compare(shorter * 3 + 2, shorter, seed);
      }
    },
  );

  test('lines of 20,000 pixels', () => {
    compare(20_000, 1, 0);
    compare(1, 20_000, 1);
    compare(3, 20_000, 2);
  });

  test('256 × 256 is its own sampling in all modes', () => {
    const image = paintNoise(256, 256);
    const [sama, fragment, spm] = modes.map((mode) => prepareSama(image, mode));
    expect(sama).toEqual(fragment);
    expect(sama).toEqual(spm);
    expect(sama![256 + 7]).toBeCloseTo((image.rgb[3 * (256 + 7)]! / 255 - 0.485) / 0.229, 6);
  });

  test('the modes share the image at its own scale: windows of 32, patches of 4, everywhere', () => {
    const image = paintNoise(700, 500);
    const [sama, fragment, spm] = modes.map((mode) => prepareSama(image, mode));
    const own = (at: number, side: number) =>
      (Math.floor(at / 256 / side) + Math.floor((at % 256) / side)) % 2 === 0;
    for (let at = 0; at < 256 * 256; at++) {
      if (own(at, 32) && sama![at] !== fragment![at]) expect.fail(`sama at ${at}`);
      const like = own(at, 4) ? fragment! : sama!;
      if ((own(at, 4) || !own(at, 32)) && spm![at] !== like[at]) expect.fail(`sama-spm at ${at}`);
    }
    expect(sama).not.toEqual(fragment);
    expect(spm).not.toEqual(sama);
  });
});

/**
 * SHA-256 of the tensor that the steps of `SAMA.py` give of `paintFormula` with Pillow 9.4 and torch 1.13, where no sum is rounded in between:
 * `fragment` resamples nothing but images of 255 pixels, and was found equal for all of 52 sizes.
 */
const fromTorch: [mode: Sampling, width: number, height: number, sha256: string][] = [
  ['sama', 7, 5, 'bac886647707cba9a94d88fc4f64d7da5ba6fc0a899f689f57bd90fb060a2aad'],
  ['sama', 1, 1, '007ee8ef382aa93dd7eb82cbc3cbf8eadb61cf64605f9022da4dce513340a68d'],
  ['sama', 1, 9, '3d4bcd9b8d49d17979d25fe8c2747c024c8de1e0827cde9a23eba5e3ca947846'],
  ['sama', 9, 1, '9882f714b24db67190541490ef3a7a4323a0145c05e606a317304f5cf1b1b3db'],
  ['sama', 2, 60, 'ea996fc30b243cf0d87850cd4c5d8374261edb0deba1b46a5de77b9b0c9243f3'],
  ['sama', 3, 3, '1636408d6dfdf50659123be286445b3a49f109d8f52f8d8df3323c431fb3c2e0'],
  ['sama', 255, 257, '33fd5cb7678c71bc7e26dc01068f8db76de9248807c44d0d14d3f3a69a9c90bf'],
  ['sama', 223, 225, '7bd255ed9f3e35081bfdfeb2ff45fd885995c91579e9065270930ab63c58141a'],
  ['sama', 600, 60, '36cddbacc625f8168f6adcae426366e6ff28b3b932ccb0e06df6675956263062'],
  ['sama', 1000, 256, '575ed1400353a6a9531ff5d71c1f86a2682bc1d40e5c73e77c104df90f473f31'],
  ['fragment', 1, 1, '007ee8ef382aa93dd7eb82cbc3cbf8eadb61cf64605f9022da4dce513340a68d'],
  ['fragment', 7, 400, '199bab24f8af04b8c5473dabee76a8fcd6a16bf6588864215cad0afced2adb13'],
  ['fragment', 98, 100, 'd4a4bc871020cdb893ba10ce05083156302be2659f153b2cc5d6c4f43c5ae0b0'],
  ['fragment', 300, 49, 'a8b75bca6125126111a32c86ebf9de7e36f0ecba4910045ca3a94a19b6cee4b1'],
  ['fragment', 255, 257, '33fd5cb7678c71bc7e26dc01068f8db76de9248807c44d0d14d3f3a69a9c90bf'],
  ['fragment', 641, 512, 'a5782f9aa90a227954c85898a546961623ad36a401841072d748401ee00a6b87'],
  ['fragment', 1920, 1080, 'e86679bc4939be1adeec4d7fccde3109389c142c34b5de5f5f46fb1f6af768d8'],
  ['sama-spm', 1, 9, '3d4bcd9b8d49d17979d25fe8c2747c024c8de1e0827cde9a23eba5e3ca947846'],
  ['sama-spm', 7, 5, 'bac886647707cba9a94d88fc4f64d7da5ba6fc0a899f689f57bd90fb060a2aad'],
  ['sama-spm', 103, 103, 'aa664d52848db937ac8cfdc7929cac6977869d039f6755d46a5fe07da9297273'],
  ['sama-spm', 600, 60, '36cddbacc625f8168f6adcae426366e6ff28b3b932ccb0e06df6675956263062'],
  ['sama-spm', 1000, 256, '575ed1400353a6a9531ff5d71c1f86a2682bc1d40e5c73e77c104df90f473f31'],
];

test.each(fromTorch)(
  '%s, %i × %i pixels: the bits that Pillow and torch give',
  (mode, width, height, sha256) => {
    const tensor = prepareSama(paintFormula(width, height), mode);
    expect(hash(new Uint8Array(tensor.buffer))).toBe(sha256);
  },
);

/**
 * Eight numbers each of `sama-spm` of `paintFormula`, by Pillow 9.4 and numpy: the coordinates of torch 2.13 (rounded to float32 once), the
 * pixels mixed in float64. Of 52 sizes, all numbers were within 4e-7 (torch 1.13, which rounds coordinates twice: 2e-4).
 */
const fromNumpy: [width: number, height: number, idx: number[], val: number[]][] = [
  [
    49,
    300,
    [426, 186029, 81397, 19638, 7924, 8050, 57221, 119676],
    [0.12886696, -1.1453009, -0.96035507, -1.1421353, -1.5719255, 1.0508873, 1.2570501, -0.20237976],
  ],
  [
    643,
    512,
    [47148, 18110, 117619, 96572, 16148, 125280, 159065, 110422],
    [1.067169, 1.8036647, -0.17997196, 0.42981223, -0.37117907, 1.6232493, -0.077512945, -0.26750696],
  ],
  [
    768,
    1344,
    [159165, 196, 189158, 47554, 35350, 101939, 92012, 96521],
    [-0.77612197, -1.1246684, 1.9428324, 0.67343098, 0.074064627, 1.6757703, -0.21498597, 2.2885156],
  ],
  [
    1920,
    1080,
    [43704, 146789, 6979, 12596, 183030, 127418, 61243, 171810],
    [1.4269201, 0.75764722, 0.79330426, 0.97018963, 1.1194051, 1.1855743, 1.4338619, -0.16440568],
  ],
];

test.each(fromNumpy)('sama-spm, %i × %i pixels: within 1e-6', (width, height, idx, val) => {
  const tensor = prepareSama(paintFormula(width, height), 'sama-spm');
  idx.forEach((at, i) => {
    expect(Math.abs(tensor[at]! - val[i]!)).toBeLessThan(1e-6);
  });
});

/** CLIP's input is that of the official processor: bytes by SHA-256, numbers bit for bit. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutSquare, prepareClip, sizeForClip } from '../../../native-models/preprocess/prepare-clip.ts';
import { hasShared } from '../../support/shared.ts';
import { decodeGolden, type GoldenCase, hash, pick, readCases } from './golden-images.ts';
import { paintFormula, paintNoise, slowClipBytes } from './slow-reference.ts';

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

/** SHA-256 of the cut as Pillow 9.4 makes it of `paintFormula` (resize, bicubic; crop). */
const fromPillow: [width: number, height: number, sha256: string][] = [
  [7, 5, '6d6453ff80520f38eb9b912f92a0f250b21289903b1ecd034387c106fcff6038'],
  [1, 1, '45a90ae412d4cbef0f87a6242145b64697d494d30d4b251c9cb05fc0633e43c3'],
  [1, 9, '39ad2422951e5c3d297ea1adbd8d113e2f889220996380e25fd4aa3de38c999a'],
  [9, 1, '24a7a436f9835850dbd9765d892b655233a5c7d82135702e712e8602dbe33b18'],
  [2, 60, '76d0265de5ecfa6c35c182495b1ba0cb6a3c414a3590ccf748fa6c0f5d5256ec'],
  [3, 3, '492f08a1c7615b140a7ae2eb87c3dec81fc42805e224d9f8e441d518ead3ede4'],
  [255, 257, '68f6a4b75d9212bfbdadc4068575b7c22965603012c9e514fe440648c61e13c3'],
  [98, 103, 'a508c5dfd5382f9bcd960fb8fe4c1bfd1c0b2b998cce64ae2eb428b97754e80e'],
  [49, 161, '25415ba1d452b357eae9e534792f52f7ac6d32869dc12670fd67624441d86642'],
  [197, 249, 'ec5473e23c043229ef74151902efa05953edac5c6f7c92b983f68557ae6fc075'],
  [223, 225, '4f30f1074f16cb0143dc8917afd971cb4bf6d5ef762e39d7235c180146d3690c'],
  [600, 60, 'de3ccf1ac81fd5aa2ec4b8ce2c3eb69c495190dd00b01bc3499fa53464d550d3'],
  [333, 777, 'b37ae5b101cb2ed6100bb1f12112663cb30a03413078b11704eee5f1eab8662a'],
  [257, 1025, '883d9a8364335356b5650c77f4cebc0fc25565e33485238065f29fd431581101'],
  [1000, 256, 'ed821d2b4e45beb62db2da9dd97cd608391517f7d74a85221b0ea6c2596bcafc'],
  [2400, 1601, '3c6311b062d5cd8b75baf26f3a576636ed78e13c461ed94ab7131deee3b15997'],
];

test.each(fromPillow)('%i × %i pixels: the bytes that Pillow gives', (width, height, sha256) => {
  expect(hash(cutSquare(paintFormula(width, height), 224).rgb)).toBe(sha256);
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

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { spearman } from '../../core/maths/correlation.ts';
import { predictHead } from '../../core/maths/head.ts';
import { encodeHead } from '../../core/maths/head-codec.ts';
import { createRandom } from '../../core/maths/random.ts';
import { loadPacks } from '../../core/packs.ts';
import { measureFeatures } from '../../native-models/classic/features/features.ts';
import { featureSize } from '../../native-models/classic/features/workspace.ts';
import { resizeToSquare } from '../../native-models/classic/resize.ts';
import { decode, type RgbImage } from '../../native-models/images/decode.ts';
import { drawScene } from '../support/make-images.ts';
import { hasShared, sharedPath } from '../support/shared.ts';

const pack = loadPacks().get('classic')!;
const limits = { maxPixels: 1e8, maxBytes: 1e8 };

function predict(image: RgbImage, target = 'quality'): number {
  const { head } = pack.heads.find(({ about }) => about.target === target)!;
  return predictHead(head, measureFeatures(resizeToSquare(image, featureSize)), 1)[0]!;
}

test('the manifest names the weights that lie beside it, byte for byte, for quality and alignment', () => {
  expect(pack.heads.map(({ about }) => about.target).sort()).toEqual(['alignment', 'quality']);
  for (const { about, bytes, head } of pack.heads) {
    expect(
      createHash('sha256')
        .update(readFileSync(join(pack.folder, about.file)))
        .digest('hex'),
    ).toBe(about.sha256);
    expect(encodeHead(head).equals(bytes)).toBe(true);
    expect(head.length).toBe(pack.manifest.features.length);
    expect(head.kind).toBe(about.kind);
  }
});

test('the weights stay small enough for a download', () => {
  const sizeBytes = pack.heads.reduce((sum, { bytes }) => sum + bytes.length, 0);
  expect(sizeBytes).toBeLessThan(5_000_000);
});

test('cross-validated figures are above what is promised, clean and damaged', () => {
  const floors = { quality: 0.79, alignment: 0.62 };
  for (const [target, floor] of Object.entries(floors)) {
    const { figures } = pack.heads.find(({ about }) => about.target === target)!.about;
    expect(figures['clean']!.srcc).toBeGreaterThanOrEqual(floor);
    for (const condition of ['resized400', 'jpeg50']) {
      expect(figures['clean']!.srcc - figures[condition]!.srcc).toBeLessThanOrEqual(0.04);
    }
  }
});

test.each([
  ['a square', 512, 512],
  ['a large PNG', 1024, 1024],
  ['a wide picture', 900, 300],
  ['an icon', 64, 64],
])('%s gets finite values near the scale', (_, width, height) => {
  for (const seed of [1, 2]) {
    const picture = { rgb: drawScene(seed, { width, height }), width, height };
    for (const target of ['quality', 'alignment']) {
      const value = predict(picture, target);
      expect(value).toBeGreaterThan(-1);
      expect(value).toBeLessThan(6);
    }
  }
});

test('grey, black and white pictures get finite values', () => {
  for (const level of [0, 127, 255]) {
    const rgb = new Uint8Array(512 * 512 * 3).fill(level);
    expect(Number.isFinite(predict({ rgb, width: 512, height: 512 }))).toBe(true);
  }
});

interface TrainingRow {
  name: string;
  mos_quality: string;
}

describe.skipIf(!hasShared)('on AGIQA-3K', () => {
  const folder = 'data/agiqa-3k';
  const rows = hasShared
    ? parse<TrainingRow>(readFileSync(sharedPath(`${folder}/images.csv`)), { columns: true }).filter(
        (_, at) => at % 37 === 0,
      )
    : [];

  async function read(name: string): Promise<RgbImage> {
    return await decode(sharedPath(`${folder}/images/${name}`), limits);
  }

  async function change(image: RgbImage, how: (picture: Sharp) => Sharp): Promise<RgbImage> {
    const { width, height } = image;
    const raw = { width, height, channels: 3 as const };
    return await decode(await how(sharp(image.rgb, { raw })).toBuffer(), limits);
  }

  test('images it was trained on are ranked better than unseen ones', async () => {
    const predicted = new Float64Array(rows.length);
    for (const [at, { name }] of rows.entries()) predicted[at] = predict(await read(name));
    const mos = Float64Array.from(rows, (row) => Number(row.mos_quality));
    const { figures } = pack.heads.find(({ about }) => about.target === 'quality')!.about;
    expect(rows.length).toBeGreaterThan(60);
    expect(spearman(predicted, mos)).toBeGreaterThan(figures['clean']!.srcc + 0.03);
  });

  test('strong blur, coarse JPEG and heavy noise cost a good picture quality', async () => {
    const best = [...rows].sort((a, b) => Number(b.mos_quality) - Number(a.mos_quality)).slice(0, 4);
    const damages: [string, (image: RgbImage) => Promise<RgbImage>][] = [
      ['blur', (image) => change(image, (picture) => picture.blur(4).png())],
      ['JPEG', (image) => change(image, (picture) => picture.jpeg({ quality: 5 }))],
      [
        'noise',
        (image) => {
          const random = createRandom(1);
          const rgb = Uint8ClampedArray.from(image.rgb, (value) => value + 40 * random.normal());
          return Promise.resolve({ ...image, rgb: new Uint8Array(rgb.buffer) });
        },
      ],
    ];
    for (const [name, damage] of damages) {
      let lost = 0;
      for (const row of best) {
        const image = await read(row.name);
        lost += predict(image) - predict(await damage(image));
      }
      expect(lost / best.length, name).toBeGreaterThan(0.3);
    }
  });

  test('the same picture as a PNG of twice the size keeps its score within 0.3', async () => {
    for (const { name } of rows.slice(0, 5)) {
      const image = await read(name);
      const larger = await change(image, (picture) => picture.resize(1024, 1024).png());
      expect(Math.abs(predict(larger) - predict(image))).toBeLessThan(0.3);
    }
  });
});

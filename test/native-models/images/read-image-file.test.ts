/** Files that are read into the same memory, one after the other or at once, are each their own content. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { identifyFile } from '../../../native-models/images/identify.ts';
import { hashOf, withImageFile } from '../../../native-models/images/read-image-file.ts';
import { encodeScene } from '../../support/make-images.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const folder = makeTempFolder();
const limits = { maxPixels: 64_000_000, maxBytes: 64_000_000 };

const files = await Promise.all(
  (['png', 'jpeg', 'webp', 'avif', 'tiff', 'gif'] as const).flatMap((format) =>
    [900, 20, 300].map(async (px, seed) => {
      const bytes = await encodeScene(seed, { width: px, height: px }, format);
      const path = join(folder, `${px}.${format}`);
      writeFileSync(path, bytes);
      return { path, bytes };
    }),
  ),
);

test('small files after large ones and large after small are whole and no longer than they are', async () => {
  for (const { path, bytes } of [...files, ...files.toReversed()])
    expect(await withImageFile(path, limits, async (file) => Buffer.compare(file.bytes, bytes))).toBe(0);
});

test('pixels are of the file that was asked for, also where the memory held another of the same length', async () => {
  const [width, height] = [64, 48];
  for (const shade of [10, 90, 200]) {
    // Uncompressed: equal lengths.
    const background = { r: shade, g: shade, b: shade };
    const path = join(folder, 'shade.tiff');
    await sharp({ create: { width, height, channels: 3, background } })
      .tiff({ compression: 'none' })
      .toFile(path);
    const stats = await withImageFile(path, limits, ({ bytes }) => sharp(bytes).stats());
    expect(stats.channels[0]?.mean).toBe(shade);
  }
});

test('many at once share nothing', async () => {
  const identities = await Promise.all(files.map(({ path }) => identifyFile(path, limits)));
  expect(identities.map(({ hash }) => hash)).toEqual(files.map(({ bytes }) => hashOf(bytes)));
});

test('memory goes back when its user fails', async () => {
  const { path, bytes } = files[0]!;
  const fail = async () => {
    throw new Error('of its own');
  };
  await expect(withImageFile(path, limits, fail)).rejects.toThrow('of its own');
  expect(await withImageFile(path, limits, async (file) => hashOf(file.bytes))).toBe(hashOf(bytes));
});

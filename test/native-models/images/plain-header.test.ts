/** A header that is read without the decoder says what the decoder says, and a file that the decoder refuses is refused in the same words. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { describeFailure } from '../../../native-models/images/failures.ts';
import { identifyFile } from '../../../native-models/images/identify.ts';
import { readPlainHeader } from '../../../native-models/images/plain-header.ts';
import { encodeScene, withPngText } from '../../support/make-images.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const size = { width: 40, height: 24 };

/** Pixels of so many channels, each shade of them another one. */
function pixels(channels: 1 | 2 | 3 | 4) {
  const data = Uint8Array.from({ length: size.width * size.height * channels }, (_, at) => (at * 37) % 256);
  return sharp(data, { raw: { ...size, channels } });
}

const pngs = {
  grey: pixels(1).png(),
  'grey with alpha': pixels(2).png(),
  colour: pixels(3).png(),
  'colour with alpha': pixels(4).png(),
  interlaced: pixels(4).png({ progressive: true }),
  'a palette': pixels(3).png({ palette: true }),
  '16 bits': pixels(3).toColourspace('rgb16').png(),
};
const jpegs = {
  grey: pixels(1).toColourspace('b-w').jpeg(),
  colour: pixels(3).jpeg(),
  progressive: pixels(3).jpeg({ progressive: true }),
  CMYK: pixels(3).toColourspace('cmyk').jpeg(),
  'turned by its EXIF': pixels(3).jpeg().withMetadata({ orientation: 6 }),
};

describe('what the decoder says of the header', () => {
  test.each([
    ...Object.entries(pngs).map(([name, image]) => ['png', name, image] as const),
    ...Object.entries(jpegs).map(([name, image]) => ['jpeg', name, image] as const),
  ])('is said of a %s: %s', async (format, _, image) => {
    const bytes = await image.toBuffer();
    const { width, height, hasAlpha } = await sharp(bytes).metadata();
    expect(readPlainHeader(bytes, format)).toEqual({ width, height, hasAlpha });
  });

  test('stands behind texts, too', async () => {
    const png = withPngText(await pngs.colour.toBuffer(), 'parameters', 'a fox');
    expect(readPlainHeader(png, 'png')).toEqual({ ...size, hasAlpha: false });
  });
});

test('what only the decoder knows is left to it', async () => {
  const transparentColour = await pixels(4).png({ palette: true }).toBuffer();
  expect(readPlainHeader(transparentColour, 'png')).toBeNull();
  expect(readPlainHeader(await encodeScene(1, size, 'webp'), 'webp')).toBeNull();
  const jpeg = await jpegs.colour.toBuffer();
  const withRestartMarker = Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xd0]), jpeg.subarray(2)]);
  expect(readPlainHeader(withRestartMarker, 'jpeg')).toBeNull();
  for (let length = 0; length < 40; length += 1) {
    expect(readPlainHeader(jpeg.subarray(0, length), 'jpeg')).toBeNull();
    expect(readPlainHeader((await pngs.colour.toBuffer()).subarray(0, length), 'png')).toBeNull();
  }
});

describe('a file whose header the decoder refuses fails alike, whether its thumbnail is wanted or not', () => {
  const folder = makeTempFolder();
  const limits = { maxPixels: 64_000_000, maxBytes: 5_000_000 };
  const thumbnails = join(folder, 'thumbnails');
  mkdirSync(thumbnails);

  async function failureOf(path: string, to?: string) {
    return await identifyFile(path, limits, to).then(
      () => null,
      (error: unknown) => describeFailure(error),
    );
  }

  function withByte(bytes: Buffer, at: number, value: number): Buffer {
    const changed = Buffer.from(bytes);
    changed[at] = value;
    return changed;
  }

  test.each([
    ['a header longer than headers are', (png: Buffer) => withByte(png, 11, 14)],
    ['a bit depth that there is none of', (png: Buffer) => withByte(png, 24, 3)],
    ['a colour type that there is none of', (png: Buffer) => withByte(png, 25, 7)],
    ['no width', (png: Buffer) => withByte(png, 19, 0)],
    ['no chunk but the header', (png: Buffer) => png.subarray(0, 33)],
  ])('%s', async (name, damage) => {
    const path = join(folder, `${name}.png`);
    writeFileSync(path, damage(await pngs.colour.toBuffer()));
    const failure = await failureOf(path);
    expect(failure).toMatchObject({ code: 'damaged', message: expect.stringContaining('header') });
    expect(await failureOf(path, thumbnails)).toEqual(failure);
  });

  test('pixels that are cut off are no fault of the header', async () => {
    const png = await encodeScene(4, { width: 200, height: 200 });
    const path = join(folder, 'cut.png');
    writeFileSync(path, png.subarray(0, png.length / 2));
    expect(await failureOf(path)).toBeNull();
    expect(await failureOf(path, thumbnails)).toMatchObject({ code: 'damaged' });
  });
});

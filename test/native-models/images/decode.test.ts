/** The decoder gives Pillow's plain RGB, byte for byte, and refuses what is too large or damaged. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { decode } from '../../../native-models/images/decode.ts';
import { hasShared, readSharedJson, sharedPath } from '../../support/shared.ts';

const limits = { maxPixels: 64_000_000, maxBytes: 100_000_000 };
const golden = 'golden/public/images/';

interface GoldenImage {
  file: string;
  width: number;
  height: number;
  rgb_sha256: string;
}

describe.skipIf(!hasShared)('pixels equal Pillow’s convert("RGB") by SHA-256', () => {
  const images = hasShared ? readSharedJson<GoldenImage[]>(`${golden}index.json`) : [];

  test('all 19 golden images are listed', () => expect(images).toHaveLength(19));

  test.each(images)('$file', async ({ file, width, height, rgb_sha256 }) => {
    const image = await decode(sharedPath(golden + file), limits);
    expect([image.width, image.height]).toEqual([width, height]);
    expect(createHash('sha256').update(image.rgb).digest('hex')).toBe(rgb_sha256);
  });
});

describe('colour rules on files made here', () => {
  test('a byte buffer decodes like a file', async () => {
    const png = await solid(3, 2, { r: 10, g: 20, b: 30 }).png().toBuffer();
    const image = await decode(png, limits);
    expect(image).toMatchObject({ width: 3, height: 2 });
    expect([...image.rgb]).toEqual(Array.from({ length: 6 }, () => [10, 20, 30]).flat());
  });

  test('16-bit grey saturates at 255', async () => {
    const samples = new Uint16Array([0, 100, 255, 256, 40_000, 65_535]);
    const png = await sharp(samples, { raw: { width: 6, height: 1, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    const { rgb } = await decode(png, limits);
    expect([...rgb]).toEqual([0, 100, 255, 255, 255, 255].flatMap((grey) => [grey, grey, grey]));
  });

  test('16-bit grey with a transparent shade saturates as well; with an alpha channel it keeps the high byte', async () => {
    const shades = [50, 100, 256, 40_000];
    const grey = makeGrey16(0, shades, 50);
    expect([...(await decode(grey, limits)).rgb]).toEqual([50, 100, 255, 255].flatMap((v) => [v, v, v]));
    const withAlpha = makeGrey16(
      4,
      shades.flatMap((shade) => [shade, 65_535]),
    );
    expect([...(await decode(withAlpha, limits)).rgb]).toEqual([0, 0, 1, 156].flatMap((v) => [v, v, v]));
  });

  test('16-bit colour keeps the high byte', async () => {
    const samples = new Uint16Array([0x12ff, 0x3400, 0xffff]);
    const png = await sharp(samples, { raw: { width: 1, height: 1, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect([...(await decode(png, limits)).rgb]).toEqual([0x12, 0x34, 0xff]);
  });

  test('alpha is dropped, not composited', async () => {
    const pixels = new Uint8Array([200, 100, 50, 0, 1, 2, 3, 128]);
    const png = await sharp(pixels, { raw: { width: 2, height: 1, channels: 4 } })
      .png()
      .toBuffer();
    expect([...(await decode(png, limits)).rgb]).toEqual([200, 100, 50, 1, 2, 3]);
  });

  test('grey with alpha becomes three equal channels', async () => {
    const pixels = new Uint8Array([200, 7, 9, 255]);
    const png = await sharp(pixels, { raw: { width: 2, height: 1, channels: 2 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    expect([...(await decode(png, limits)).rgb]).toEqual([200, 200, 200, 9, 9, 9]);
  });

  /** 2 × 3 pixels a to f, and how Pillow 11.3 gives them (deflated TIFF, `np.asarray(Image.open(…).convert('RGB'))`). */
  test.each([
    [1, 2, 3, 'abcdef'],
    [2, 2, 3, 'badcfe'],
    [3, 2, 3, 'fedcba'],
    [4, 2, 3, 'efcdab'],
    [5, 3, 2, 'acebdf'],
    [6, 3, 2, 'ecafdb'],
    [7, 3, 2, 'fdbeca'],
    [8, 3, 2, 'bdface'],
  ])(
    'a TIFF of orientation %i is turned upright, as Pillow does; a PNG is not',
    async (orientation, width, height, letters) => {
      const grey = Uint8Array.from('abcdef', (letter) => letter.charCodeAt(0));
      const stored = () =>
        sharp(grey, { raw: { width: 2, height: 3, channels: 1 } }).withMetadata({ orientation });
      const tiff = await decode(await stored().tiff({ compression: 'deflate' }).toBuffer(), limits);
      const shown = String.fromCharCode(...tiff.rgb.filter((_, index) => index % 3 === 0));
      expect([tiff.width, tiff.height, shown]).toEqual([width, height, letters]);
      const png = await decode(await stored().png().toBuffer(), limits);
      expect([png.width, png.height]).toEqual([2, 3]);
    },
  );

  test('an animation gives its first frame', async () => {
    const frames = new Uint8Array([255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 255]);
    const gif = await sharp(frames, { raw: { width: 2, height: 2, channels: 3, pageHeight: 1 } })
      .gif()
      .toBuffer();
    const image = await decode(gif, limits);
    expect([image.width, image.height]).toEqual([2, 1]);
    expect([...image.rgb]).toEqual([255, 0, 0, 255, 0, 0]);
  });
});

describe('what is refused', () => {
  test('more pixels than the limit, before decoding', async () => {
    const png = await solid(40, 30, { r: 1, g: 2, b: 3 }).png().toBuffer();
    await expect(decode(png, { ...limits, maxPixels: 1199 })).rejects.toMatchObject({
      code: 'tooLarge',
      details: { width: 40, height: 30 },
    });
    await expect(decode(png, { ...limits, maxPixels: 1200 })).resolves.toMatchObject({ width: 40 });
  });

  test('more bytes than the limit, from a buffer and from a file', async () => {
    const png = await solid(40, 30, { r: 1, g: 2, b: 3 }).png().toBuffer();
    const folder = await mkdtemp(join(tmpdir(), 'decode-'));
    try {
      await writeFile(join(folder, 'a.png'), png);
      for (const source of [png, join(folder, 'a.png')]) {
        const tooSmall = { ...limits, maxBytes: png.length - 1 };
        await expect(decode(source, tooSmall)).rejects.toMatchObject({ code: 'tooLarge' });
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('empty, truncated and foreign bytes, and a missing file', async () => {
    const noise = sharp({
      create: {
        width: 300,
        height: 300,
        channels: 3,
        background: 'black',
        noise: { type: 'gaussian', sigma: 30 },
      },
    });
    const jpeg = await noise.clone().jpeg().toBuffer();
    const png = await noise.clone().png().toBuffer();
    const sources = [
      new Uint8Array(0),
      jpeg.subarray(0, jpeg.length >> 1),
      png.subarray(0, png.length >> 1),
      Buffer.from('not an image'),
      join(tmpdir(), 'does-not-exist.png'),
    ];
    for (const source of sources) {
      await expect(decode(source, limits)).rejects.toMatchObject({ code: 'unreadable' });
    }
  });
});

/** A PNG of one row. @param colourType 0 grey, 4 grey with alpha */
function makeGrey16(colourType: 0 | 4, samples: readonly number[], transparent?: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const named = Buffer.concat([Buffer.from(type), data]);
    const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    checksum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, checksum]);
  };
  const pair = (value: number) => Buffer.from([value >> 8, value & 255]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(colourType === 0 ? samples.length : samples.length / 2, 0);
  header.writeUInt32BE(1, 4);
  header.set([16, colourType], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    ...(transparent === undefined ? [] : [chunk('tRNS', pair(transparent))]),
    chunk('IDAT', deflateSync(Buffer.concat([Buffer.from([0]), ...samples.map(pair)]))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function solid(width: number, height: number, background: { r: number; g: number; b: number }): Sharp {
  return sharp({ create: { width, height, channels: 3, background } });
}

/** Text hidden in pixels is found in each of the four layouts, whatever the image's shape, and nowhere else. */
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { readMetadata } from '../../../../native-models/images/metadata/metadata.ts';
import { readStealthText } from '../../../../native-models/images/metadata/stealth.ts';

const text = 'a red fox, 雪\nNegative prompt: fog\nSteps: 5, Sampler: Euler, Seed: 7';

interface Hidden {
  signature: string;
  width: number;
  height: number;
  /** 3: no alpha channel. */
  channels: 3 | 4;
}

/** A grey image with the text in its lowest bits: down each column, then the next column to the right. */
async function hide({ signature, width, height, channels }: Hidden): Promise<Buffer> {
  const payload = signature.endsWith('comp') ? gzipSync(text) : Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(payload.length * 8);
  const bits = [...Buffer.concat([Buffer.from(signature), length, payload])].flatMap((byte) =>
    [7, 6, 5, 4, 3, 2, 1, 0].map((place) => (byte >> place) & 1),
  );
  const pixels = Buffer.alloc(width * height * channels, 254);
  const used = signature.startsWith('stealth_rgb') ? [0, 1, 2] : [3];
  for (const [at, bit] of bits.entries()) {
    const pixel = Math.floor(at / used.length);
    const place = (pixel % height) * width + Math.floor(pixel / height);
    pixels[place * channels + used[at % used.length]!]! += bit;
  }
  return await sharp(pixels, { raw: { width, height, channels } }).png().toBuffer();
}

describe('hidden text', () => {
  const shapes = [
    { width: 40, height: 48 },
    { width: 8, height: 1500 },
    { width: 1500, height: 3 },
    { width: 64, height: 152 },
  ];
  test.each([
    ['stealth_pnginfo', 4],
    ['stealth_pngcomp', 4],
    ['stealth_rgbinfo', 3],
    ['stealth_rgbcomp', 3],
    ['stealth_rgbcomp', 4],
  ] as const)('%s in %i channels is read in low, wide and high images', async (signature, channels) => {
    for (const shape of shapes) {
      const bytes = await hide({ signature, channels, ...shape });
      const layout = { ...shape, hasAlpha: channels === 4 };
      expect(await readStealthText(bytes, layout)).toBe(text);
      expect(await readMetadata(bytes, layout)).toMatchObject({
        ...{ prompt: 'a red fox, 雪', negativePrompt: 'fog', seed: '7', steps: 5 },
      });
    }
  });

  test('is not looked for in a JPEG, and is null in an image that hides none or is smaller than a signature', async () => {
    const [width, height] = [40, 48];
    const plain = sharp({ create: { width, height, channels: 3, background: 'grey' } });
    const layout = { width, height, hasAlpha: false };
    expect(await readStealthText(await plain.clone().png().toBuffer(), layout)).toBeNull();
    expect(await readMetadata(await plain.clone().jpeg().toBuffer(), layout)).toBeNull();
    const dot = await sharp({ create: { width: 2, height: 1, channels: 4, background: '#fff0' } })
      .png()
      .toBuffer();
    expect(await readStealthText(dot, { width: 2, height: 1, hasAlpha: true })).toBeNull();
  });

  test('whose length goes beyond the image gives what is there, or null where that is no whole archive', async () => {
    const shape = { width: 16, height: 16 };
    const bytes = await sharp(
      await hide({ signature: 'stealth_pngcomp', width: 40, height: 48, channels: 4 }),
    )
      .extract({ left: 0, top: 0, ...shape })
      .png()
      .toBuffer();
    expect(await readStealthText(bytes, { ...shape, hasAlpha: true })).toBeNull();
  });
});

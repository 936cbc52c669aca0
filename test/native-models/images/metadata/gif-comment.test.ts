/** Parameters in the comment of a GIF are found, behind its picture, too, and broken blocks end the looking. */
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { readGifComment } from '../../../../native-models/images/metadata/gif-comment.ts';
import { readMetadata } from '../../../../native-models/images/metadata/metadata.ts';

const parameters = `a red fox, ${'very '.repeat(80)}red\nSteps: 20, Sampler: Euler a, Seed: 7`;
let gif: Buffer;
beforeAll(async () => {
  gif = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .gif()
    .toBuffer();
});

function comment(text: string): Buffer {
  const bytes = Buffer.from(text);
  const parts = Array.from({ length: Math.ceil(bytes.length / 255) }, (_, at) =>
    bytes.subarray(at * 255, at * 255 + 255),
  );
  return Buffer.concat([
    Buffer.from([0x21, 0xfe]),
    ...parts.flatMap((part) => [Buffer.from([part.length]), part]),
    Buffer.from([0]),
  ]);
}

test('before the end of the file, in several parts', async () => {
  const bytes = Buffer.concat([gif.subarray(0, -1), comment(parameters), Buffer.from([0x3b])]);
  expect(readGifComment(bytes)).toBe(parameters);
  expect(await readMetadata(bytes, null)).toMatchObject({ tool: 'AUTOMATIC1111', seed: '7', steps: 20 });
});

test('not where there is none, the file is cut off or it is no GIF', () => {
  expect(readGifComment(gif)).toBeNull();
  for (let length = 0; length < gif.length; length++)
    expect(readGifComment(gif.subarray(0, length))).toBeNull();
  expect(readGifComment(Buffer.from('no GIF at all, whatever'))).toBeNull();
});

/** A file is what its bytes are; what cannot be scored is refused before any pixel is decoded, with a reason for people. */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeFailure } from '../../../native-models/images/failures.ts';
import { identifyFile } from '../../../native-models/images/identify.ts';
import type { FileFailure } from '../../../native-models/messages.ts';
import { encodeScene, withPngText } from '../../support/make-images.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const folder = makeTempFolder();

const limits = { maxPixels: 64_000_000, maxBytes: 5_000_000 };
const size = { width: 40, height: 24 };

function write(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function failureOf(path: string, bounds = limits): Promise<FileFailure> {
  try {
    await identifyFile(path, bounds);
  } catch (error) {
    return describeFailure(error);
  }
  throw new Error('It was accepted.');
}

/** A PNG's signature and header alone, stating any size. */
function pngHeader(width: number, height: number): Buffer {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
    'base64',
  );
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  return png;
}

describe('a file that is an image', () => {
  test.each(['png', 'jpeg', 'webp', 'avif', 'tiff', 'gif'] as const)(
    '%s is known by its bytes whatever its name says',
    async (format) => {
      const bytes = await encodeScene(3, size, format);
      const identity = await identifyFile(write(`really-${format}.txt.png`, bytes), limits);
      const hash = createHash('sha256').update(bytes).digest('hex');
      expect(identity).toEqual({ hash, sizeBytes: bytes.length, format, ...size, metadata: null });
    },
  );

  test('its prompt and settings come with it', async () => {
    const text = 'a fox\nNegative prompt: blur\nSteps: 9, Sampler: Euler, Seed: 18446744073709551557';
    const png = withPngText(await encodeScene(1, size), 'parameters', text);
    expect((await identifyFile(write('prompt.png', png), limits)).metadata).toMatchObject({
      prompt: 'a fox',
      negativePrompt: 'blur',
      seed: '18446744073709551557',
      steps: 9,
    });
  });

  test('a name that is not UTF-8 is read by its bytes', async () => {
    const path = Buffer.concat([
      Buffer.from(`${folder}/`),
      Buffer.from([0x66, 0xf6, 0x78]),
      Buffer.from('.png'),
    ]);
    writeFileSync(path, await encodeScene(2, size));
    expect((await identifyFile(path, limits)).format).toBe('png');
  });
});

describe('a file that is refused, with a reason', () => {
  test('zero bytes', async () => {
    expect(await failureOf(write('empty.png', ''))).toEqual({
      code: 'empty',
      message: 'The file is empty (0 bytes).',
    });
  });

  test.each([
    ['a text called .png', 'just words', /plain text/],
    ['a web page called .jpg', '<!DOCTYPE html><title>404</title>', /web page/],
    ['an SVG called .png', '<svg xmlns="http://www.w3.org/2000/svg"/>', /SVG/],
    ['a PDF called .png', '%PDF-1.7', /PDF/],
    ['unknown bytes', Buffer.from([1, 2, 3, 255, 254, 0, 9]), /unknown data/],
  ])('%s', async (name, content, words) => {
    const failure = await failureOf(write(`${name.replaceAll(' ', '-')}.png`, content));
    expect(failure).toEqual({ code: 'unsupported', message: expect.stringMatching(words) });
  });

  test('30,000 × 30,000 pixels: by the header, with the numbers', async () => {
    const failure = await failureOf(write('huge.png', pngHeader(30_000, 30_000)));
    expect(failure.code).toBe('tooManyPixels');
    expect(failure.message).toContain('30000 × 30000');
    expect(failure.message).toContain('64000000');
  });

  test('more bytes than the limit: without reading them', async () => {
    const failure = await failureOf(write('fat.png', await encodeScene(1, size)), {
      ...limits,
      maxBytes: 100,
    });
    expect(failure.code).toBe('tooManyBytes');
    expect(failure.message).toMatch(/limit is 100/);
  });

  test('a header cut off after the signature', async () => {
    const bytes = (await encodeScene(1, size)).subarray(0, 20);
    expect((await failureOf(write('cut.png', bytes))).code).toBe('damaged');
  });

  test('a folder and a named pipe called .png: nothing waits for them', async () => {
    const path = join(folder, 'folder.png');
    mkdirSync(path);
    expect(await failureOf(path)).toMatchObject({ message: 'It is not a regular file.' });
    const pipe = join(folder, 'pipe.png');
    execFileSync('mkfifo', [pipe]);
    expect(await failureOf(pipe)).toMatchObject({ message: 'It is not a regular file.' });
  });

  test('a file that is gone', async () => {
    const failure = await failureOf(join(folder, 'gone.png'));
    expect(failure).toEqual({
      code: 'unreadable',
      message: 'The file cannot be read: it is not there any more.',
    });
  });

  test('an error of ours is not blamed on the file, so that it is tried again', () => {
    expect(describeFailure(new TypeError('x is\n not a function'))).toEqual({
      code: 'internal',
      message: 'x is not a function',
    });
  });

  test('identifying changes nothing of the file', async () => {
    const bytes = await encodeScene(5, size);
    const path = write('same.png', bytes);
    await identifyFile(path, limits);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });
});

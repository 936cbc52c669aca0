/** Files that are read into the same memory, one after the other or at once, are each their own content. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

/** Writes to a file over and over, in a process of its own; stops when `stop` is called. */
async function keepWriting(path: string, how: string): Promise<() => Promise<void>> {
  const script = `const fs = require('node:fs'); const file = fs.openSync(${JSON.stringify(path)}, 'r+');
    let at = fs.fstatSync(file).size; process.stdout.write('writing');
    for (;;) ${how};`;
  const writer = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(writer.stdout, 'data');
  return async () => {
    writer.kill('SIGKILL');
    await once(writer, 'exit');
  };
}

test.each([
  ['grows', "{ fs.writeSync(file, 'x', at); at += 1; }"],
  [
    'is written over',
    "{ fs.writeSync(file, 'x', at - 1); fs.futimesSync(file, Date.now() / 1000, Date.now() / 1000); }",
  ],
])('a file that %s while it is read is no image, and is one again when it rests', async (_name, how) => {
  const path = join(folder, 'growing.png');
  writeFileSync(path, Buffer.concat([files[0]!.bytes, Buffer.alloc(40_000_000)]));
  const stop = await keepWriting(path, how);
  const whileWritten = await identifyFile(path, limits).catch((error: unknown) => error);
  await stop();
  expect(whileWritten).toMatchObject({
    code: 'unreadable',
    message: expect.stringContaining('was being written while it was read'),
  });
  expect(await identifyFile(path, limits)).toMatchObject({ format: 'png' });
});

test.skipIf(process.platform === 'win32')('a pipe that took a file’s name keeps nobody waiting', async () => {
  const path = join(folder, 'pipe.png');
  await once(spawn('mkfifo', [path]), 'exit');
  await expect(identifyFile(path, limits)).rejects.toMatchObject({ message: 'It is not a regular file.' });
});

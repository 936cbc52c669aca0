/** Prompts in text files beside images are read in the encodings that editors write, bounded, and never stop a run. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readSidecarPrompt } from '../../core/sidecar.ts';

const folder = mkdtempSync(join(tmpdir(), 'sidecar-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const text = 'ein Fuchs, façade, 雪 🦊';
const utf16le = Buffer.from(`\ufeff${text}`, 'utf16le');

test.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
  ['UTF-16 little endian with a mark', utf16le],
  ['UTF-16 big endian with a mark', Buffer.from(utf16le).swap16()],
  ['UTF-16 without a mark', utf16le.subarray(2)],
])('%s', async (name, bytes) => {
  expect(await readSidecarPrompt(write(`${name}.txt`, bytes))).toBe(text);
});

test('lines are kept, with LF, and the ends are trimmed', async () => {
  expect(await readSidecarPrompt(write('lines.txt', '\r\n a fox \r\nin snow\r\n\r\n'))).toBe(
    'a fox \nin snow',
  );
});

test('an empty file has no prompt', async () => {
  expect(await readSidecarPrompt(write('empty.txt', ' \n\t'))).toBeNull();
});

test('a file of gigabytes would be read to its bound only', async () => {
  const prompt = await readSidecarPrompt(write('long.txt', 'x'.repeat(3_000_000)));
  expect(prompt?.length).toBe(100_000);
});

test('what is not there, a folder and a named pipe have no prompt and nothing waits', async () => {
  expect(await readSidecarPrompt(join(folder, 'gone.txt'))).toBeNull();
  mkdirSync(join(folder, 'folder.txt'));
  expect(await readSidecarPrompt(join(folder, 'folder.txt'))).toBeNull();
  execFileSync('mkfifo', [join(folder, 'pipe.txt')]);
  expect(await readSidecarPrompt(join(folder, 'pipe.txt'))).toBeNull();
});

test('GB18030, as Chinese editors write it', async () => {
  const bytes = Buffer.from('d2bbd6bbbaecbafcc0ea', 'hex');
  expect(await readSidecarPrompt(write('chinese.txt', bytes))).toBe('一只红狐狸');
});

test('of parameters that are written beside an image the prompt is taken', async () => {
  const parameters = 'a fox,\nin snow\nNegative prompt: fog\nSteps: 20, Sampler: Euler a, Seed: 7';
  expect(await readSidecarPrompt(write('parameters.txt', parameters))).toBe('a fox,\nin snow');
  const without = 'a fox\nSteps: 20, Sampler: Euler a, Seed: 7';
  expect(await readSidecarPrompt(write('without.txt', without))).toBe('a fox');
});

test('a file that is no text, whatever its name, has no prompt; a text that is cut within a character has', async () => {
  expect(
    await readSidecarPrompt(
      write('binary.txt', Buffer.from(Uint8Array.from({ length: 2560 }, (_, at) => at))),
    ),
  ).toBeNull();
  expect(await readSidecarPrompt(write('cut.txt', `x${'雪'.repeat(40_000)}`))).toMatch(/^x雪+$/);
});

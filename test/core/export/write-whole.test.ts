/** Files that are there whole or not at all, whatever happens to their export; in bounded memory, however many rows they have. */
import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeWhole } from '../../../core/export/write-whole.ts';
import { addImages } from '../../support/add-images.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';

let opened: TestStudio;
let imageIds: number[];
beforeAll(() => {
  opened = openTestStudio();
  imageIds = addImages(opened.studio, 3);
});
afterAll(async () => await opened.close());

describe('a file', () => {
  /** Fails after its first piece, as a disk does. */
  function* failing(code: string): Generator<string> {
    yield 'half';
    throw Object.assign(new Error(`${code}: write`), { code });
  }

  test.each([
    ['ENOSPC', 'diskFull', /is full.*choose another folder/],
    ['EACCES', 'unreadable', /cannot be written in/],
    ['EIO', 'unreadable', /EIO: write/],
  ])('that cannot be written (%s) leaves what was there before', async (code, expected, message) => {
    const folder = opened.folder('failing');
    const path = join(folder, 'a.csv');
    writeFileSync(path, 'before');
    await expect(writeWhole(failing(code), path)).rejects.toMatchObject({
      code: expected,
      message: expect.stringMatching(message),
    });
    expect(readdirSync(folder)).toEqual(['a.csv']);
    expect(readFileSync(path, 'utf8')).toBe('before');
  });

  test('that is written replaces what was there before', async () => {
    const path = join(opened.folder('written'), 'a.csv');
    writeFileSync(path, 'before');
    await writeWhole(['one', 'two'], path);
    expect(readFileSync(path, 'utf8')).toBe('onetwo');
  });

  test('that somebody else put there meanwhile stays, where nobody said to replace it', async () => {
    const path = join(opened.folder('meanwhile'), 'a.csv');
    function* content(): Generator<string> {
      yield 'ours';
      writeFileSync(path, 'theirs');
    }
    await expect(writeWhole(content(), path, { mayReplace: false })).rejects.toMatchObject({
      code: 'unreadable',
      message: expect.stringMatching(/has come there meanwhile/),
    });
    expect(readFileSync(path, 'utf8')).toBe('theirs');
    expect(readdirSync(dirname(path))).toEqual(['a.csv']);
    await writeWhole(['ours'], path);
    expect(readFileSync(path, 'utf8')).toBe('ours');
  });

  test('whose folder is taken away meanwhile is told so', async () => {
    const folder = opened.folder('away');
    function* content(): Generator<string> {
      yield 'ours';
      rmSync(folder, { recursive: true });
    }
    await expect(writeWhole(content(), join(folder, 'a.csv'))).rejects.toMatchObject({
      message: expect.stringMatching(/its folder is not there any more/),
    });
  });

  test('is called as long as the disk allows, in any script', async () => {
    const path = join(opened.folder('long'), `${'狐'.repeat(80)}.csv`);
    await writeWhole(['one'], path);
    expect(readFileSync(path, 'utf8')).toBe('one');
  });
});

describe('100,000 rows pass through a heap of 64 MB', () => {
  const script = fileURLToPath(new URL('../../support/encode-many-rows.ts', import.meta.url));
  /** A process of its own: one that runs out of memory is ended by the system, and would take this one with it as a thread. */
  async function encodeIn(format: string): Promise<number> {
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...['--max-old-space-size=64', script, format, '100000'],
    ]);
    return Number(stdout);
  }

  test.each(['csv', 'jsonl', 'xlsx', 'parquet'])('as %s', async (format) => {
    expect(await encodeIn(format)).toBeGreaterThan(1_000_000);
  });

  test('which could not hold them', async () => {
    await expect(encodeIn('held')).rejects.toMatchObject({
      stderr: expect.stringContaining('heap out of memory'),
    });
  });
});

describe('an export that does not come to its end', () => {
  const many = () => Array.from({ length: 1_000_000 }, (_, at) => imageIds[at % imageIds.length]!);

  test.each(['csv', 'jsonl', 'xlsx', 'parquet'] as const)(
    'because it is cancelled, leaves nothing of its %s',
    async (format) => {
      const empty = opened.folder('cancelled');
      const name = `a.${format}`;
      const choice = { kind: 'images' as const, imageIds: many() };
      const order = { choice, columns: [{ key: 'name' }, { key: 'prompt' }], format };
      const job = await opened.client.exports.start({ ...order, destination: join(empty, name) });
      await expect(opened.client.exports.start(order)).rejects.toMatchObject({ code: 'conflict' });
      await expect.poll(() => opened.studio.jobs.running('export')?.progress.done).toBeGreaterThan(0);
      expect(readdirSync(empty)).toHaveLength(1);
      expect(existsSync(join(empty, name))).toBe(false);
      expect(await opened.client.jobs.cancel({ id: job.id })).toMatchObject({
        state: 'cancelled',
        error: null,
      });
      expect(readdirSync(empty)).toEqual([]);
    },
  );

  test('because the studio is killed, leaves no file under its name, and the next start takes the rest away', async () => {
    const library = opened.folder('library');
    const first = openTestStudio({ libraryFolder: library });
    addImages(first.studio, 3);
    await first.close();
    const out = opened.folder('killed');
    const script = fileURLToPath(new URL('../../support/export-endlessly.ts', import.meta.url));
    const child = spawn(process.execPath, [script, library, join(out, 'a.jsonl')], { stdio: 'ignore' });
    await expect.poll(() => readdirSync(out).length, { timeout: 100_000 }).toBe(1);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    expect(readdirSync(out)).toEqual([expect.stringMatching(/^\.a\.jsonl\.[0-9a-f]{8}\.partial$/)]);
    const again = openTestStudio({ libraryFolder: library });
    expect(readdirSync(out)).toEqual([]);
    expect(again.studio.jobs.list()[0]).toMatchObject({ kind: 'export', state: 'interrupted' });
    await again.close();
  });
});

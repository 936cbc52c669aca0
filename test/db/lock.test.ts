/** One studio a library folder, whatever happens to the one that holds it. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { lockLibrary } from '../../db/lock.ts';
import { canMount, mountSmall } from '../support/small-disk.ts';
import { makeTemporaryFolder } from './temporary-database.ts';

const lockFile = fileURLToPath(new URL('../../db/lock.ts', import.meta.url));
const here = { door: 'cli', pid: process.pid, since: '2026-01-01T00:00:00.000Z' };

/** Another process that holds the lock until it is killed. */
async function holdElsewhere(folder: string): Promise<{ kill: () => Promise<void> }> {
  const script = `
    const { lockLibrary } = await import(${JSON.stringify(lockFile)});
    const lock = lockLibrary(${JSON.stringify(folder)}, { door: 'web', pid: process.pid, since: 'noon' });
    lock.tellAddress('http://127.0.0.1:7430/');
    process.stdout.write('held');
    setInterval(() => lock, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

test('a second studio in the same process is refused until the first one lets go', () => {
  const folder = makeTemporaryFolder();
  const first = lockLibrary(folder, here);
  expect(() => lockLibrary(folder, here)).toThrow(expect.objectContaining({ code: 'libraryLocked' }));
  first.release();
  lockLibrary(folder, here).release();
});

test('a studio in another process is named with its door, its process and where it answers', async () => {
  const folder = makeTemporaryFolder();
  const other = await holdElsewhere(folder);
  expect(() => lockLibrary(folder, here)).toThrow(
    expect.objectContaining({
      code: 'libraryLocked',
      message: expect.stringMatching(/web door .*It answers at http:\/\/127\.0\.0\.1:7430\//),
    }),
  );
  await other.kill();
});

test('a killed holder leaves no lock behind', async () => {
  const folder = makeTemporaryFolder();
  const other = await holdElsewhere(folder);
  await other.kill();
  const lock = lockLibrary(folder, here);
  const holder = JSON.parse(readFileSync(join(folder, 'studio.lock.json'), 'utf8'));
  expect(holder).toEqual({ ...here, address: null });
  lock.release();
});

test('a folder that is not there is said to be unusable', () => {
  const folder = join(makeTemporaryFolder(), 'missing');
  expect(() => lockLibrary(folder, here)).toThrow();
});

test('a folder whose notes cannot be written is said to be unusable, and is not held', () => {
  const folder = makeTemporaryFolder();
  const blocked = join(folder, 'studio.lock.json');
  mkdirSync(blocked);
  expect(() => lockLibrary(folder, here)).toThrow(
    expect.objectContaining({
      code: 'unreadable',
      message: expect.stringContaining(`${folder} cannot be written to`),
    }),
  );
  rmSync(blocked, { recursive: true });
  lockLibrary(folder, here).release();
});

test.skipIf(!canMount)('a folder on a disk that can only be read is refused with that and what to do', () => {
  const folder = makeTemporaryFolder();
  const unmount = mountSmall(folder, 'size=1m')!;
  onTestFinished(unmount);
  lockLibrary(folder, here).release();
  execFileSync('mount', ['-o', 'remount,ro', folder]);
  expect(() => lockLibrary(folder, here)).toThrow(
    expect.objectContaining({
      code: 'unreadable',
      message: expect.stringMatching(/its disk can only be read .*Make it writable, or copy the folder/),
    }),
  );
});

/** A drive that leaves while its files are looked at: the run ends with words, nothing is missing, and it goes on when the drive is back. */
import { mkdirSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeScene } from '../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

let opened: TestStudio;
beforeEach(() => {
  opened = openTestStudio();
});
afterEach(async () => await opened.close());

const files = 30;

test.each(['gone', 'left empty, as a mount point is'])('is told when the folder is %s', async (how) => {
  const { client, studio } = opened;
  const folder = join(opened.folder('disk'), 'images');
  mkdirSync(folder);
  for (let at = 0; at < files; at++) {
    writeFileSync(join(folder, `${at}.png`), await encodeScene(at, { width: 64, height: 48 }));
  }
  const job = await client.library.score({ folder });
  const done = () => studio.jobs.running('score')?.progress.done ?? files;
  await expect.poll(done, { timeout: 20_000, interval: 5 }).toBeGreaterThan(0);
  renameSync(folder, `${folder} away`);
  if (how !== 'gone') mkdirSync(folder);
  const end = await opened.finish(job);
  expect(end).toMatchObject({ state: 'failed', error: { code: 'unreadable' } });
  const [root] = await client.library.roots();
  expect(root).toMatchObject({ missing: 0, failed: 0, isReachable: false });
  if (how !== 'gone') rmdirSync(folder);
  renameSync(`${folder} away`, folder);
  const again = await opened.finish(client.library.score({ folder }));
  expect(again.summary).toMatchObject({ failed: 0, missing: 0 });
  expect((again.summary?.scored ?? 0) + (again.summary?.skipped ?? 0)).toBe(files);
});

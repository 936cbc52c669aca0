/** A disk that gets full, or can only be read, while the studio is open: it says so, goes on, and what was stored stays. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { coverFolder } from '../../core/cover-folder.ts';
import { thumbnailFolder } from '../../core/http/serve-image.ts';
import { encodeScene } from '../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

let opened: TestStudio;
beforeEach(() => {
  opened = openTestStudio();
});
afterEach(async () => await opened.close());

async function writeImages(count: number): Promise<string> {
  const folder = opened.folder('images');
  for (let at = 0; at < count; at++) {
    writeFileSync(join(folder, `${at}.png`), await encodeScene(at, { width: 40, height: 30 }));
  }
  return folder;
}

/** SQLite takes a database that may not grow as it takes a full disk. */
function limitPages(pages: number): void {
  opened.studio.db.sqlite.pragma(`max_page_count = ${pages}`);
}

test('fails the job with words, its end is told though it cannot be written, and the next run goes on', async () => {
  const folder = await writeImages(12);
  const { client, studio } = opened;
  limitPages(Number(studio.db.sqlite.pragma('page_count', { simple: true })));
  const end = await opened.finish(client.library.score({ folder }));
  expect(end).toMatchObject({ state: 'failed', error: { code: 'diskFull' } });
  expect((await client.jobs.list())[0]).toMatchObject({ id: end.id, state: 'failed' });
  await expect(client.library.score({ folder })).resolves.toMatchObject({ state: 'running' });
  await studio.jobs.cancel(studio.jobs.running('score')!.id);
  limitPages(1_000_000);
  const again = await opened.finish(client.library.score({ folder }));
  expect((again.summary?.scored ?? 0) + (again.summary?.skipped ?? 0)).toBe(12);
});

test('thumbnails that cannot be written are no fault of the pictures', async () => {
  const folder = await writeImages(2);
  const { client, studio } = opened;
  const { root } = coverFolder(studio.db, { path: folder, recursive: true }, 1);
  const place = thumbnailFolder(studio);
  rmSync(place, { recursive: true, force: true });
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, 'a file where the folder was');
  const end = await opened.finish(client.library.rescan({ id: root.id }));
  expect(end).toMatchObject({ state: 'failed', error: { code: 'unreadable' } });
  expect(end.error?.message).toContain('Thumbnails cannot be written');
  expect(await client.library.failures()).toEqual([]);
  rmSync(place);
  expect((await opened.finish(client.library.rescan({ id: root.id }))).summary).toMatchObject({
    identified: 2,
    failed: 0,
  });
});

test('a disk that can only be read refuses what is done in words, is told on every screen, and no longer when it takes changes again', async () => {
  const folder = await writeImages(1);
  const { client, studio } = opened;
  await opened.finish(client.library.score({ folder }));
  const { ids } = await client.images.query({});
  // SQLite takes a database that may not be changed as it takes a disk that can only be read.
  studio.db.sqlite.pragma('query_only = ON');
  const refused = { code: 'unwritable', status: 507, message: expect.stringContaining('can only be read') };
  await expect(client.curate.change({ imageIds: ids, flag: 'pick' })).rejects.toMatchObject(refused);
  await expect(client.library.score({ folder })).rejects.toMatchObject(refused);
  studio.disk.tryAgain();
  expect((await client.library.info()).unstorable).toContain(`${studio.folder} can only be read`);
  expect((await client.images.query({})).ids).toEqual(ids);
  studio.db.sqlite.pragma('query_only = OFF');
  studio.disk.tryAgain();
  expect((await client.library.info()).unstorable).toBeNull();
  await client.curate.change({ imageIds: ids, flag: 'pick' });
  expect((await client.images.query({ filter: { query: 'flag:pick' } })).ids).toEqual(ids);
});

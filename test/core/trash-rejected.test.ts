/** The trash: files of rejected images go there when somebody says so, one by one, and what is known of them stays. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeScene, writeScenes } from '../support/make-images.ts';
import { openTestStudio } from '../support/open-test-studio.ts';
import { canMount, mountSmall } from '../support/small-disk.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const temporary = makeTempFolder();

test('takes the files of rejected images only, says what it could not take, and what is known of them stays', async () => {
  const trash = mkdtempSync(join(temporary, 'trash-'));
  const taken: string[] = [];
  const library = openTestStudio({
    moveToTrash: async (path) => {
      if (path.endsWith('003.png')) throw new Error('The trash is full.');
      if (path.endsWith('004.png'))
        throw Object.assign(new Error('EACCES: permission denied, rename'), { code: 'EACCES' });
      taken.push(path);
      renameSync(path, join(trash, basename(path)));
    },
  });
  const folder = library.folder('scenes');
  await writeScenes(folder, 5, { width: 40, height: 30 });
  await library.finish(library.client.library.score({ folder }));
  const { ids: all } = await library.client.images.query({ order: 'name' });
  const { curate, images } = library.client;
  await expect(curate.trash({ imageIds: all })).rejects.toMatchObject({ code: 'badInput' });
  expect(readdirSync(trash)).toEqual([]);
  await curate.change({ imageIds: all.slice(1), flag: 'reject' });
  await expect(curate.trash({ imageIds: all })).rejects.toMatchObject({ code: 'badInput' });
  // One whose drive is off is not called taken.
  mkdirSync(join(folder, 'elsewhere'));
  renameSync(join(folder, 'scene-002.png'), join(folder, 'elsewhere', 'scene-002.png'));
  const { state, progress, summary } = await library.finish(curate.trash({ imageIds: all.slice(1) }));
  expect({ state, progress }).toMatchObject({ state: 'done', progress: { done: 4, total: 4, failed: 3 } });
  expect(summary).toEqual({
    trashed: 1,
    failed: 3,
    notes: [
      expect.stringContaining('scene-002.png: It is not there'),
      expect.stringContaining('scene-003.png: The trash is full.'),
      expect.stringContaining('scene-004.png: It may not be moved by this user'),
    ],
  });
  expect(taken).toEqual([join(folder, 'scene-001.png')]);
  expect(existsSync(join(folder, 'scene-000.png'))).toBe(true);
  expect((await images.query({ filter: { query: 'is:nofile' } })).ids).toEqual([all[1]]);
  expect(await images.detail({ id: all[1]! })).toMatchObject({ hasFile: false, flag: 'reject', paths: [] });
  expect(Object.keys((await images.detail({ id: all[1]! })).scores).length).toBeGreaterThan(0);
  // Nobody misses what they threw away.
  expect((await library.client.library.roots())[0]).toMatchObject({ files: 4, missing: 0 });
  await library.close();
});

test('does not take what came under the name of a rejected picture: nobody rejected it', async () => {
  const taken: string[] = [];
  const library = openTestStudio({ moveToTrash: async (path) => void taken.push(path) });
  const folder = library.folder('scenes');
  await writeScenes(folder, 1, { width: 40, height: 30 });
  await library.finish(library.client.library.score({ folder }));
  const { ids: all } = await library.client.images.query({});
  await library.client.curate.change({ imageIds: all, flag: 'reject' });
  writeFileSync(join(folder, 'scene-000.png'), await encodeScene(9, { width: 40, height: 30 }));
  const { summary } = await library.finish(library.client.curate.trash({ imageIds: all }));
  expect(taken).toEqual([]);
  expect(summary).toEqual({
    trashed: 0,
    failed: 1,
    notes: [expect.stringMatching(/scene-000\.png: .*another picture/)],
  });
  await library.close();
});

test.skipIf(!canMount)('is not asked to take a file out of a folder that may only be read', async () => {
  const taken: string[] = [];
  const library = openTestStudio({ moveToTrash: async (path) => void taken.push(path) });
  const folder = library.folder('scenes');
  const unmount = mountSmall(folder, 'size=4m')!;
  await writeScenes(folder, 1, { width: 40, height: 30 });
  await library.finish(library.client.library.score({ folder }));
  const { ids: all } = await library.client.images.query({});
  await library.client.curate.change({ imageIds: all, flag: 'reject' });
  execFileSync('mount', ['-o', 'remount,ro', folder]);
  const { summary } = await library.finish(library.client.curate.trash({ imageIds: all }));
  expect(taken).toEqual([]);
  expect(summary).toMatchObject({ notes: [expect.stringContaining('is for reading alone')] });
  unmount();
  await library.close();
});

test('takes a file once that lies in a folder inside another one of the library', async () => {
  const trash = mkdtempSync(join(temporary, 'trash-once-'));
  const library = openTestStudio({
    moveToTrash: async (path) => renameSync(path, join(trash, basename(path))),
  });
  const { client } = library;
  const folder = library.folder('scenes');
  const inner = join(folder, 'inner');
  mkdirSync(inner);
  await writeScenes(inner, 1, { width: 40, height: 30 });
  await library.finish(client.library.score({ folder: inner }));
  await library.finish(client.library.score({ folder }));
  const { ids: all } = await client.images.query({});
  await client.curate.change({ imageIds: all, flag: 'reject' });
  expect((await library.finish(client.curate.trash({ imageIds: all }))).summary).toEqual({ trashed: 1 });
  expect((await client.images.query({ filter: { query: 'is:nofile' } })).ids).toEqual(all);
  await library.close();
});

test('can be stopped: what is there stays there, the rest where it was; what is taken back while it waits is not moved', async () => {
  const trash = mkdtempSync(join(temporary, 'trash-stopped-'));
  const waiting: (() => void)[] = [];
  const library = openTestStudio({
    moveToTrash: async (path) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      renameSync(path, join(trash, basename(path)));
    },
  });
  const { client, finish } = library;
  const folder = library.folder('scenes');
  await writeScenes(folder, 7, { width: 40, height: 30 });
  await finish(client.library.score({ folder }));
  const { ids: all } = await client.images.query({ order: 'name' });
  await client.curate.change({ imageIds: all, flag: 'reject' });
  const job = await client.curate.trash({ imageIds: all });
  await expect(client.curate.trash({ imageIds: all })).rejects.toMatchObject({ code: 'conflict' });
  await expect.poll(() => waiting.length).toBe(4);
  await client.curate.change({ imageIds: [all[4]!], flag: null });
  waiting.shift()!();
  // The fifth is passed over, and the sixth is on its way.
  await expect.poll(() => waiting.length).toBe(4);
  const ended = client.jobs.cancel({ id: job.id });
  for (const go of waiting) go();
  expect(await ended).toMatchObject({
    state: 'cancelled',
    summary: { trashed: 5, failed: 1, notes: [expect.stringMatching(/004\.png: It is not rejected/)] },
  });
  expect(readdirSync(folder)).toEqual(['scene-004.png', 'scene-006.png']);
  const { ids: left } = await client.images.query({ filter: { query: 'is:file' }, order: 'name' });
  expect(left).toEqual([all[4], all[6]]);
  await library.close();
});

/** Folders inside folders of the library: each file is there once, whichever was added first, and nothing that is known of it is lost. */
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { coverFolder, settleRoots } from '../../core/cover-folder.ts';
import { saveFile, saveRoot } from '../../db/files.ts';
import { addImages } from '../support/add-images.ts';
import { encodeScene } from '../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

let opened: TestStudio;
let outer: string;
let inner: string;
beforeEach(async () => {
  opened = openTestStudio();
  outer = opened.folder('outer');
  inner = join(outer, 'inner');
  mkdirSync(inner);
  await writeImages(outer, 1, 0);
  await writeImages(inner, 2, 10);
});
afterEach(async () => await opened.close());

async function writeImages(folder: string, count: number, seed: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    writeFileSync(join(folder, `${seed + at}.png`), await encodeScene(seed + at, { width: 40, height: 30 }));
  }
}

async function score(folder: string, recursive = true) {
  return await opened.finish(opened.client.library.score({ folder, recursive }));
}

async function roots() {
  return (await opened.client.library.roots()).map(({ path, files, missing }) => ({ path, files, missing }));
}

async function pathsOfAll(): Promise<string[]> {
  const { ids } = await opened.client.images.query({ filter: {} });
  const details = await Promise.all(ids.map((id) => opened.client.images.detail({ id })));
  return details.flatMap(({ paths }) => paths).sort();
}

describe('A folder inside one of the library', () => {
  test('is scored by itself and stays part of that one', async () => {
    await score(outer);
    const { summary } = await score(inner);
    expect(summary).toMatchObject({ scored: 0, skipped: 2, missing: 0 });
    expect(summary?.notes?.[0]).toContain(`part of ${outer}`);
    expect(await roots()).toEqual([{ path: outer, files: 3, missing: 0 }]);
    expect((await pathsOfAll()).length).toBe(3);
  });

  test('is its own where the other is looked through without the folders inside, until it is no longer', async () => {
    await score(outer, false);
    await score(inner);
    expect(await roots()).toEqual([
      { path: outer, files: 1, missing: 0 },
      { path: inner, files: 2, missing: 0 },
    ]);
    const before = await pathsOfAll();
    const { summary } = await score(outer);
    expect(summary).toMatchObject({ scored: 0, skipped: 3 });
    expect(summary?.notes?.[0]).toContain(`${inner} was a folder of the library`);
    expect(await roots()).toEqual([{ path: outer, files: 3, missing: 0 }]);
    expect(await pathsOfAll()).toEqual(before);
  });

  test('is looked through without what lies deeper where that is asked, and nothing deeper is missing then', async () => {
    mkdirSync(join(inner, 'deep'));
    await writeImages(join(inner, 'deep'), 1, 20);
    await score(outer);
    expect((await score(inner, false)).summary).toMatchObject({ skipped: 2, missing: 0 });
    expect((await score(outer, false)).summary).toMatchObject({ skipped: 1, missing: 0 });
    expect(await roots()).toEqual([{ path: outer, files: 4, missing: 0 }]);
  });

  test('is known when it is reached through a link', async () => {
    await score(outer);
    const link = join(opened.folder('elsewhere'), 'link');
    symlinkSync(inner, link);
    expect((await score(link)).summary).toMatchObject({ scored: 0, skipped: 2 });
    expect(await roots()).toEqual([{ path: outer, files: 3, missing: 0 }]);
  });

  test('that is hidden is its own: the other passes it over', async () => {
    const hidden = join(outer, '.kept');
    mkdirSync(hidden);
    await writeImages(hidden, 1, 30);
    await score(outer);
    await score(hidden);
    expect(await roots()).toMatchObject([{ files: 3 }, { path: hidden, files: 1 }]);
    await score(outer);
    expect(await roots()).toMatchObject([{ files: 3 }, { path: hidden, files: 1 }]);
  });
});

describe('A library that has folders inside others from earlier', () => {
  test('has each file once, the row that knows it, and the folder that is there', async () => {
    const { db } = opened.studio;
    const [known, lost] = addImages(opened.studio, 2) as [number, number];
    const around = saveRoot(db, outer, true, 1);
    const within = saveRoot(db, inner, true, 2);
    const file = (rootId: number, path: string) => ({
      rootId,
      path,
      rawPath: null,
      sizeBytes: 5,
      mtimeMs: 7,
    });
    const failure = { failure: { code: 'unreadable', message: 'permission denied' } };
    saveFile(db, file(around.id, 'inner/a.png'), failure, 5);
    saveFile(db, file(within.id, 'a.png'), { imageId: known }, 4);
    saveFile(db, file(around.id, 'inner/b.png'), { imageId: known }, 5);
    saveFile(db, file(within.id, 'b.png'), { imageId: lost }, 4);
    saveFile(db, file(within.id, 'only-here.png'), { imageId: lost }, 4);
    expect(settleRoots(db)).toEqual({ taken: [inner], apart: [] });
    const rows = db.prepare('SELECT root_id, path, image_id FROM file WHERE root_id = ? ORDER BY path');
    expect(rows.all(around.id)).toEqual([
      { root_id: around.id, path: 'inner/a.png', image_id: known },
      { root_id: around.id, path: 'inner/b.png', image_id: known },
      { root_id: around.id, path: 'inner/only-here.png', image_id: lost },
    ]);
    expect(settleRoots(db)).toEqual({ taken: [], apart: [] });
  });
});

describe('A folder on a drive that can be off by itself', () => {
  test('stays apart from one around it, keeps its files there, and is not looked through with it', async () => {
    await score(inner);
    renameSync(inner, `${inner} away`);
    const { notes, root } = coverFolder(opened.studio.db, { path: outer, recursive: true }, 1);
    expect(root.path).toBe(outer);
    expect(notes[0]).toContain('stays a folder by itself');
    renameSync(`${inner} away`, inner);
    const { summary } = await score(outer);
    expect(summary).toMatchObject({ scored: 1, skipped: 0, missing: 0 });
    expect(await roots()).toMatchObject([
      { path: outer, files: 1 },
      { path: inner, files: 2 },
    ]);
  });
});

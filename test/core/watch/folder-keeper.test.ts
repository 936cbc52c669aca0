/** Folders that are watched: what changes in them is noticed by itself, and what cannot be reached is not forgotten. */
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FolderKeeper } from '../../../core/watch/folder-keeper.ts';
import { encodeScene } from '../../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';

const size = { width: 64, height: 48 };
const patience = { timeout: 60_000, interval: 100 };

/** Faster than people need it. */
const pace = { firstMs: 50, stepMs: 50, reachMs: 250, quietMs: 120 };

let studio: TestStudio;
let folder: string;
beforeEach(() => {
  studio = openTestStudio({ keeper: new FolderKeeper({ pace }) });
  folder = studio.folder('images');
});
afterEach(() => studio.close());

async function write(name: string, seed: number): Promise<void> {
  writeFileSync(join(folder, name), await encodeScene(seed, size));
}

async function addRoot(): Promise<void> {
  await studio.finish(studio.client.library.score({ folder }));
}

/** Begins to watch and waits until the system tells of changes and the first look at everything is over. */
async function watch(): Promise<void> {
  studio.watchFolders();
  await expect.poll(async () => (await root()).watch.state, patience).toBe('watching');
  await settle();
}

/** Nothing is looked at now; changes that were told before have become known. */
async function settle(): Promise<void> {
  await expect.poll(() => studio.studio.jobs.running('scan'), patience).toBeNull();
}

async function root() {
  return (await studio.client.library.roots())[0]!;
}

/** Each image by the name it came with, and where it lies now: `a.png: deep/moved.png`. */
async function listPlaces(query = ''): Promise<string[]> {
  const { ids } = await studio.client.images.query({ filter: { query } });
  const details = await Promise.all(ids.map((id) => studio.client.images.detail({ id })));
  return details
    .map(({ name, paths }) =>
      [`${name}:`, ...paths.map((path) => path.slice(folder.length + 1)).sort()].join(' '),
    )
    .sort();
}

async function expectPlaces(...wanted: string[]): Promise<void> {
  await expect.poll(() => listPlaces(), patience).toEqual(wanted);
}

async function idOf(name: string): Promise<number> {
  return (await studio.client.images.query({ filter: { query: `name:=${name}` } })).ids[0]!;
}

describe('A watched folder', () => {
  test('new, changed, moved, renamed and deleted files are noticed; what moves keeps its image with all that is known of it', async () => {
    await write('a.png', 1);
    await write('b.png', 2);
    await addRoot();
    const id = await idOf('a.png');
    await studio.client.curate.change({ imageIds: [id], flag: 'pick', addTags: ['hands'] });
    const before = await studio.client.images.detail({ id });
    await watch();
    await write('c.png', 3);
    await expectPlaces('a.png: a.png', 'b.png: b.png', 'c.png: c.png');
    mkdirSync(join(folder, 'deep', 'er'), { recursive: true });
    renameSync(join(folder, 'a.png'), join(folder, 'deep', 'er', 'moved.png'));
    renameSync(join(folder, 'b.png'), join(folder, 'renamed.png'));
    // An image goes by the name that its file has now; a table that calls it by the old one still means it.
    await expectPlaces('c.png: c.png', 'moved.png: deep/er/moved.png', 'renamed.png: renamed.png');
    const table = { fileName: 'm.csv', file: new Blob(['name,mos_quality\na.png,4\n']) };
    const { id: mosSetId } = await studio.client.mos.import({ source: table });
    expect((await studio.client.mos.rows({ mosSetId })).map(({ name }) => name)).toEqual(['moved.png']);
    const { scores, tags, flag } = await studio.client.images.detail({ id });
    expect({ scores, tags, flag }).toEqual({ scores: before.scores, tags: ['hands'], flag: 'pick' });
    // Below a folder that came with its inner folder, too.
    await write('deep/er/d.png', 4);
    rmSync(join(folder, 'renamed.png'));
    await write('c.png', 5);
    await expectPlaces(
      'c.png:',
      'c.png: c.png',
      'd.png: deep/er/d.png',
      'moved.png: deep/er/moved.png',
      'renamed.png:',
    );
    expect(await listPlaces('is:missing')).toEqual(['c.png:', 'renamed.png:']);
    expect((await root()).watch).toEqual({ state: 'watching', reason: null });
  });

  test('a folder that is moved in, renamed and moved out takes its files with it', async () => {
    await write('a.png', 1);
    await addRoot();
    await watch();
    const outside = studio.folder('outside');
    mkdirSync(join(outside, 'run', 'one'), { recursive: true });
    copyFileSync(join(folder, 'a.png'), join(outside, 'run', 'one', 'again.png'));
    renameSync(join(outside, 'run'), join(folder, 'run'));
    await expectPlaces('a.png: a.png run/one/again.png');
    renameSync(join(folder, 'run'), join(folder, 'run 2'));
    await expectPlaces('a.png: a.png run 2/one/again.png');
    renameSync(join(folder, 'run 2'), join(outside, 'run'));
    await expectPlaces('a.png: a.png');
    expect((await studio.client.images.cards({ ids: [1] }))[0]).toMatchObject({
      fileState: 'here',
      files: 1,
    });
  });

  test('a text file that comes beside an image becomes its prompt', async () => {
    await write('fox.png', 1);
    await addRoot();
    await watch();
    writeFileSync(join(folder, 'fox.txt'), 'a red fox');
    await expect
      .poll(async () => (await studio.client.images.detail({ id: 1 })).prompt, patience)
      .toBe('a red fox');
  });

  test.skipIf(process.platform !== 'linux')(
    'names that are not UTF-8 and links that lead in circles are noticed and end',
    async () => {
      await addRoot();
      await watch();
      symlinkSync(folder, join(folder, 'loop'));
      const raw = Buffer.concat([Buffer.from(`${folder}/latin-`), Buffer.from([0xe9]), Buffer.from('.png')]);
      writeFileSync(raw, await encodeScene(1, size));
      await expectPlaces('latin-%E9.png: latin-%E9.png');
      rmSync(raw);
      await expectPlaces('latin-%E9.png:');
    },
  );

  test('what changed while the studio was closed is found when it opens; images are scored where that is wanted', async () => {
    await write('a.png', 1);
    await addRoot();
    await studio.client.settings.change({ scoresNew: true });
    renameSync(join(folder, 'a.png'), join(folder, 'z.png'));
    await write('b.png', 2);
    await watch();
    await expectPlaces('b.png: b.png', 'z.png: z.png');
    const id = await idOf('b.png');
    const scores = async () => (await studio.client.images.cards({ ids: [id] }))[0]!.scores;
    await expect.poll(scores, patience).toHaveProperty('quality');
    // Quiet work leaves no trail.
    await settle();
    expect((await studio.client.jobs.list()).map(({ kind }) => kind)).toEqual(['score']);
  });

  test('one that is not to be watched is looked through only when somebody asks', async () => {
    await write('a.png', 1);
    await addRoot();
    const [off] = await studio.client.library.watch({ id: 1, isWatched: false });
    expect(off).toMatchObject({ isWatched: false, watch: { state: 'off' } });
    await write('b.png', 2);
    const job = await studio.finish(studio.client.library.rescan({ id: 1 }));
    expect(job).toMatchObject({ state: 'done', summary: { identified: 1, skipped: 1, missing: 0 } });
    await expectPlaces('a.png: a.png', 'b.png: b.png');
    // With a thumbnail, made of the pixels that were there anyway.
    expect(readdirSync(join(studio.studio.folder, 'cache', 'thumbnails'))).toHaveLength(1);
  });
});

describe('A folder that cannot be reached', () => {
  test('is offline: its images keep everything, are found by is:offline, and come back by themselves', async () => {
    await write('a.png', 1);
    await addRoot();
    await watch();
    renameSync(folder, `${folder} away`);
    await expect.poll(async () => (await root()).watch.state, patience).toBe('offline');
    expect(await root()).toMatchObject({
      isReachable: false,
      files: 1,
      missing: 0,
      offlineSince: expect.any(Number),
    });
    expect((await studio.client.images.cards({ ids: [1] }))[0]).toMatchObject({
      fileState: 'offline',
      hasFile: true,
    });
    expect(await listPlaces('is:offline')).toHaveLength(1);
    await expect(
      studio.client.library.rescan({ id: 1 }).then((job) => studio.finish(job)),
    ).resolves.toMatchObject({
      state: 'failed',
      error: { message: expect.stringContaining('cannot be reached') },
    });
    renameSync(`${folder} away`, folder);
    await expect.poll(async () => (await root()).watch.state, patience).toBe('watching');
    expect(await listPlaces('is:offline')).toEqual([]);
    await write('b.png', 2);
    await expectPlaces('a.png: a.png', 'b.png: b.png');
  });

  test('a mount point that a drive left empty is offline, too; somebody who asks says that the files are gone', async () => {
    await write('a.png', 1);
    await addRoot();
    rmSync(join(folder, 'a.png'));
    const [offline] = await studio.client.library.roots();
    expect(offline).toMatchObject({
      isReachable: false,
      watch: { state: 'offline', reason: expect.stringContaining('empty') },
    });
    expect(await listPlaces('is:offline')).toHaveLength(1);
    const job = await studio.finish(studio.client.library.rescan({ id: 1 }));
    expect(job.summary).toMatchObject({ missing: 1 });
    expect(await root()).toMatchObject({ isReachable: true, files: 0, missing: 1 });
    expect(await listPlaces('is:missing')).toHaveLength(1);
  });
});

describe('Where the system does not tell of changes', () => {
  test('it is said why and what to do, and the folder is looked through instead', async () => {
    await studio.close();
    studio = openTestStudio({
      keeper: new FolderKeeper({
        pace,
        told: async () => {
          throw new Error('inotify_add_watch failed: No space left on device');
        },
      }),
    });
    folder = studio.folder('images');
    await addRoot();
    studio.watchFolders();
    await write('a.png', 1);
    await expectPlaces('a.png: a.png');
    expect((await root()).watch).toEqual({
      state: 'polling',
      reason: expect.stringMatching(/limit.*max_user_watches/),
    });
  });
});

describe('Two watched folders', () => {
  test('a file that is moved from one to the other, and a folder that is renamed, keep everything and leave nothing missing', async () => {
    const other = studio.folder('other');
    mkdirSync(join(folder, 'run'));
    await write('run/a.png', 1);
    await write('run/b.png', 2);
    writeFileSync(join(other, 'c.png'), await encodeScene(3, size));
    await addRoot();
    await studio.finish(studio.client.library.score({ folder: other }));
    const id = await idOf('a.png');
    await studio.client.curate.change({ imageIds: [id], flag: 'pick', addTags: ['hands'] });
    await watch();
    renameSync(join(folder, 'run', 'a.png'), join(other, 'moved.png'));
    renameSync(join(folder, 'run'), join(folder, 'later'));
    const counts = async () =>
      (await studio.client.library.roots()).map(({ files, missing }) => ({ files, missing }));
    await expect.poll(counts, patience).toEqual([
      { files: 1, missing: 0 },
      { files: 2, missing: 0 },
    ]);
    expect(await studio.client.images.detail({ id })).toMatchObject({
      ...{ flag: 'pick', tags: ['hands'], paths: [join(other, 'moved.png')], fileState: 'here' },
    });
  });
});

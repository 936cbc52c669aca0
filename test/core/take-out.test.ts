/** A folder that is taken out of the library: nothing on disk is touched, nothing that people made is lost, and it all comes back with the files. */
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rootById } from '../../db/files.ts';
import { studyOf } from '../support/add-images.ts';
import { writeScenes } from '../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';
import { rateStudies } from '../support/rate-studies.ts';

async function openTwoFolders(): Promise<TestStudio & { folders: string[] }> {
  const opened = openTestStudio();
  const folders = [opened.folder('kept'), opened.folder('taken')];
  await writeScenes(folders[0]!, 2, { width: 40, height: 30 });
  await writeScenes(folders[1]!, 6, { width: 48, height: 32 });
  // One picture lies in both.
  copyFileSync(join(folders[1]!, 'scene-005.png'), join(folders[0]!, 'twice.png'));
  for (const folder of folders) await opened.finish(opened.client.library.score({ folder }));
  return Object.assign(opened, { folders });
}

async function rootOf({ client }: TestStudio, folder: string) {
  return (await client.library.roots()).find(({ path }) => path === folder)!;
}

test('is not shown any more, but for what lies in another folder; votes, MOS, marks and scores come back with its files', async () => {
  const library = await openTwoFolders();
  const { client, studio, folders } = library;
  const { ids } = await client.images.query({ order: 'name' });
  const { id } = await rootOf(library, folders[1]!);
  const own = (await client.images.query({ filter: { rootId: id }, order: 'name' })).ids;
  await client.curate.change({ imageIds: [own[0]!], flag: 'pick', addTags: ['hands'] });
  const study = await client.studies.create(studyOf(own.slice(0, 3)));
  const { open, voteAll } = rateStudies(library);
  await voteAll(await open(study.id, 'Ada'), () => 4);
  const before = await client.images.cards({ ids: own });
  await library.finish(client.duplicates.find({ threshold: 0.8 }));
  const alike = await client.duplicates.list();
  expect(alike.groups).not.toEqual([]);

  expect(await client.library.planTakeOut({ id })).toEqual({ images: 5, elsewhere: 1, rated: 3 });
  const job = await library.finish(client.library.takeOut({ id }));
  expect(job).toMatchObject({ state: 'done', progress: { done: 6, total: 6 }, error: null });

  expect((await client.library.roots()).map(({ path }) => path)).toEqual([folders[0]]);
  expect((await client.images.query({ order: 'name' })).ids).toHaveLength(3);
  expect((await client.images.query({ filter: { query: 'flag:pick' } })).ids).toEqual([]);
  expect(await client.library.info()).toMatchObject({ images: 3, votes: 3 });
  expect(await client.library.coverage()).toEqual({ withFiles: 3, scored: 3 });
  expect(await client.images.facets({ filter: { query: 'tag:hands' } })).toEqual([]);
  expect((await client.duplicates.list()).groups.flatMap(({ imageIds }) => imageIds)).toEqual([]);
  // Who asks for them sees what is kept of them.
  const asked = await client.images.query({ filter: { query: 'is:taken-out' }, order: 'name' });
  expect(asked.ids).toEqual(own.filter((id) => id !== ids.at(-1)));
  expect((await client.images.query({ filter: { query: 'is:taken-out flag:pick' } })).ids).toEqual([own[0]]);
  expect((await client.images.query({ filter: { query: '-is:taken-out' } })).ids).toHaveLength(3);
  const kept = await client.images.cards({ ids: asked.ids });
  expect(new Set(kept.map(({ fileState }) => fileState))).toEqual(new Set(['takenOut']));
  expect(kept.map(({ scores, votes }) => ({ scores, votes }))).toEqual(
    before.slice(0, 5).map(({ scores, votes }) => ({ scores, votes })),
  );
  // Its study goes on to show all that it is of.
  expect((await client.images.query({ filter: { studyId: study.id } })).ids).toHaveLength(3);
  expect(existsSync(join(folders[1]!, 'scene-000.png'))).toBe(true);

  await library.finish(client.library.score({ folder: folders[1]! }));
  expect((await client.images.query({ order: 'name' })).ids).toEqual(ids);
  expect(await client.images.cards({ ids: own })).toEqual(before);
  expect((await client.duplicates.list()).groups).toEqual(alike.groups);
  expect(studio.db.prepare('SELECT count(*) FROM taken_out').pluck(true).get()).toBe(0);
  await library.close();
});

test('is refused while it is looked through or scored, not while another is; and stays where that is cancelled in the middle', async () => {
  const library = await openTwoFolders();
  const { client, studio, folders } = library;
  const { id } = await rootOf(library, folders[1]!);
  await expect(client.library.takeOut({ id: 99 })).rejects.toMatchObject({ code: 'notFound' });
  await expect(client.library.planTakeOut({ id: 99 })).rejects.toMatchObject({ code: 'notFound' });
  const scored = await client.library.score({ folder: folders[1]! });
  await expect(client.library.takeOut({ id })).rejects.toMatchObject({ code: 'conflict' });
  await library.finish(Promise.resolve(scored));
  const scan = await client.library.rescan({ id });
  await expect(client.library.takeOut({ id })).rejects.toMatchObject({ code: 'conflict' });
  await library.finish(Promise.resolve(scan));

  const elsewhere = await client.library.score({ folder: folders[0]! });
  const started = await client.library.takeOut({ id });
  await expect(client.library.rescan({ id })).rejects.toMatchObject({ code: 'conflict' });
  await expect(client.library.score({ folder: folders[1]! })).rejects.toMatchObject({ code: 'conflict' });
  expect(await client.jobs.cancel({ id: started.id })).toMatchObject({ state: 'cancelled' });
  await library.finish(Promise.resolve(elsewhere));
  expect(rootById(studio.db, id)).toMatchObject({ path: folders[1], is_watched: 0 });
  await library.finish(client.library.rescan({ id }));
  expect((await client.images.query({})).ids).toHaveLength(8);
  await library.close();
});

test('of an image that is missing in another folder nothing is left to show', async () => {
  const library = await openTwoFolders();
  const { client, folders } = library;
  rmSync(join(folders[0]!, 'twice.png'));
  await library.finish(client.library.rescan({ id: (await rootOf(library, folders[0]!)).id }));
  const { id } = await rootOf(library, folders[1]!);
  expect(await client.library.planTakeOut({ id })).toMatchObject({ images: 6, elsewhere: 0 });
  await library.finish(client.library.takeOut({ id }));
  expect((await client.images.query({})).ids).toHaveLength(2);
  // It is not missed: it went with the folder that it lay in.
  expect(await rootOf(library, folders[0]!)).toMatchObject({ files: 2, missing: 0 });
  await library.close();
});

test('a folder inside another goes and comes with it, and by itself where it was added by itself', async () => {
  const library = openTestStudio();
  const { client } = library;
  const outer = library.folder('outer');
  const inner = join(outer, 'inner');
  mkdirSync(inner);
  await writeScenes(outer, 1, { width: 40, height: 30 });
  await writeScenes(inner, 2, { width: 48, height: 32 });
  const score = (folder: string, recursive = true) =>
    library.finish(client.library.score({ folder, recursive }));
  const takeOut = async (folder: string) =>
    await library.finish(client.library.takeOut({ id: (await rootOf(library, folder)).id }));
  const count = async () => (await client.images.query({})).ids.length;

  await score(outer);
  await takeOut(outer);
  expect(await count()).toBe(0);
  await score(inner);
  expect(await count()).toBe(2);
  await score(outer, false);
  expect(await count()).toBe(3);

  const looked = await client.library.rescan({ id: (await rootOf(library, inner)).id });
  await expect(takeOut(outer)).rejects.toMatchObject({ code: 'conflict' });
  await library.finish(Promise.resolve(looked));
  await takeOut(outer);
  expect((await client.library.roots()).map(({ path }) => path)).toEqual([inner]);
  expect(await count()).toBe(2);
  await library.close();
});

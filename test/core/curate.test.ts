/** Curating: steps done as a whole, undone and done again, apart from votes; nothing goes to the trash that was not rejected. */
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ColourLabel, type Curation, Flag } from '../../contract/curate.ts';
import { addImages } from '../support/add-images.ts';
import { encodeScene, writeScenes } from '../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

let opened: TestStudio;
let ids: number[];
beforeAll(() => {
  opened = openTestStudio();
  ids = addImages(opened.studio, 6);
});
afterAll(async () => await opened.close());

async function find(query: string): Promise<number[]> {
  return (await opened.client.images.query({ filter: { query } })).ids;
}

/** All that a person has chosen, of every image. */
async function readAll(): Promise<unknown[]> {
  const details = await Promise.all(ids.map((id) => opened.client.images.detail({ id })));
  return details.map(({ flag, label, tags, collections }) => ({ flag, label, tags, collections }));
}

describe('A step', () => {
  test('marks many images at once, is found by the words of the query bar, and told in words', async () => {
    const { curate } = opened.client;
    const [a, b, c] = ids as [number, number, number];
    const state = await curate.change({ imageIds: [a, b], flag: 'reject', label: 'red', addTags: ['hands'] });
    expect(state).toEqual({ undo: 'reject, label red, tag “hands” on 2 images', redo: null });
    await curate.change({ imageIds: [b, c], flag: 'pick', addTo: 'For the paper' });
    expect(await find('flag:reject')).toEqual([a]);
    expect(await find('flag:pick label:red')).toEqual([b]);
    expect(await find('tag:Hands')).toEqual([a, b]);
    expect(await find('collection:paper')).toEqual([b, c]);
    expect(await curate.collections()).toMatchObject([{ name: 'For the paper', images: 2 }]);
    expect(await opened.client.images.cards({ ids: [b] })).toMatchObject([
      { flag: 'pick', label: 'red', votes: 0 },
    ]);
  });

  test('that is undone leaves everything as it was, and done again as it became', async () => {
    const { curate } = opened.client;
    const before = await readAll();
    await curate.change({
      imageIds: ids,
      flag: null,
      label: null,
      removeTags: ['hands'],
      removeFrom: 'for the paper',
    });
    const after = await readAll();
    expect(after).toEqual(ids.map(() => ({ flag: null, label: null, tags: [], collections: [] })));
    expect((await curate.undo()).redo).toContain('6 images');
    expect(await readAll()).toEqual(before);
    await curate.redo();
    expect(await readAll()).toEqual(after);
    await curate.undo();
    // Another step: what was undone is gone.
    await curate.change({ imageIds: [ids[5]!], label: 'blue' });
    expect((await curate.state()).redo).toBeNull();
  });

  test('that changes nothing is none; an unknown image or collection changes nothing', async () => {
    const { curate } = opened.client;
    const before = await curate.state();
    expect(await curate.change({ imageIds: [ids[5]!], label: 'blue' })).toEqual(before);
    await expect(curate.change({ imageIds: [ids[0]!, 99_999], flag: 'pick' })).rejects.toMatchObject({
      code: 'notFound',
    });
    await expect(curate.change({ imageIds: ids, flag: 'pick', removeFrom: 'None' })).rejects.toMatchObject({
      code: 'notFound',
    });
    expect(await curate.state()).toEqual(before);
  });

  test('renames a collection, whose images stay in it; a name that another has is refused', async () => {
    const { curate } = opened.client;
    const [a, b] = ids as [number, number];
    await curate.change({ imageIds: [a, b], addTo: 'First draft' });
    await curate.change({ imageIds: [b], addTo: 'Taken' });
    const find1 = async (name: string) =>
      (await curate.collections()).find((one) => one.name.toLowerCase() === name.toLowerCase());
    const { id, createdAt } = (await find1('First draft'))!;
    await expect(curate.renameCollection({ id, name: 'TAKEN' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(curate.renameCollection({ id: 9999, name: 'Any' })).rejects.toMatchObject({
      code: 'notFound',
    });
    const before = await curate.state();
    expect(await curate.renameCollection({ id, name: 'First draft' })).toEqual(before);
    await curate.renameCollection({ id, name: 'FIRST draft' });
    expect((await find1('first draft'))!.name).toBe('FIRST draft');
    expect((await curate.renameCollection({ id, name: 'Second draft' })).undo).toBe(
      'rename the collection “FIRST draft” to “Second draft”',
    );
    expect(await find1('Second draft')).toEqual({ id, name: 'Second draft', images: 2, createdAt });
    expect(await find('collection:"Second draft"')).toEqual([a, b]);
    await curate.undo();
    await curate.undo();
    expect((await find1('first draft'))!.name).toBe('First draft');
  });

  test('saved queries follow a collection that gets another name, there and back; others stay as they were written', async () => {
    const { curate, images } = opened.client;
    await curate.change({ imageIds: ids.slice(0, 1), addTo: 'Old name' });
    const { id } = (await curate.collections()).find(({ name }) => name === 'Old name')!;
    const asked = ['fox  -collection:"=old NAME",other', 'collection:old', 'tag:"Old name" mos:>4'];
    for (const [at, query] of asked.entries())
      await images.saveQuery({ name: `q${at}`, query: { filter: { query } } });
    const saved = async () => (await images.savedQueries()).map(({ query }) => query.filter.query);
    await curate.renameCollection({ id, name: 'A “new” one' });
    expect(await saved()).toEqual(['fox  -collection:"=A “new” one",other', ...asked.slice(1)]);
    await curate.undo();
    expect(await saved()).toEqual(['fox  -collection:"=Old name",other', ...asked.slice(1)]);
  });

  test('deletes a collection, whose images stay in the library, and brings it back whole', async () => {
    const { curate } = opened.client;
    const [a, b, c] = ids as [number, number, number];
    await curate.change({ imageIds: [a, b, c], addTo: 'To go' });
    const all = await curate.collections();
    const gone = all.find(({ name }) => name === 'To go')!;
    const choices = await readAll();
    const state = await curate.deleteCollection({ id: gone.id });
    expect(state.undo).toBe('delete the collection “To go” of 3 images');
    expect(await curate.collections()).toEqual(all.filter((one) => one !== gone));
    expect(await find('')).toHaveLength(ids.length);
    await expect(curate.deleteCollection({ id: gone.id })).rejects.toMatchObject({ code: 'notFound' });
    // Another of that name, which may take its place: undone before the deletion is.
    await curate.change({ imageIds: [c], addTo: 'To go' });
    await curate.undo();
    await curate.undo();
    expect(await curate.collections()).toEqual(all);
    expect(await readAll()).toEqual(choices);
    await curate.redo();
    await curate.redo();
    expect((await curate.collections()).find(({ name }) => name === 'To go')).toMatchObject({ images: 1 });
    await curate.undo();
    await curate.undo();
    await curate.undo();
    // The step that made it is undone: so is the collection.
    expect((await curate.collections()).map(({ name }) => name)).not.toContain('To go');
  });

  test('of any kind, any number of them, is undone to the beginning and done again to the end', async () => {
    const step: fc.Arbitrary<Omit<Curation, 'imageIds'>> = fc.record(
      {
        flag: fc.option(fc.constantFrom(...Flag.options)),
        label: fc.option(fc.constantFrom(...ColourLabel.options)),
        addTags: fc.uniqueArray(fc.constantFrom('x', 'y'), { maxLength: 2 }),
        removeTags: fc.uniqueArray(fc.constantFrom('z', 'w'), { maxLength: 2 }),
        addTo: fc.constantFrom('One', 'Two'),
      },
      { requiredKeys: [] },
    );
    const steps = fc.array(fc.tuple(fc.subarray([0, 1, 2, 3, 4, 5], { minLength: 1 }), step), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (orders) => {
        const { curate } = opened.client;
        const states = [await readAll()];
        for (const [which, order] of orders) {
          const { undo } = await curate.state();
          const stood = opened.studio.db
            .prepare('SELECT count(*) FROM curation_step WHERE is_undone = 0')
            .pluck();
          const count = stood.get();
          await curate.change({ imageIds: which.map((at) => ids[at]!), ...order });
          if (stood.get() !== count) states.push(await readAll());
          else expect((await curate.state()).undo).toBe(undo);
        }
        for (const state of states.slice(0, -1).reverse()) {
          await curate.undo();
          expect(await readAll()).toEqual(state);
        }
        for (const state of states.slice(1)) {
          await curate.redo();
          expect(await readAll()).toEqual(state);
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe('The trash', () => {
  test('takes the files of rejected images only, says what it could not take, and what is known of them stays', async () => {
    const trash = opened.folder('trash');
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

  test('takes a file once that lies in a folder inside another one of the library', async () => {
    const trash = opened.folder('trash-once');
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
    const trash = opened.folder('trash-stopped');
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
});

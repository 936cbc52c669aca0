/** Curating: steps done as a whole, undone and done again, apart from votes. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ColourLabel, type Curation, Flag } from '../../contract/curate.ts';
import { addImages } from '../support/add-images.ts';
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

/** Lists of a large library come from a thread, and are the same as the engine would read. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GroupBy, ImageOrder } from '../../../contract/images.ts';
import { readList } from '../../../core/compute/list-images.ts';
import { readTerms } from '../../../core/query-terms.ts';
import { addImages } from '../../support/add-images.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';

let opened: TestStudio;
let largestId: number;
beforeAll(() => {
  opened = openTestStudio();
  addImages(opened.studio, 6, 3);
  largestId = addFarImage('far.png', 100_000);
});
afterAll(async () => await opened.close());

/** What makes a library large is the id of its last image. */
function addFarImage(name: string, id: number): number {
  opened.studio.db.prepare('INSERT INTO image (id, name, added_at) VALUES (?, ?, 0)').run(id, name);
  return id;
}

const questions: { order: ImageOrder; query: string; groupBy?: GroupBy }[] = [
  { order: 'pictures', query: '' },
  { order: 'gap:quality', query: '-flag:reject' },
  { order: 'ci:quality', query: 'ci:<9' },
  { order: 'name', query: 'generator:g1', groupBy: 'prompt' },
  { order: 'added', query: '', groupBy: 'folder' },
];

test.each(questions)('$order $query $groupBy', async ({ order, query, groupBy }) => {
  const { studio, client } = opened;
  const [filter, descending] = [{ query }, true];
  const request = { filter, order, descending, packId: 'classic', mosSetId: null, terms: readTerms(query) };
  const expected = readList(studio.db, { request: { ...request, target: 'quality' }, groupBy });
  expect(await client.images.query({ filter, order, descending, groupBy })).toEqual(expected);
});

test('A list has what was stored a moment before it was asked for', async () => {
  const { client } = opened;
  expect((await client.images.query({ descending: true })).ids[0]).toBe(largestId);
  const newest = addFarImage('newest.png', 100_001);
  expect((await client.images.query({ descending: true })).ids[0]).toBe(newest);
});

test('An order that SQL does not know is kept, and narrowed to what matches', () => {
  const { studio } = opened;
  const all = readList(studio.db, { request: requestFor('') }).ids;
  const ranked = all.toReversed();
  expect(readList(studio.db, { request: requestFor(''), ranked }).ids).toEqual(ranked);
  const some = new Set(readList(studio.db, { request: requestFor('generator:g1') }).ids);
  expect(some.size).toBeGreaterThan(0);
  expect(readList(studio.db, { request: requestFor('generator:g1'), ranked }).ids).toEqual(
    ranked.filter((id) => some.has(id)),
  );
});

function requestFor(query: string) {
  const common = { order: 'added' as const, descending: false, packId: 'classic', mosSetId: null };
  return { ...common, filter: { query }, terms: readTerms(query), target: 'quality' };
}

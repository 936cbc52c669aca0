/** The order in which images need votes, on studies that are really rated. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addImages, studyOf } from '../support/add-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';
import { rateStudies } from '../support/rate-studies.ts';

let opened: TestStudio;
let ids: number[];

/** Images 0 to 2 in a study that wants three votes each, of which 0 has one; 1 to 3 in a study that nobody began. */
beforeAll(async () => {
  opened = openTestStudio();
  ids = addImages(opened.studio, 5);
  const { create, open, vote } = rateStudies(opened);
  const plan = { sittings: { targetVotes: 3 } };
  const study = await create(studyOf(ids.slice(0, 3), { name: 'Wants three', plan }));
  const session = await open(study.id);
  await vote(session, session.presentations.find(({ imageId }) => imageId === ids[0])!.id, 4);
  await create(studyOf(ids.slice(1, 4), { name: 'Not begun' }));
});
afterAll(() => opened.close());

async function order(query: string, descending = true): Promise<number[]> {
  const list = await opened.client.images.query({ filter: { query }, order: 'votesMissing', descending });
  return list.ids.map((id) => ids.indexOf(id));
}

test('images come by the votes that their studies lack, summed; those of no study come last', async () => {
  // Lacking: 2, 3 + 1, 3 + 1, 1, and none is wanted of the last.
  expect(await order('')).toEqual([2, 1, 0, 3, 4]);
  expect(await order('', false)).toEqual([3, 0, 1, 2, 4]);
});

test('where the query names a study, its votes alone count', async () => {
  expect(await order('study:three')).toEqual([2, 1, 0]);
  expect(await order('study:"=not begun"')).toEqual([3, 2, 1]);
});

async function find(query: string): Promise<number[]> {
  return (await opened.client.images.query({ filter: { query } })).ids.map((id) => ids.indexOf(id));
}

test('`missing:` finds images by the votes that they lack; those of no study are not among them', async () => {
  expect(await find('missing:>0')).toEqual([0, 1, 2, 3]);
  expect(await find('missing:>2')).toEqual([1, 2]);
  expect(await find('missing:0')).toEqual([]);
  expect(await find('study:three missing:3')).toEqual([1, 2]);
  expect(await find('-missing:>1')).toEqual([3, 4]);
});

test('`missing.quality:` counts the votes on one question', async () => {
  expect(await find('missing.quality:>2')).toEqual([1, 2]);
  expect(await find('missing.alignment:>=0')).toEqual([]);
});

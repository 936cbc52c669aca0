/** Raw votes on their way out: all of them in the order they were cast, at a cost that grows as their number does. */
import { afterEach, expect, test } from 'vitest';
import { tabulateVotes } from '../../../core/export/export-votes.ts';
import { createFetch } from '../../../core/server.ts';
import { fillLargeLibrary } from '../../../scripts/bench/large-library.ts';
import { studyOf } from '../../support/add-images.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';

const opened: TestStudio[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

/** A study that holds so many votes of one rater. */
async function studyWith(votes: number): Promise<{ test: TestStudio; studyId: number }> {
  const one = openTestStudio();
  opened.push(one);
  const { db } = one.studio;
  fillLargeLibrary(db, { images: 300, votes, embedding: 0, packId: 'classic' });
  const { id } = await one.client.studies.create(studyOf([1, 2, 3]));
  for (const table of ['presentation', 'session']) db.prepare(`UPDATE ${table} SET study_id = ?`).run(id);
  return { test: one, studyId: id };
}

async function exportAll({ test, studyId }: Awaited<ReturnType<typeof studyWith>>) {
  const before = process.cpuUsage();
  const { rows } = await tabulateVotes(test.studio, studyId);
  const keys = [...rows].map(([key]) => key);
  const { user, system } = process.cpuUsage(before);
  return { keys, cpu: user + system };
}

test('each vote stands there once, in the order they were cast; those that come meanwhile are left for the next time', async () => {
  const study = await studyWith(1203);
  const { db } = study.test.studio;
  const { rows, rowCount } = await tabulateVotes(study.test.studio, study.studyId);
  const later = db.prepare(
    `INSERT INTO vote (presentation_id, session_id, dimension, value, key, shown_ms, cast_at) VALUES (1, 1, 'late', 3, 'late', 9, 9)`,
  );
  const keys = [];
  for (const [key] of rows) {
    if (keys.length === 0) later.run();
    keys.push(key);
  }
  expect(keys).toEqual(Array.from({ length: 1203 }, (_, at) => `k${at}`));
  expect(rowCount).toBe(1203);
  expect((await exportAll(study)).keys.at(-1)).toBe('late');
});

test('eight times the votes cost about eight times the processor time, not sixty-four times', async () => {
  const [few, many] = [await studyWith(5_000), await studyWith(40_000)];
  await exportAll(few);
  const base = await exportAll(few);
  const { keys, cpu } = await exportAll(many);
  expect(keys).toHaveLength(40_000);
  expect(cpu / base.cpu).toBeLessThan(24);
});

test('while they are downloaded others have their turn, however fast the reader is', async () => {
  const { test: one, studyId } = await studyWith(40_000);
  let turns = 0;
  let isReading = true;
  const count = (): void => {
    turns += 1;
    if (isReading) setImmediate(count);
  };
  const url = `http://studio/export?kind=votes&studyId=${studyId}`;
  const { body } = await createFetch(one.studio)(new Request(url));
  setImmediate(count);
  let pieces = 0;
  for await (const _ of body!) pieces += 1;
  isReading = false;
  expect(pieces).toBeGreaterThan(50);
  expect(turns).toBeGreaterThanOrEqual(pieces / 2);
});

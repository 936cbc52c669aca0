/** Taking a large table of votes in: seen once it is whole, and without a trace where it does not come to that. */
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { describeManifest } from '../../../core/freeze-study.ts';
import { getStudyCore } from '../../../core/studies.ts';
import { manifestOf } from '../../../db/studies.ts';
import { addImages } from '../../support/add-images.ts';
import { fileOf, importVotes } from '../../support/import-votes.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';

const opened: TestStudio[] = [];
function openFresh(libraryFolder?: string): TestStudio {
  const fresh = openTestStudio(libraryFolder === undefined ? {} : { libraryFolder });
  opened.push(fresh);
  return fresh;
}
afterAll(async () => await Promise.all(opened.map(async ({ close }) => await close())));

describe('a large table of votes', () => {
  const raters = Array.from({ length: 30 }, (_, at) => `R${at}`);
  const lines = Array.from({ length: 400 }, (_, image) =>
    raters.map((rater, at) => `image-${image}.png,${rater},${1 + ((image + at) % 5)}`),
  ).flat();
  const text = ['image,rater,value', ...lines].join('\n');
  const contentOf = ({ studio }: TestStudio) =>
    ['image', 'study', 'stimulus', 'rater', 'session', 'presentation', 'vote', 'mos_set', 'mos'].map(
      (table) => studio.db.prepare(`SELECT count(*) FROM ${table}`).pluck().get(),
    );

  test('is not seen before it is whole; cancelled, nothing of it stays, and it can be taken in again', async () => {
    const fresh = openFresh();
    const before = contentOf(fresh);
    const job = await fresh.client.studies.importVotes(fileOf(text));
    await expect
      .poll(() => fresh.studio.db.prepare('SELECT count(*) FROM vote').pluck().get(), { interval: 2 })
      .toBeGreaterThan(0);
    expect(await fresh.client.studies.list()).toEqual([]);
    expect(await fresh.client.mos.sets()).toEqual([]);
    expect(await fresh.client.jobs.cancel({ id: job.id })).toMatchObject({ state: 'cancelled' });
    expect(contentOf(fresh)).toEqual(before);
    const study = await importVotes(fresh, fileOf(text));
    expect(study).toMatchObject({ votes: 12_000, raters: 30, stimuli: 400 });
    const frozen = JSON.stringify(describeManifest(fresh.studio, getStudyCore(fresh.studio, study.id)));
    expect(manifestOf(fresh.studio.db, study.id)).toBe(frozen);
    expect(() => fresh.studio.db.sqlite.exec('DELETE FROM vote')).toThrow(/append-only/);
    expect(() => fresh.studio.db.sqlite.exec('UPDATE study SET is_partial = 1')).toThrow(/stays whole/);
  });

  test('whose engine is killed in the middle leaves nothing behind when the library is opened again', async () => {
    const first = openFresh();
    addImages(first.studio, 2);
    const before = contentOf(first);
    await first.client.studies.importVotes(fileOf(text));
    await expect
      .poll(() => first.studio.db.prepare('SELECT count(*) FROM vote').pluck().get(), { interval: 2 })
      .toBeGreaterThan(0);
    // What is on disk now is what a killed engine leaves.
    const libraryFolder = first.folder('killed');
    first.studio.db.prepare('VACUUM INTO ?').run(join(libraryFolder, 'studio.sqlite'));
    expect(contentOf(openFresh(libraryFolder))).toEqual(before);
  });
});

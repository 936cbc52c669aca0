/** Studies on the command line: codes for raters, a pack out and in, results merged, votes of other tools. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitCodes } from '../../cli/exit-codes.ts';
import { ratingClient, studyOf } from '../support/add-images.ts';
import { writeScenes } from '../support/make-images.ts';
import { openTestStudio } from '../support/open-test-studio.ts';
import { startSfiqa } from '../support/run-sfiqa.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sfiqa-study-'));
  mkdirSync(join(folder, 'images'));
  await writeScenes(join(folder, 'images'), 2, { width: 32, height: 32 });
  const owner = openTestStudio({ libraryFolder: join(folder, 'home') });
  await owner.finish(owner.client.library.score({ folder: join(folder, 'images') }));
  const { ids } = await owner.client.images.query({});
  await owner.client.studies.create(studyOf(ids));
  await owner.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function sfiqa(library: string, ...args: string[]) {
  return await startSfiqa(join(folder, library), args).ended;
}

async function rateAway(): Promise<void> {
  const away = openTestStudio({ libraryFolder: join(folder, 'away') });
  const order = { studyId: 1, raterName: 'Ada', client: ratingClient };
  const { sessionId, presentations } = await away.client.rating.open(order);
  for (const { id } of presentations) {
    const vote = { sessionId, presentationId: id, dimension: 'quality', value: 4, shownMs: 5 };
    await away.client.rating.vote({ ...vote, key: randomUUID() });
  }
  await away.close();
}

test('a study goes to another machine and its results come back, twice without harm', async () => {
  const pack = join(folder, 'stick', 'pack.sfiqa-study');
  expect(await sfiqa('home', 'study', 'pack', '1', pack, '--rater', 'Ada')).toMatchObject({
    code: exitCodes.done,
  });
  expect((await sfiqa('away', 'study', 'take-in', pack)).out).toContain('Study 1: 2 images.');
  await rateAway();
  const results = join(folder, 'stick', 'results.json');
  expect(await sfiqa('away', 'export', 'results', '--out', results)).toMatchObject({ code: exitCodes.done });
  const merged = await sfiqa('home', 'study', 'merge', results, results);
  expect(merged.out).toMatch(/2 new votes, 0 known.*\n.*0 new votes, 2 known/);
  expect((await sfiqa('home', 'study', 'methods', '1')).out).toContain('1 rater gave 2 votes');
  expect((await sfiqa('home', 'study', 'check', '1')).out).toContain('✗ Number of observers');
  expect((await sfiqa('home', 'export', 'matrix')).out).toMatch(/^image,sha256,Ada\n/);
  expect((await sfiqa('home', 'export', 'estimates')).out).toMatch(/^image,sha256,n,mos,.*\n.+,1,4,/);
  expect((await sfiqa('home', 'export', 'comparison')).out).toMatch(/^method,.*\n./);
  expect((await sfiqa('home', 'export', 'screening')).out).toMatch(/^rater,.*\nAda,/);
  expect((await sfiqa('home', 'export', 'pairScores')).err).toContain('pairs');
});

test('codes are printed for everybody and for raters by name', async () => {
  const { out, code } = await sfiqa('home', 'study', 'invite', '1', '--rater', 'Ben', 'Cem');
  expect(code).toBe(exitCodes.done);
  expect(out).toMatch(/Ben\s+[0-9A-Z]{4}-[0-9A-Z]{4}\s+\/join\//);
  expect((await sfiqa('home', 'study', 'invite', '1')).out).toContain('(everybody)');
  expect((await sfiqa('home', 'study', 'invite', 'x')).code).toBe(exitCodes.badUsage);
});

test('raw votes of other tools become a study; wrong rows are told by line', async () => {
  writeFileSync(join(folder, 'votes.csv'), 'image,subject,score\nq.png,S1,3\nq.png,S2,5\n');
  const taken = await sfiqa('home', 'study', 'import', join(folder, 'votes.csv'), '--dimension', 'beauty');
  expect(taken.out).toContain('2 votes of 2 raters on 1 images');
  writeFileSync(join(folder, 'wrong.csv'), 'image,subject,score\nq.png,S1,good\n');
  const wrong = await sfiqa('home', 'study', 'import', join(folder, 'wrong.csv'));
  expect(wrong).toMatchObject({ code: exitCodes.badUsage, err: expect.stringContaining('line 2') });
});

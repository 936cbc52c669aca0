/** Study packs: a study goes to other machines in a folder, and comes back as results, in any order and any number of times. */
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RatingSession } from '../../contract/studies.ts';
import { createRandom } from '../../core/maths/random.ts';
import { describeResults, hashStudyContent } from '../../core/study-pack/results.ts';
import { studyOf } from '../support/add-images.ts';
import { writeScenes } from '../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';
import { rateStudies } from '../support/rate-studies.ts';

let owner: TestStudio;
let images: number[];
const machines: TestStudio[] = [];
beforeAll(async () => {
  owner = openTestStudio();
  const folder = owner.folder('scenes');
  await writeScenes(folder, 5, { width: 32, height: 32 });
  await owner.finish(owner.client.library.score({ folder }));
  images = (await owner.client.images.query({})).ids;
});
afterAll(async () => await Promise.all([owner, ...machines].map(async ({ close }) => await close())));

async function exportPack(studyId: number, raterNames: string[], name = 'pack'): Promise<string> {
  const path = join(owner.folder('packs'), name);
  const job = await owner.finish(owner.client.studies.exportPack({ studyId, path, raterNames }));
  expect(job).toMatchObject({ state: 'done', error: null });
  return path;
}

async function importPack(path: string): Promise<{ machine: TestStudio; studyId: number }> {
  const machine = openTestStudio();
  machines.push(machine);
  const job = await machine.finish(machine.client.studies.importPack({ path }));
  expect(job).toMatchObject({ state: 'done', error: null });
  return { machine, studyId: job.summary!.studyId! };
}

/** Results as a file, as `/export?kind=results` gives them. */
function resultsOf(machine: TestStudio, studyId: number) {
  const text = JSON.stringify(describeResults(machine.studio, studyId));
  return { source: { fileName: 'results.json', file: new Blob([text]) } };
}

async function makeStudy() {
  const gold = [{ imageId: images[4]!, dimension: 'quality', expected: 3, tolerance: 1 }];
  return await owner.client.studies.create(studyOf(images.slice(0, 4), { items: { gold } }));
}

test('a pack is a folder with the design and the images, and everything in it can be rated elsewhere', async () => {
  const study = await makeStudy();
  const folder = await exportPack(study.id, ['Ada']);
  expect(readdirSync(join(folder, 'images'))).toHaveLength(5);
  const { machine, studyId } = await importPack(folder);
  const [there] = await machine.client.studies.list();
  const here = (await owner.client.studies.list()).find(({ id }) => id === study.id)!;
  expect(there).toMatchObject({ uid: here.uid, manifestHash: here.manifestHash, origin: 'pack', stimuli: 4 });
  const { open, voteAll } = rateStudies(machine);
  const session = await open(studyId);
  expect(session.presentations).toHaveLength(5);
  await voteAll(session, () => 4);
  const merged = await owner.client.studies.merge(resultsOf(machine, studyId));
  expect(merged).toMatchObject({ studyId: study.id, sessions: 1, votes: 5, known: 0 });
  const rows = await owner.client.mos.rows({ mosSetId: study.mosSetId });
  expect(rows).toHaveLength(4);
  expect(rows.every(({ mean, n }) => mean === 4 && n === 1)).toBe(true);
  expect(await owner.client.studies.raters({ studyId: study.id })).toMatchObject([
    { name: 'Ada', done: 5, total: 5 },
  ]);
});

test('choices between pairs come back, too, with the pauses and checks of the sitting', async () => {
  const plan = { method: 'pairs' as const, pairs: { within: 'all' as const } };
  const study = await owner.client.studies.create(studyOf(images.slice(0, 3), { plan }));
  const { machine, studyId } = await importPack(await exportPack(study.id, ['Ada']));
  const { sessionId, pairs = [] } = await rateStudies(machine).open(studyId);
  expect(pairs).toHaveLength(3);
  for (const { id } of pairs) {
    const vote = { sessionId, presentationId: id, dimension: 'quality', shownMs: 9, key: randomUUID() };
    await machine.client.rating.votePair({ ...vote, choice: 'left' });
  }
  await machine.client.rating.note({ sessionId, key: randomUUID(), kind: 'idle', at: 5, durationMs: 700 });
  const merged = await owner.client.studies.merge(resultsOf(machine, studyId));
  expect(merged).toMatchObject({ sessions: 1, votes: 3 });
  expect(merged.contentHash).toBe(hashStudyContent(machine.studio, studyId));
  expect(await owner.client.studies.pairStatistics({ studyId: study.id })).toMatchObject({ comparisons: 3 });
});

test('only raters whom a pack names are let in, and they go on where they stopped at home', async () => {
  const study = await makeStudy();
  const home = rateStudies(owner);
  const session = await home.open(study.id, 'Ben');
  await home.vote(session, session.presentations[0]!.id, 5);
  const { machine, studyId } = await importPack(await exportPack(study.id, ['Ben']));
  const away = rateStudies(machine);
  expect((await away.open(studyId, 'Ben')).presentations).toHaveLength(4);
  await expect(away.open(studyId, 'Mal')).rejects.toMatchObject({ code: 'forbidden' });
});

test('a pack that lies in a folder of the library adds no second row to its files', async () => {
  const folder = await exportPack((await makeStudy()).id, ['Ada']);
  const machine = openTestStudio();
  machines.push(machine);
  await machine.finish(machine.client.library.score({ folder: dirname(folder) }));
  const before = await machine.client.library.roots();
  expect(before).toMatchObject([{ files: 5 }]);
  const { state } = await machine.finish(machine.client.studies.importPack({ path: folder }));
  expect(state).toBe('done');
  expect(await machine.client.library.roots()).toEqual(before);
});

test('a pack with a damaged or missing image, another design, or half of it, is not taken in', async () => {
  const study = await makeStudy();
  const folder = await exportPack(study.id, ['Ada']);
  const machine = openTestStudio();
  machines.push(machine);
  const take = async () => await machine.finish(machine.client.studies.importPack({ path: folder }));
  const path = join(folder, 'images', readdirSync(join(folder, 'images'))[0]!);
  const bytes = readFileSync(path);
  writeFileSync(path, Buffer.concat([bytes, Buffer.from([0])]));
  expect(await take()).toMatchObject({ state: 'failed', error: { code: 'unreadable' } });
  writeFileSync(path, bytes);
  const json = readFileSync(join(folder, 'study.json'), 'utf8');
  writeFileSync(join(folder, 'study.json'), json.replace(/seed\\":11/g, 'seed\\":12'));
  expect(await take()).toMatchObject({
    state: 'failed',
    error: { message: expect.stringContaining('frozen') },
  });
  const lacking = JSON.parse(json);
  lacking.files.pop();
  writeFileSync(join(folder, 'study.json'), JSON.stringify(lacking));
  expect(await take()).toMatchObject({
    state: 'failed',
    error: { message: expect.stringContaining('lacks an image') },
  });
  expect(await machine.client.images.query({})).toMatchObject({ ids: [] });
  writeFileSync(join(folder, 'study.json'), json.slice(0, 500));
  expect(await take()).toMatchObject({ state: 'failed', error: { code: 'badInput' } });
  expect(await machine.client.studies.list()).toEqual([]);
  writeFileSync(join(folder, 'study.json'), json);
  expect(await take()).toMatchObject({ state: 'done' });
  expect(await take(), 'taking it in again changes nothing').toMatchObject({ state: 'done' });
  expect(await machine.client.studies.list()).toHaveLength(1);
  await expect(
    owner.client.studies.exportPack({ studyId: study.id, path: folder, raterNames: ['X'] }),
  ).rejects.toMatchObject({
    code: 'conflict',
  });
});

test('a pack whose taking in breaks off leaves no study, and is taken in whole afterwards', async () => {
  const study = await makeStudy();
  const folder = await exportPack(study.id, ['Ada', 'Ben']);
  const machine = openTestStudio();
  machines.push(machine);
  const { db } = machine.studio;
  const take = async () => await machine.finish(machine.client.studies.importPack({ path: folder }));
  db.sqlite.exec(
    "CREATE TRIGGER breaks BEFORE INSERT ON presentation WHEN new.position = 3 BEGIN SELECT RAISE (ABORT, 'broken off'); END",
  );
  expect(await take()).toMatchObject({ state: 'failed' });
  for (const table of ['study', 'stimulus', 'study_item', 'presentation', 'mos_set']) {
    expect(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), table).toBe(0);
  }
  db.sqlite.exec('DROP TRIGGER breaks');
  const { state, summary } = await take();
  expect(state).toBe('done');
  const there = await machine.client.studies.raters({ studyId: summary!.studyId! });
  expect(there.map(({ name, total }) => [name, total])).toEqual([
    ['Ada', 5],
    ['Ben', 5],
  ]);
  // Its frozen prompts and gold items came along: what is rated there fits here.
  await rateStudies(machine).voteAll(await rateStudies(machine).open(summary!.studyId!, 'Ben'), () => 2);
  const merged = await owner.client.studies.merge(resultsOf(machine, summary!.studyId!));
  expect(merged).toMatchObject({ votes: 5, contentHash: hashStudyContent(owner.studio, study.id) });
});

test('results that are no results, of another study, or of another design are refused whole', async () => {
  const study = await makeStudy();
  const home = rateStudies(owner);
  const session = await home.open(study.id);
  await home.vote(session, session.presentations[0]!.id, 5);
  const results = describeResults(owner.studio, study.id);
  const merge = async (change: object) => {
    const text = JSON.stringify({ ...results, ...change });
    return await owner.client.studies.merge({ source: { fileName: 'r.json', file: new Blob([text]) } });
  };
  await expect(merge({ format: 'x' })).rejects.toMatchObject({ code: 'badInput' });
  const other = { ...results.study, uid: '0'.repeat(32) };
  await expect(merge({ study: other })).rejects.toMatchObject({ code: 'notFound' });
  const redesigned = { ...results.study, manifestHash: '0'.repeat(64) };
  await expect(merge({ study: redesigned })).rejects.toMatchObject({ code: 'conflict' });
  const before = hashStudyContent(owner.studio, study.id);
  const [good] = results.votes;
  const votes = [
    { ...good!, key: randomUUID() },
    { ...good!, key: randomUUID(), value: 9 },
  ];
  await expect(merge({ votes })).rejects.toMatchObject({ code: 'badInput' });
  expect(hashStudyContent(owner.studio, study.id)).toBe(before);
});

describe('results of several machines', () => {
  /** A copy of the owner's library as it was when the packs went out. */
  async function copyOfOwner(): Promise<TestStudio> {
    const folder = owner.folder('copy');
    await owner.studio.db.sqlite.backup(join(folder, 'studio.sqlite'));
    const copy = openTestStudio({ libraryFolder: folder });
    machines.push(copy);
    return copy;
  }

  async function rateSome(machine: TestStudio, session: RatingSession, seed: number) {
    const random = createRandom(seed);
    const { vote } = rateStudies(machine);
    for (let at = 0; at < 8; at += 1) {
      const { id } = session.presentations[random.below(session.presentations.length)]!;
      await vote(session, id, 1 + random.below(5));
    }
  }

  test('give the same content in every order, however often each is taken in', async () => {
    const study = await makeStudy();
    const folder = await exportPack(study.id, ['Ada', 'Ben']);
    // Ada takes her pack to two machines at once and rates the same images on both.
    const files: { machine: string; source: ReturnType<typeof resultsOf> }[] = [];
    for (const [name, raterName] of [
      ['one', 'Ada'],
      ['two', 'Ada'],
      ['three', 'Ben'],
    ] as const) {
      const { machine, studyId } = await importPack(folder);
      const session = await rateStudies(machine).open(studyId, raterName);
      await rateSome(machine, session, files.length);
      files.push({ machine: `${name}, early`, source: resultsOf(machine, studyId) });
      await rateSome(machine, session, files.length);
      await machine.client.rating.close({ sessionId: session.sessionId });
      files.push({ machine: `${name}, late`, source: resultsOf(machine, studyId) });
    }
    const hashes = new Set<string>();
    const orders = fc.sample(fc.array(fc.nat(files.length - 1), { maxLength: 4 }), { numRuns: 6, seed: 5 });
    for (const [run, extra] of orders.entries()) {
      const copy = await copyOfOwner();
      const all = [...files.keys(), ...extra];
      const random = createRandom(run);
      const order = all.map((at) => ({ at, key: random.next() })).sort((a, b) => a.key - b.key);
      for (const { at } of order)
        hashes.add((await copy.client.studies.merge(files[at]!.source)).contentHash);
      const last = hashStudyContent(copy.studio, study.id);
      hashes.clear();
      hashes.add(last);
      if (run === 0) await owner.client.studies.merge(files[0]!.source);
      for (const { source } of files) await owner.client.studies.merge(source);
      expect(hashStudyContent(owner.studio, study.id)).toBe(last);
      const again = await copy.client.studies.merge(files[run % files.length]!.source);
      expect(again).toMatchObject({ sessions: 0, votes: 0, contentHash: last });
    }
    const votes = owner.studio.db.prepare(
      `SELECT count(*) FROM current_vote WHERE study_id = ? GROUP BY presentation_id, dimension HAVING count(*) > 1`,
    );
    expect(votes.all(study.id), 'one vote counts on each presentation').toEqual([]);
  });
});

test('an exported pack is whole or no pack: study.json comes last', async () => {
  const study = await makeStudy();
  const file = images[0]!;
  const path = owner.studio.db
    .prepare('SELECT r.path || ? || f.path FROM file f JOIN root r ON r.id = f.root_id WHERE f.image_id = ?')
    .pluck()
    .get('/', file) as string;
  const bytes = readFileSync(path);
  writeFileSync(path, Buffer.concat([bytes, Buffer.from([1])]));
  const folder = join(owner.folder('broken'), 'pack');
  const job = await owner.finish(
    owner.client.studies.exportPack({ studyId: study.id, path: folder, raterNames: ['Ada'] }),
  );
  expect(job.state).toBe('failed');
  expect(existsSync(join(folder, 'study.json'))).toBe(false);
});

/** What a sitting shows: stabilising items first every time, groups without their prompts, and the size that the plan says. */
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { NewStudy, RatingSession } from '../../contract/studies.ts';
import { describeResults } from '../../core/study-pack/results.ts';
import { addImages, ratingClient, studyOf } from '../support/add-images.ts';
import { writeScenes } from '../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';
import { rateStudies } from '../support/rate-studies.ts';

const hourMs = 3_600_000;
let clock = 1_700_000_000_000;
let opened: TestStudio;
let images: number[];
let { create, open, vote } = {} as ReturnType<typeof rateStudies>;
beforeAll(() => {
  opened = openTestStudio({ now: () => clock });
  images = addImages(opened.studio, 6, 3);
  ({ create, open, vote } = rateStudies(opened));
});
beforeEach(() => {
  clock += 100 * hourMs;
});
afterAll(async () => await opened.close());

/** Answers the next `count` open questions in the order of the sitting; gives the images. */
async function rate(session: RatingSession, count: number): Promise<number[]> {
  const isOpen = ({ votes }: RatingSession['presentations'][number]) => Object.keys(votes).length === 0;
  const next = session.presentations.filter(isOpen).slice(0, count);
  for (const { id } of next) {
    clock += 1000;
    await vote(session, id, 3);
  }
  return next.map(({ imageId }) => imageId);
}

function openOf({ presentations }: RatingSession): number[] {
  return presentations.filter(({ votes }) => Object.keys(votes).length === 0).map(({ imageId }) => imageId);
}

const stabilising = () => images.slice(0, 2);
const rated = () => images.slice(2, 8);

test('stabilising items come first in every sitting, are asked anew, and are stored each time', async () => {
  const study = await create(studyOf(rated(), { items: { stabilising: stabilising() } }));
  const first = await open(study.id);
  expect(await rate(first, 4)).toEqual([...stabilising(), expect.any(Number), expect.any(Number)]);
  clock += 60_000;
  const reloaded = await open(study.id);
  expect(reloaded.next, 'a page that is loaded again goes on').toBe(4);
  clock += hourMs;
  const second = await open(study.id);
  expect(openOf(second).slice(0, 2)).toEqual(stabilising());
  expect(second.next).toBe(0);
  expect(openOf(second)).toHaveLength(2 + 4);
  await rate(second, 6);
  clock += hourMs;
  expect(openOf(await open(study.id)), 'and not once everything is rated').toEqual([]);
  const stored = opened.studio.db
    .prepare(
      "SELECT count(*) FROM vote v JOIN presentation p ON p.id = v.presentation_id WHERE p.study_id = ? AND p.role = 'stabilising'",
    )
    .pluck();
  expect(stored.get(study.id)).toBe(4);
  const rows = await opened.client.mos.rows({ mosSetId: study.mosSetId });
  expect(rows.map(({ imageId }) => imageId).toSorted((a, b) => a - b)).toEqual(rated());
});

test('with a fixed number of images a sitting, they come before what is left of the last one, too', async () => {
  const plan = { sittings: { itemsPerSitting: 3 } };
  const study = await create(studyOf(rated(), { items: { stabilising: stabilising() }, plan }));
  await rate(await open(study.id), 3);
  clock += hourMs;
  const second = await open(study.id);
  expect(openOf(second).slice(0, 2)).toEqual(stabilising());
  expect(openOf(second)).toHaveLength(2 + 2);
  await rate(second, 4);
  clock += hourMs;
  const third = await open(study.id);
  expect(openOf(third).slice(0, 2)).toEqual(stabilising());
  expect(openOf(third)).toHaveLength(2 + 3);
});

test('training comes before the first answer only, gold and trap items once, whatever the sittings', async () => {
  const check = (imageId: number) => ({ imageId, dimension: 'quality', expected: 3, tolerance: 1 });
  const items = {
    training: [images[8]!],
    stabilising: stabilising(),
    gold: [check(images[9]!)],
    traps: [check(images[10]!)],
  };
  const plan = { sittings: { itemsPerSitting: 2 }, order: { repeatedImages: 1 } };
  const study = await create(studyOf(rated(), { items, plan }));
  const shown: number[] = [];
  for (let sitting = 0; sitting < 3; sitting += 1) {
    const session = await open(study.id);
    expect(session.training).toHaveLength(sitting === 0 ? 1 : 0);
    shown.push(...(await rate(session, 100)).slice(2));
    clock += hourMs;
  }
  const counts = Object.groupBy(shown, (id) => id);
  expect(counts[images[9]!]).toHaveLength(1);
  expect(counts[images[10]!]).toHaveLength(1);
  expect(counts[images[8]!]).toBeUndefined();
  for (const id of rated()) expect([1, 2]).toContain(counts[id]?.length);
  const repeated = rated().filter((id) => counts[id]!.length === 2);
  expect(repeated, 'one image of each sitting comes again in it').toHaveLength(3);
});

test('a group is known by a number of this session that says nothing else, also where prompts are hidden', async () => {
  const design: NewStudy = studyOf(images, { items: { training: [images[0]!] } });
  design.design.dimensions[0]!.showsPrompt = false;
  design.imageIds = images.slice(3);
  const study = await create(design);
  const sessions = [await open(study.id), await open(study.id), await open(study.id, 'Ben')];
  const seen = new Set<number>();
  for (const session of sessions) {
    expect(JSON.stringify(session)).not.toMatch(/prompt \d/);
    const groups = Map.groupBy(session.presentations, ({ promptGroup }) => promptGroup);
    expect(groups.size).toBe(5);
    for (const [number, members] of groups) {
      const prompts = new Set(members.map(({ imageId }) => Math.floor(images.indexOf(imageId) / 3)));
      expect(prompts.size).toBe(1);
      expect(seen.has(number), 'no number comes in two sessions').toBe(false);
      seen.add(number);
    }
  }
});

test('a rater is told neither what the study is called nor how the order is drawn', async () => {
  const design = studyOf(images.slice(3), { name: 'SDXL against FLUX' });
  design.design.seed = 987_654_321;
  const session = JSON.stringify(await open((await create(design)).id));
  expect(session).not.toContain('SDXL');
  expect(session).not.toContain('987654321');
});

test('pairs of one prompt are a group; a pair across prompts is one of its own', async () => {
  const plan = { method: 'pairs' as const, pairs: { within: 'all' as const } };
  const study = await create(studyOf(images.slice(0, 4), { plan }));
  const { pairs = [] } = await open(study.id);
  const numbers = Map.groupBy(pairs, ({ promptGroup }) => promptGroup);
  expect([...numbers.values()].map(({ length }) => length).toSorted()).toEqual([3, 3]);
});

test('a plan that fixes the size tells the page, is kept with the session, and is in the paragraph for a paper', async () => {
  const viewing = { size: 'pixels' as const, allowsZoom: false };
  const study = await create(studyOf(rated(), { plan: { viewing } }));
  const client = { ...ratingClient, zoom: 'fit' as const };
  const session = await opened.client.rating.open({ studyId: study.id, raterName: 'Ada', client });
  expect(session.rules!.viewing).toEqual(viewing);
  const kept = opened.studio.db.prepare("SELECT json_extract(client, '$.zoom') FROM session WHERE id = ?");
  expect(kept.pluck().get(session.sessionId)).toBe('pixels');
  await rate(session, 1);
  const { paragraph, table } = await opened.client.studies.methods({ studyId: study.id });
  expect(paragraph).toContain('shown in true pixels (one pixel of the image on one of the screen)');
  expect(paragraph).toContain('in no other size');
  expect(table).toContain('| Viewing |');
  const changed = {
    ...study.design,
    plan: { ...study.design.plan, viewing: { size: 'fit' as const, allowsZoom: false } },
  };
  const next = await opened.client.studies.revise({ studyId: study.id, design: changed });
  expect(next, 'once there are votes, another size is another version').toMatchObject({ version: 2 });
});

test('on another machine stabilising items come first in every sitting as well, and results come back', async () => {
  const home = openTestStudio({ now: () => clock });
  const away = openTestStudio({ now: () => clock });
  try {
    const folder = home.folder('scenes');
    await writeScenes(folder, 4, { width: 32, height: 32 });
    await home.finish(home.client.library.score({ folder }));
    const { ids } = await home.client.images.query({});
    const items = { stabilising: ids.slice(0, 1) };
    const study = await home.client.studies.create(studyOf(ids.slice(1), { items }));
    const begun = rateStudies(home);
    const start = await begun.open(study.id);
    for (const { id } of start.presentations.slice(0, 2)) await begun.vote(start, id, 2);
    clock += hourMs;
    const path = join(home.folder('packs'), 'a.sfiqa-study');
    await home.finish(home.client.studies.exportPack({ studyId: study.id, path, raterNames: ['Ada'] }));
    const { summary } = await away.finish(away.client.studies.importPack({ path }));
    const there = rateStudies(away);
    for (const left of [3, 2]) {
      const session = await there.open(summary!.studyId!);
      expect(openOf(session)).toHaveLength(left);
      for (const { id, votes } of session.presentations) {
        if (Object.keys(votes).length > 0) continue;
        clock += 1000;
        await there.vote(session, id, 4);
        if (left === 3 && id !== session.presentations[0]!.id) break;
      }
      clock += hourMs;
    }
    const text = JSON.stringify(describeResults(away.studio, summary!.studyId!));
    const source = { fileName: 'results.json', file: new Blob([text]) };
    expect(await home.client.studies.merge({ source })).toMatchObject({ sessions: 2, votes: 4, known: 0 });
    const rows = await home.client.mos.rows({ mosSetId: study.mosSetId });
    expect(rows.map(({ mean, n }) => [mean, n]).toSorted()).toEqual([
      [2, 1],
      [4, 1],
      [4, 1],
    ]);
  } finally {
    await Promise.all([home.close(), away.close()]);
  }
});

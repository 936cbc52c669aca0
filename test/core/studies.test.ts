/** Studies by the book: roles, repeats, references, pairs; frozen at the first vote. */
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PairChoice, RatingSession } from '../../contract/studies.ts';
import { describeExport } from '../../core/export/export-table.ts';
import { manifestOf } from '../../db/studies.ts';
import { addImages, studyOf } from '../support/add-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';
import { rateStudies } from '../support/rate-studies.ts';
import { readText } from '../support/read-export.ts';

const clock = 1_700_000_000_000;
let opened: TestStudio;
let images: number[];
let { create, open, vote, voteAll, rolesOf } = {} as ReturnType<typeof rateStudies>;
beforeAll(() => {
  opened = openTestStudio({ now: () => clock });
  images = addImages(opened.studio, 6, 3);
  ({ create, open, vote, voteAll, rolesOf } = rateStudies(opened));
});
afterAll(async () => await opened.close());

async function mosOf(mosSetId: number, dimension = 'quality') {
  const rows = await opened.client.mos.rows({ mosSetId });
  return new Map(rows.filter((row) => row.dimension === dimension).map((row) => [row.imageId, row]));
}

describe('items beside the main images', () => {
  const checks = (imageId: number) => [{ imageId, dimension: 'quality', expected: 1, tolerance: 0 }];

  test('have roles that the rater does not see; training is shown once and has no presentation', async () => {
    const main = images.slice(0, 10);
    const [training, stabilising, gold, trap] = images.slice(10) as [number, number, number, number];
    const items = {
      training: [training],
      stabilising: [stabilising],
      gold: checks(gold),
      traps: checks(trap),
    };
    const study = await create(studyOf(main, { items, plan: { order: { repeatedImages: 2, showings: 3 } } }));
    const session = await open(study.id);
    const roles = rolesOf(study.id);
    expect(roles[0]).toEqual(['stabilising', stabilising]);
    const counts = Object.groupBy(roles, ([role]) => role);
    expect(counts['main']!.map(([, id]) => id).sort((a, b) => a - b)).toEqual(main);
    expect(counts).toMatchObject({ gold: [['gold', gold]], trap: [['trap', trap]] });
    expect(counts['repeat']).toHaveLength(4);
    expect(counts['training']).toBeUndefined();
    expect(session.training).toMatchObject([
      { imageId: training, prompt: expect.stringContaining('prompt') },
    ]);
    expect(JSON.stringify(session.presentations)).not.toMatch(/gold|trap|repeat|stabilising|expected/);
    await vote(session, session.presentations[0]!.id, 3);
    expect((await open(study.id)).training).toEqual([]);
  });

  test('are never counted: the MOS is that of the first showings of main images', async () => {
    const [a, b, c, d] = images as [number, number, number, number];
    const items = { stabilising: [d], gold: checks(c) };
    const plan = { order: { repeatedImages: 1, showings: 2 } };
    const study = await create(studyOf([a, b], { items, plan }));
    const session = await open(study.id);
    const roles = rolesOf(study.id);
    await voteAll(session, (_, at) => (roles[at]![0] === 'main' ? 5 : 1));
    const mos = await mosOf(study.mosSetId);
    expect([...mos.keys()].sort((x, y) => x - y)).toEqual([a, b]);
    for (const row of mos.values()) expect(row).toMatchObject({ mean: 5, n: 1 });
  });

  test('must fit: an answer off the scale, a dimension that is not asked, an image that is not there', async () => {
    const [a, b] = images as [number, number];
    const gold = { imageId: b, dimension: 'quality', expected: 6, tolerance: 0 };
    await expect(create(studyOf([a], { items: { gold: [gold] } }))).rejects.toMatchObject({
      code: 'badInput',
    });
    const beauty = { ...gold, expected: 1, dimension: 'beauty' };
    await expect(create(studyOf([a], { items: { gold: [beauty] } }))).rejects.toMatchObject({
      code: 'badInput',
    });
    await expect(create(studyOf([a], { items: { training: [9999] } }))).rejects.toMatchObject({
      code: 'notFound',
    });
  });
});

describe('hidden references (ACR-HR)', () => {
  test('give DMOS beside MOS: own vote − vote on the reference + 5, over raters who gave both (ACR-HR of P.910)', async () => {
    const [reference, a, b] = images as [number, number, number];
    const labels = [a, b].map((imageId) => ({ imageId, referenceId: reference }));
    const study = await create(studyOf([reference, a, b], { labels, plan: { method: 'hiddenReference' } }));
    const given: Record<string, Record<number, number>> = {
      Ada: { [reference]: 5, [a]: 3, [b]: 2 },
      Ben: { [reference]: 4, [a]: 3, [b]: 4 },
    };
    for (const [name, values] of Object.entries(given)) {
      await voteAll(await open(study.id, name), (id) => values[id]!);
    }
    const dmos = await mosOf(study.mosSetId, 'dmos_quality');
    expect(dmos.get(a)).toMatchObject({ mean: (3 + 4) / 2, n: 2 });
    expect(dmos.get(b)).toMatchObject({ mean: (2 + 5) / 2, n: 2 });
    expect(dmos.get(reference)).toBeUndefined();
    expect((await mosOf(study.mosSetId)).get(reference)).toMatchObject({ mean: 4.5 });
  });

  test('need the method, and the method needs them', async () => {
    const [a, b] = images as [number, number];
    const labels = [{ imageId: a, referenceId: b }];
    await expect(create(studyOf([a, b], { labels }))).rejects.toMatchObject({ code: 'badInput' });
    const plan = { method: 'hiddenReference' as const };
    await expect(create(studyOf([a, b], { plan }))).rejects.toMatchObject({ code: 'badInput' });
  });
});

describe('pairs', () => {
  async function choose(session: RatingSession, at: number, choice: PairChoice, key = randomUUID()) {
    const { sessionId, pairs = [] } = session;
    const sent = { sessionId, presentationId: pairs[at]!.id, dimension: 'quality', choice, shownMs: 400 };
    return await opened.client.rating.votePair({ ...sent, key });
  }

  test('compare images of one prompt, each pair once, and swap sides on repeats', async () => {
    const plan = { method: 'pairs' as const, order: { repeatedImages: 4, showings: 2 } };
    const study = await create(studyOf(images, { plan }));
    const { pairs = [], presentations } = await open(study.id);
    expect(presentations).toEqual([]);
    expect(pairs).toHaveLength(6 * 3 + 4);
    const nameOf = ({ left, right }: (typeof pairs)[number]) =>
      [left.imageId, right.imageId].sort((a, b) => a - b).join();
    const byPair = Map.groupBy(pairs, nameOf);
    expect(byPair.size).toBe(18);
    for (const own of byPair.values()) {
      const [first, second] = own;
      expect(Math.floor(images.indexOf(first!.left.imageId) / 3)).toBe(
        Math.floor(images.indexOf(first!.right.imageId) / 3),
      );
      if (second !== undefined) expect(second.left.imageId).toBe(first!.right.imageId);
    }
  });

  test('take ties and skips where the study allows them; choices are append-only and corrected by superseding', async () => {
    const plan = { method: 'pairs' as const, pairs: { allowsTies: false, within: 'all' as const } };
    const study = await create(studyOf(images.slice(0, 4), { plan }));
    const session = await open(study.id);
    expect(session.pairs).toHaveLength(6);
    await expect(choose(session, 0, 'tie')).rejects.toMatchObject({ code: 'badInput' });
    const key = randomUUID();
    const first = await choose(session, 0, 'left', key);
    expect(await choose(session, 0, 'left', key)).toEqual(first);
    const second = await choose(session, 0, 'right');
    expect(second.supersedes).toBe(first.voteId);
    await choose(session, 1, 'skip');
    const again = await open(study.id);
    expect(again.next).toBe(2);
    expect(again.pairs![0]!.choices).toEqual({ quality: 'right' });
    expect(() => opened.studio.db.sqlite.exec(`UPDATE pair_vote SET choice = 'tie'`)).toThrow(/append-only/);
    expect(() => opened.studio.db.sqlite.exec('DELETE FROM pair_vote')).toThrow(/append-only/);
    expect((await opened.client.studies.list()).find(({ id }) => id === study.id)).toMatchObject({
      votes: 2,
    });
    await expect(vote(session, session.pairs![0]!.id, 3)).rejects.toMatchObject({ code: 'badInput' });
  });
});

describe('a study', () => {
  test('is frozen at the first vote: contents, seed, order, scale and versions under one hash', async () => {
    const study = await create(studyOf(images.slice(0, 2)));
    expect(study).toMatchObject({ version: 1, parentId: null, frozenAt: null, manifestHash: null });
    const session = await open(study.id);
    await vote(session, session.presentations[0]!.id, 4);
    const frozen = (await opened.client.studies.list()).find(({ id }) => id === study.id)!;
    expect(frozen.frozenAt).toBe(clock);
    const text = manifestOf(opened.studio.db, study.id)!;
    expect(frozen.manifestHash).toBe(createHash('sha256').update(text).digest('hex'));
    expect(await readText(await describeExport(opened.studio, { kind: 'design', studyId: study.id }))).toBe(
      text,
    );
    const hash = (name: string) => createHash('sha256').update(name).digest('hex');
    expect(JSON.parse(text)).toMatchObject({
      study: { uid: study.uid, version: 1 },
      order: { algorithm: 1, seed: 11 },
      design: { dimensions: [{ scale: { words: ['Bad', 'Poor', 'Fair', 'Good', 'Excellent'] } }] },
      images: [hash('g0_000.png'), hash('g1_000.png')]
        .sort()
        .map((sha256) => ({ sha256, prompt: 'prompt 0' })),
    });
  });

  test('changes in place before that, and becomes its next version after', async () => {
    const study = await create(studyOf(images.slice(0, 2)));
    await open(study.id);
    const wider = await opened.client.studies.revise({
      studyId: study.id,
      imageIds: images.slice(0, 3),
      name: 'Wider',
    });
    expect(wider).toMatchObject({ id: study.id, name: 'Wider', stimuli: 3, version: 1 });
    const session = await open(study.id);
    expect(session.presentations).toHaveLength(3);
    await vote(session, session.presentations[0]!.id, 4);
    const next = await opened.client.studies.revise({ studyId: study.id, imageIds: images.slice(0, 4) });
    expect(next).toMatchObject({ version: 2, parentId: study.id, stimuli: 4, votes: 0, frozenAt: null });
    expect(next.id).not.toBe(study.id);
    const kept = (await opened.client.studies.list()).find(({ id }) => id === study.id);
    expect(kept).toMatchObject({ stimuli: 3, votes: 1 });
  });

  test('shows the prompts it was frozen with, whatever the library learns later', async () => {
    const own = addImages(opened.studio, 40).slice(-1);
    const study = await create(studyOf(own));
    const session = await open(study.id);
    await vote(session, session.presentations[0]!.id, 4);
    const source = { fileName: 'p.csv', file: new Blob(['name,prompt\ng0_039.png,something else\n']) };
    expect(await opened.client.library.importPrompts({ source })).toMatchObject({ matched: 1 });
    expect((await open(study.id)).presentations[0]!.prompt).toBe('prompt 39');
  });

  test('keeps how a vote was given: time shown, time to the key, pauses', async () => {
    const study = await create(studyOf(images));
    const session = await open(study.id);
    const { voteId } = await vote(session, session.presentations[0]!.id, 4);
    const row = opened.studio.db
      .prepare('SELECT shown_ms, key_ms, paused_ms FROM vote WHERE id = ?')
      .get(voteId);
    expect(row).toEqual({ shown_ms: 900, key_ms: 700, paused_ms: 20 });
  });
});

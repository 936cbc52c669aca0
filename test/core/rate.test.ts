import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewStudy, RatingSession } from '../../contract/studies.ts';
import { isOnScale } from '../../core/check-study.ts';
import { tabulate } from '../../core/export/export-table.ts';
import { writeScenes } from '../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

let test: TestStudio;
let imageIds: number[];

beforeAll(async () => {
  test = openTestStudio();
  const folder = test.folder('scenes');
  await writeScenes(folder, 6, { width: 64, height: 64 });
  await test.finish(test.client.library.score({ folder }));
  imageIds = (await test.client.images.query({})).ids;
});
afterAll(() => test.close());

const words = ['Bad', 'Poor', 'Fair', 'Good', 'Excellent'];

function design(name: string): NewStudy {
  const scale = { kind: 'acr' as const, words };
  return {
    name,
    imageIds,
    design: {
      seed: 42,
      instructions: '',
      dimensions: [
        { key: 'quality', label: 'Quality', question: '', showsPrompt: false, scale },
        { key: 'alignment', label: 'Alignment', question: '', showsPrompt: true, scale },
      ],
    },
  };
}

const client = { windowWidth: 1280, windowHeight: 800, devicePixelRatio: 1, userAgent: 'test' };

async function begin(name: string, raterName = 'Ada'): Promise<{ studyId: number; session: RatingSession }> {
  const study = await test.client.studies.create(design(name));
  return {
    studyId: study.id,
    session: await test.client.rating.open({ studyId: study.id, raterName, client }),
  };
}

function vote(session: RatingSession, at: number, dimension: string, value: number, key = randomUUID()) {
  const { sessionId, presentations } = session;
  return test.client.rating.vote({
    sessionId,
    presentationId: presentations[at]!.id,
    dimension,
    value,
    key,
    shownMs: 900,
  });
}

describe('a rater', () => {
  it('gets every stimulus once, in an order of their own that the seed brings back', async () => {
    const { studyId, session } = await begin('order');
    const order = session.presentations.map(({ imageId }) => imageId);
    expect(order.toSorted((a, b) => a - b)).toEqual(imageIds.toSorted((a, b) => a - b));
    const again = await test.client.rating.open({ studyId, raterName: 'ada', client });
    expect(again.presentations.map(({ imageId }) => imageId)).toEqual(order);
    const orders = new Set<string>();
    for (const raterName of ['Ben', 'Cem', 'Dee', 'Eva']) {
      const other = await test.client.rating.open({ studyId, raterName, client });
      orders.add(other.presentations.map(({ imageId }) => imageId).join());
    }
    expect(orders.size).toBeGreaterThan(1);
  });

  it('goes on at the first stimulus with a dimension still open', async () => {
    const { studyId, session } = await begin('resume');
    await vote(session, 0, 'quality', 4);
    await vote(session, 0, 'alignment', 2);
    await vote(session, 1, 'quality', 5);
    const again = await test.client.rating.open({ studyId, raterName: 'Ada', client });
    expect(again.next).toBe(1);
    expect(again.presentations[1]!.votes).toEqual({ quality: 5 });
  });

  it('is shown nothing that could bias: no name, generator, score or other vote', async () => {
    const { studyId } = await begin('blind');
    const session = await test.client.rating.open({ studyId, raterName: 'Zoe', client });
    expect(Object.keys(session.presentations[0]!).toSorted()).toEqual(
      ['height', 'id', 'imageId', 'prompt', 'promptGroup', 'votes', 'width'].toSorted(),
    );
    expect(session.presentations.every(({ votes }) => Object.keys(votes).length === 0)).toBe(true);
  });
});

describe('a vote', () => {
  it('is stored once however often it is sent', async () => {
    const { studyId, session } = await begin('repeat');
    const key = randomUUID();
    const first = await vote(session, 0, 'quality', 3, key);
    expect(await vote(session, 0, 'quality', 3, key)).toEqual(first);
    expect((await test.client.studies.list()).find(({ id }) => id === studyId)!.votes).toBe(1);
    await expect(vote(session, 0, 'quality', 4, key)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('corrects an earlier one without removing it, and the MOS follows', async () => {
    const { studyId, session } = await begin('correct');
    const first = await vote(session, 0, 'quality', 1);
    const second = await vote(session, 0, 'quality', 5);
    expect(second.supersedes).toBe(first.voteId);
    const { mosSetId } = (await test.client.studies.list()).find(({ id }) => id === studyId)!;
    expect(await test.client.mos.rows({ mosSetId })).toMatchObject([{ mean: 5, n: 1, sd: null, low: null }]);
    const rows = [...(await tabulate(test.studio, { kind: 'votes', studyId })).rows];
    expect(rows.length).toBe(2);
  });

  it.each([0, 6, 2.5, -1])('of %d is not on a five-level scale', async (value) => {
    const { session } = await begin(`scale ${value}`);
    await expect(vote(session, 0, 'quality', value)).rejects.toMatchObject({ code: 'badInput' });
  });

  it('on something the study does not ask, on another’s presentation, or in a closed session is refused', async () => {
    const { studyId, session } = await begin('foreign');
    await expect(vote(session, 0, 'beauty', 3)).rejects.toMatchObject({ code: 'badInput' });
    const other = await test.client.rating.open({ studyId, raterName: 'Mal', client });
    const mixed = { ...session, presentations: other.presentations };
    await expect(vote(mixed, 0, 'quality', 3)).rejects.toMatchObject({ code: 'notFound' });
    await test.client.rating.close({ sessionId: session.sessionId });
    await expect(vote(session, 0, 'quality', 3)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('cannot be changed or deleted in the database itself', () => {
    const { sqlite } = test.studio.db;
    expect(() => sqlite.exec('UPDATE vote SET value = 1')).toThrow(/append-only/);
    expect(() => sqlite.exec('DELETE FROM vote')).toThrow(/append-only/);
  });
});

describe('the raters of a study', () => {
  it('are listed with how far each is: a stimulus is done when every dimension has a vote', async () => {
    const { studyId, session } = await begin('progress');
    await vote(session, 0, 'quality', 4);
    await vote(session, 0, 'alignment', 4);
    await vote(session, 1, 'quality', 2);
    await test.client.rating.open({ studyId, raterName: 'Bea', client });
    expect(await test.client.studies.raters({ studyId })).toMatchObject([
      { name: 'Ada', done: 1, total: 6, votes: 3, lastVoteAt: expect.any(Number) },
      { name: 'Bea', done: 0, total: 6, votes: 0, lastVoteAt: null },
    ]);
  });
});

describe('MOS of several raters', () => {
  it('is their mean with SD, N and Student’s interval', async () => {
    const { studyId, session } = await begin('panel', 'R1');
    const imageId = session.presentations[0]!.imageId;
    for (const [raterName, value] of [
      ['R1', 3],
      ['R2', 4],
      ['R3', 5],
      ['R4', 4],
    ] as const) {
      const own = await test.client.rating.open({ studyId, raterName, client });
      await vote(
        own,
        own.presentations.findIndex((card) => card.imageId === imageId),
        'quality',
        value,
      );
    }
    const { mosSetId } = (await test.client.studies.list()).find(({ id }) => id === studyId)!;
    const [row] = await test.client.mos.rows({ mosSetId });
    expect(row).toMatchObject({ mean: 4, n: 4 });
    expect(row!.sd).toBeCloseTo(Math.sqrt(2 / 3), 12);
    // t(0.975, 3) = 3.182446305 (tables of Student's distribution).
    expect(row!.high! - 4).toBeCloseTo((3.182446305 * Math.sqrt(2 / 3)) / 2, 7);
  });
});

describe('a study', () => {
  it('takes only images that have a file to show', async () => {
    const set = await test.client.mos.import({
      source: { fileName: 'm.csv', file: new Blob(['name,mos\nnofile.png,3\n']) },
    });
    const [row] = await test.client.mos.rows({ mosSetId: set.id });
    const order = { ...design('no file'), imageIds: [row!.imageId] };
    await expect(test.client.studies.create(order)).rejects.toMatchObject({ code: 'badInput' });
  });
});

describe('a continuous scale of 0–5 in steps of 0.1', () => {
  const scale = { kind: 'continuous' as const, min: 0, max: 5, step: 0.1 };
  it.each([0, 0.1, 0.3, 3.7, 4.9, 5])('has %d', (value) => expect(isOnScale(value, scale)).toBe(true));
  it.each([-0.1, 5.1, 3.75, Number.NaN])('does not have %d', (value) =>
    expect(isOnScale(value, scale)).toBe(false),
  );
});

/** Sittings: what is laid out for a rater, when a sitting is over, what is kept beside votes. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addImages, studyOf } from '../support/add-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';
import { rateStudies } from '../support/rate-studies.ts';

const minuteMs = 60_000;
let clock = 1_700_000_000_000;
let opened: TestStudio;
let images: number[];
let { create, open, vote, voteAll, rolesOf } = {} as ReturnType<typeof rateStudies>;
beforeAll(() => {
  opened = openTestStudio({ now: () => clock });
  images = addImages(opened.studio, 6, 3);
  ({ create, open, vote, voteAll, rolesOf } = rateStudies(opened));
});
afterAll(async () => await opened.close());

describe('sittings', () => {
  test('of a fixed number of items give the images with the fewest votes first, and further ones when all are done', async () => {
    const plan = { sittings: { itemsPerSitting: 6, targetVotes: 2 } };
    const study = await create(studyOf(images, { plan }));
    for (const name of ['R1', 'R2', 'R3']) await voteAll(await open(study.id, name), () => 4);
    const shownTo = (name: string) => rolesOf(study.id, name).map(([, id]) => id);
    const all = ['R1', 'R2', 'R3'].flatMap(shownTo);
    expect(new Set(all).size).toBe(18);
    const more = await open(study.id, 'R1');
    expect(more.next).toBe(6);
    expect(more.presentations).toHaveLength(12);
    expect(new Set(shownTo('R1')).size).toBe(12);
  });

  test('leave out images that have their target votes', async () => {
    const study = await create(studyOf(images.slice(0, 3), { plan: { sittings: { targetVotes: 1 } } }));
    await voteAll(await open(study.id, 'R1'), () => 4);
    expect((await open(study.id, 'R2')).presentations).toEqual([]);
  });

  test('are over at their cap, training included; after a rest the rater goes on', async () => {
    const study = await create(
      studyOf(images, { plan: { sittings: { capMinutes: 30, restMinutes: 10, breakEveryMinutes: 12 } } }),
    );
    const session = await open(study.id);
    expect(session.rules).toMatchObject({ capMs: 30 * minuteMs, breakEveryMs: 12 * minuteMs });
    expect((await vote(session, session.presentations[0]!.id, 3)).isSittingOver).toBe(false);
    clock += 2 * minuteMs;
    expect((await open(study.id)).startedAt, 'a page loaded again is the same sitting').toBe(
      session.startedAt,
    );
    clock += 28 * minuteMs;
    expect((await vote(session, session.presentations[1]!.id, 3)).isSittingOver).toBe(true);
    await opened.client.rating.close({ sessionId: session.sessionId });
    clock += 1;
    await open(study.id);
    clock += 1;
  });

  test('ask for rest: a full sitting is not followed by another at once', async () => {
    const study = await create(studyOf(images, { plan: { sittings: { capMinutes: 5, restMinutes: 10 } } }));
    const session = await open(study.id, 'Tired');
    clock += 6 * minuteMs;
    await vote(session, session.presentations[0]!.id, 3);
    await expect(open(study.id, 'Tired')).rejects.toMatchObject({ code: 'conflict' });
    clock += 10 * minuteMs;
    expect((await open(study.id, 'Tired')).next).toBe(1);
  });

  test('keep pauses, window changes and viewing checks, each once', async () => {
    const study = await create(studyOf(images));
    const { sessionId } = await open(study.id);
    const note = { sessionId, key: randomUUID(), kind: 'focusLoss' as const, at: clock, durationMs: 1200 };
    await opened.client.rating.note(note);
    await opened.client.rating.note(note);
    const check = {
      sessionId,
      key: randomUUID(),
      kind: 'check' as const,
      at: clock,
      detail: { acuity: 0.9 },
    };
    await opened.client.rating.note(check);
    const stored = opened.studio.db
      .prepare('SELECT kind, duration_ms, detail FROM session_note WHERE session_id = ?')
      .all(sessionId);
    expect(stored).toEqual([
      { kind: 'focusLoss', duration_ms: 1200, detail: '{}' },
      { kind: 'check', duration_ms: 0, detail: '{"acuity":0.9}' },
    ]);
  });
});

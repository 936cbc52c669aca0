import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StudioError } from '../../contract/errors.ts';
import type { Job, JobKind, JobSummary } from '../../contract/jobs.ts';
import { type JobContext, stopIfCancelled } from '../../core/jobs.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

let test: TestStudio;
let nowMs: number;
beforeEach(() => {
  nowMs = 1_700_000_000_000;
  test = openTestStudio({ now: () => nowMs });
});
afterEach(() => test.close());

function start(kind: JobKind, work: (context: JobContext) => Promise<JobSummary>): Job {
  return test.studio.jobs.start({ kind, title: `A job: ${kind}`, params: {}, work });
}

/** A job whose steps the test takes one by one: `context` once it has begun, `end` to let it end. */
function startByHand(kind: JobKind) {
  const begun = Promise.withResolvers<JobContext>();
  const work = Promise.withResolvers<JobSummary>();
  const job = start(kind, (context) => {
    begun.resolve(context);
    return work.promise;
  });
  return { job, begun: begun.promise, end: work.resolve, fail: work.reject };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

describe('a job', () => {
  it('is answered at once, runs, and is remembered with its summary', async () => {
    const { job, begun, end } = startByHand('train');
    expect(job).toMatchObject({ kind: 'train', state: 'running', startedAt: nowMs, endedAt: null });
    await begun;
    expect(await test.client.jobs.list()).toMatchObject([{ id: job.id, state: 'running' }]);
    nowMs += 5000;
    end({ rows: 7, notes: ['well'] });
    const ended = await test.finish(job);
    expect(ended).toMatchObject({
      state: 'done',
      summary: { rows: 7, notes: ['well'] },
      error: null,
      endedAt: nowMs,
    });
    expect(await test.client.jobs.list()).toEqual([ended]);
  });

  it('shows how far it is, how fast, and how long it takes still', async () => {
    const { job, begun, end } = startByHand('score');
    const context = await begun;
    context.report({ phase: 'scoring', done: 0, total: 100 });
    for (let done = 10; done <= 40; done += 10) {
      nowMs += 1000;
      context.report({ done, failed: 1 });
    }
    const [shown] = await test.client.jobs.list();
    expect(shown!.progress).toMatchObject({ phase: 'scoring', done: 40, total: 100, failed: 1, skipped: 0 });
    expect(shown!.progress.perSecond).toBeCloseTo(10, 6);
    expect(shown!.progress.etaMs).toBeCloseTo(6000, 3);
    end({});
    expect((await test.finish(job)).progress).toMatchObject({ done: 40, etaMs: null });
  });

  it('given to somebody is a picture of that moment, which later progress does not change', async () => {
    const { job, begun, end } = startByHand('score');
    const context = await begun;
    const [listed] = test.studio.jobs.list();
    context.report({ phase: 'later', done: 3, total: 9 });
    expect(job.progress).toMatchObject({ phase: 'starting', done: 0, total: null });
    expect(listed!.progress).toMatchObject({ phase: 'starting', done: 0, total: null });
    end({});
    await test.finish(job);
    expect(listed!.state).toBe('running');
  });

  it('of another kind runs beside it; a second one of its kind is refused and told which one runs', async () => {
    const first = startByHand('score');
    const other = startByHand('train');
    expect(() => start('score', async () => ({}))).toThrowError(
      expect.objectContaining({ code: 'conflict', details: { jobId: first.job.id } }),
    );
    other.end({});
    first.end({});
    expect((await test.finish(other.job)).state).toBe('done');
    expect((await test.finish(first.job)).state).toBe('done');
    const again = start('score', async () => ({ scored: 1 }));
    expect((await test.finish(again)).state).toBe('done');
  });

  it('nobody knows cannot be cancelled', async () => {
    await expect(test.client.jobs.cancel({ id: 99 })).rejects.toMatchObject({ code: 'notFound' });
  });
});

describe('cancelling', () => {
  it('lets the job tell what it has done, and waits for that', async () => {
    const job = start('score', async ({ signal, report }) => {
      report({ done: 4, total: 10 });
      await untilAborted(signal);
      return { scored: 4 };
    });
    const cancelled = await test.client.jobs.cancel({ id: job.id });
    expect(cancelled).toMatchObject({ state: 'cancelled', summary: { scored: 4 }, error: null });
    expect(cancelled.progress).toMatchObject({ done: 4, total: 10 });
    expect(await test.client.jobs.list()).toEqual([cancelled]);
  });

  it('is not a failure, also where the work stops by throwing', async () => {
    const job = start('rescore', async ({ signal }) => {
      await untilAborted(signal);
      stopIfCancelled(signal);
      return {};
    });
    expect(await test.client.jobs.cancel({ id: job.id })).toMatchObject({ state: 'cancelled', error: null });
  });

  it('leaves a job that has ended as it is', async () => {
    const done = await test.finish(start('train', async () => ({ rows: 1 })));
    expect(await test.client.jobs.cancel({ id: done.id })).toEqual(done);
  });
});

describe('a job that fails', () => {
  it('says why, with its code', async () => {
    const job = start('train', async () => {
      throw new StudioError('badInput', 'There are no rows.');
    });
    expect(await test.finish(job)).toMatchObject({
      state: 'failed',
      summary: null,
      error: { code: 'badInput', message: 'There are no rows.' },
    });
  });

  it('by an error nobody foresaw is failed too, and the next job of its kind may start', async () => {
    const job = start('train', async () => {
      throw new TypeError('x is not a function');
    });
    expect(await test.finish(job)).toMatchObject({ state: 'failed', error: { code: 'internal' } });
    expect((await test.finish(start('train', async () => ({})))).state).toBe('done');
  });
});

describe('after a restart', () => {
  it('a job that ran when the engine died is interrupted, with the progress that was saved last', async () => {
    const ended = await test.finish(start('train', async () => ({ rows: 2 })));
    const { job, begun, end } = startByHand('score');
    const context = await begun;
    nowMs += 2000;
    context.report({ phase: 'scoring', done: 5, total: 50 });
    // What a dead engine leaves: the database as it is while the job runs.
    const libraryFolder = join(test.folder('crashed'), 'library');
    mkdirSync(libraryFolder);
    test.studio.db.prepare('VACUUM INTO ?').run(join(libraryFolder, 'studio.sqlite'));
    end({});
    await test.finish(job);
    const after = openTestStudio({ libraryFolder, now: () => nowMs + 1000 });
    try {
      const [interrupted, kept] = await after.client.jobs.list();
      expect(interrupted).toMatchObject({
        id: job.id,
        state: 'interrupted',
        endedAt: nowMs + 1000,
        summary: null,
        progress: { phase: 'scoring', done: 5, total: 50 },
      });
      expect(kept).toEqual(ended);
      const again = {
        kind: 'score' as const,
        title: 'Again',
        params: {},
        work: async () => ({ scored: 50 }),
      };
      expect((await after.finish(after.studio.jobs.start(again))).state).toBe('done');
    } finally {
      await after.close();
    }
  });

  it('closing the studio cancels what runs and waits for it', async () => {
    const libraryFolder = join(test.folder('closed'), 'library');
    const before = openTestStudio({ libraryFolder });
    const work = async ({ signal }: JobContext): Promise<JobSummary> => {
      await untilAborted(signal);
      return { scored: 3 };
    };
    before.studio.jobs.start({ kind: 'score', title: 'Long', params: {}, work });
    await before.close();
    const after = openTestStudio({ libraryFolder });
    try {
      expect(await after.client.jobs.list()).toMatchObject([{ state: 'cancelled', summary: { scored: 3 } }]);
    } finally {
      await after.close();
    }
  });
});

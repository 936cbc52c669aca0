/** Runs jobs: long work with progress, rate, ETA and cancel, remembered in the database. */
import { StudioError, toStudioError } from '../contract/errors.ts';
import { restBelow } from '../contract/folder-paths.ts';
import { Job, type JobKind, type JobProgress, JobSummary } from '../contract/jobs.ts';
import type { Db } from '../db/database.ts';
import { deleteJob, insertJob, interruptRunningJobs, jobById, listJobs, updateJob } from '../db/jobs.ts';
import type { JobRow } from '../db/schema.ts';
import type { EventBus } from './events.ts';
import { RateMeter } from './maths/rate-meter.ts';

/** What a job's work is given. */
export interface JobContext {
  readonly signal: AbortSignal;
  /** Tells how far it is; rate and ETA are worked out from `done` and `total`. */
  report(progress: Partial<Pick<JobProgress, 'phase' | 'done' | 'total' | 'failed' | 'skipped'>>): void;
}

export interface JobOrder {
  kind: JobKind;
  title: string;
  params: unknown;
  /** The pack that it works with, if it does. */
  packId?: string;
  /** The folder whose files it looks at or forgets, if it does. */
  folder?: string;
  /** Told of only while it takes long and when it fails, and forgotten when it ends well. */
  isQuiet?: boolean;
  work: (context: JobContext) => Promise<JobSummary>;
}

interface RunningJob {
  job: Job;
  packId: string | null;
  folder: string | null;
  abort: AbortController;
  ended: Promise<Job>;
}

const tellEveryMs = 150;
const saveEveryMs = 1000;

export class JobRunner {
  readonly #db: Db;
  readonly #bus: EventBus;
  readonly #now: () => number;
  readonly #running = new Map<number, RunningJob>();
  /** Ends that could not be written: on a full disk not even they can. */
  readonly #unwritten = new Map<number, Job>();

  constructor(db: Db, bus: EventBus, now: () => number) {
    this.#db = db;
    this.#bus = bus;
    this.#now = now;
    interruptRunningJobs(db, now());
  }

  /**
   * Starts work and answers at once.
   *
   * @throws StudioError `conflict` when a job of the same kind is running
   */
  start(order: JobOrder): Job {
    this.assertFree(order.kind);
    const startedAt = this.#now();
    const progress = {
      phase: 'starting',
      done: 0,
      total: null,
      failed: 0,
      skipped: 0,
      perSecond: null,
      etaMs: null,
    };
    const id = insertJob(this.#db, {
      kind: order.kind,
      title: order.title,
      params: JSON.stringify(order.params),
      progress: JSON.stringify(progress),
      started_at: startedAt,
    });
    const { kind, title, isQuiet = false } = order;
    const job: Job = {
      id,
      kind,
      title,
      state: 'running',
      isQuiet,
      progress,
      summary: null,
      error: null,
      startedAt,
      endedAt: null,
    };
    const abort = new AbortController();
    const ended = this.#run(job, abort.signal, order.work);
    const { packId = null, folder = null } = order;
    this.#running.set(id, { job, packId, folder, abort, ended });
    this.#bus.job(structuredClone(job));
    return structuredClone(job);
  }

  /** @throws StudioError `conflict` when a job of the kind is running */
  assertFree(kind: JobKind): void {
    const busy = this.running(kind);
    if (busy !== null) throw stillRunning(busy);
  }

  /**
   * @param kind of these alone, where it is said
   * @throws StudioError `conflict` when a job is running in the folder, in one inside it, or in one around it
   */
  assertFolderFree(folder: string, kind?: JobKind): void {
    const busy = [...this.#running.values()].find(
      (running) =>
        running.folder !== null &&
        (kind === undefined || running.job.kind === kind) &&
        (restBelow(running.folder, folder) ?? restBelow(folder, running.folder)) !== null,
    );
    if (busy !== undefined) throw stillRunning(busy.job);
  }

  /** Jobs as remembered, with the live state of those that run; quiet ones are told of by events alone. */
  list(): Job[] {
    return listJobs(this.#db, 50).flatMap((row) => {
      const running = this.#running.get(row.id);
      if (running?.job.isQuiet === true) return [];
      return [running === undefined ? this.#ended(row) : structuredClone(running.job)];
    });
  }

  /** A running job that works with a pack. */
  usingPack(packId: string): Job | null {
    const using = [...this.#running.values()].find((running) => running.packId === packId);
    return using === undefined ? null : structuredClone(using.job);
  }

  /** The running job of a kind. */
  running(kind: JobKind): Job | null {
    const one = [...this.#running.values()].find(({ job }) => job.kind === kind);
    return one === undefined ? null : structuredClone(one.job);
  }

  /** Asks a job to stop; gives its end state. A job that has ended stays as it is. */
  async cancel(id: number): Promise<Job> {
    const running = this.#running.get(id);
    if (running === undefined) return this.#remembered(id);
    running.abort.abort();
    return await running.ended;
  }

  /** The end of a job. */
  async waitFor(id: number): Promise<Job> {
    const running = this.#running.get(id);
    return running === undefined ? this.#remembered(id) : await running.ended;
  }

  /** Cancels everything and waits until it has stopped. */
  async close(): Promise<void> {
    for (const { abort } of this.#running.values()) abort.abort();
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  #remembered(id: number): Job {
    const row = jobById(this.#db, id);
    if (row === undefined) throw new StudioError('notFound', `There is no job ${id}.`, { jobId: id });
    return this.#ended(row);
  }

  #ended(row: JobRow): Job {
    return this.#unwritten.get(row.id) ?? jobFromRow(row);
  }

  async #run(job: Job, signal: AbortSignal, work: JobOrder['work']): Promise<Job> {
    const meter = new RateMeter();
    let toldAt = 0;
    let savedAt = this.#now();
    const context: JobContext = {
      signal,
      report: (change) => {
        const now = this.#now();
        Object.assign(job.progress, change);
        const { done, total } = job.progress;
        Object.assign(job.progress, meter.measure(done, total, now));
        const isLast = total !== null && done >= total;
        if (now - toldAt < tellEveryMs && !isLast) return;
        toldAt = now;
        this.#bus.job(structuredClone(job));
        if (now - savedAt < saveEveryMs) return;
        savedAt = now;
        // How far it was a second ago is worth no wait for the disk, which votes would share.
        this.#db.transactionWithoutWaiting(() =>
          updateJob(this.#db, job.id, { progress: JSON.stringify(job.progress) }),
        );
      },
    };
    await Promise.resolve();
    try {
      job.summary = await work(context);
      job.state = signal.aborted ? 'cancelled' : 'done';
    } catch (thrown) {
      const error = toStudioError(thrown);
      job.state = error.code === 'cancelled' ? 'cancelled' : 'failed';
      job.error = job.state === 'failed' ? { code: error.code, message: error.message } : null;
    }
    this.#finish(job);
    return structuredClone(job);
  }

  #finish(job: Job): void {
    job.endedAt = this.#now();
    job.progress.etaMs = null;
    try {
      this.#remember(job);
    } catch (thrown) {
      const { code, message } = toStudioError(thrown);
      job.state = 'failed';
      job.error ??= { code, message };
      this.#unwritten.set(job.id, structuredClone(job));
    }
    this.#running.delete(job.id);
    this.#bus.job(structuredClone(job));
  }

  #remember(job: Job): void {
    if (job.isQuiet && job.state !== 'failed') {
      deleteJob(this.#db, job.id);
      return;
    }
    updateJob(this.#db, job.id, {
      state: job.state,
      progress: JSON.stringify(job.progress),
      summary: job.summary === null ? null : JSON.stringify(job.summary),
      error: job.error === null ? null : JSON.stringify(job.error),
      ended_at: job.endedAt,
    });
  }
}

function stillRunning({ id, title }: Job): StudioError {
  const message = `“${title}” is still running. Wait for it or cancel it first.`;
  return new StudioError('conflict', message, { jobId: id });
}

function jobFromRow(row: JobRow): Job {
  return Job.parse({
    id: row.id,
    kind: row.kind,
    title: row.title,
    state: row.state,
    isQuiet: false,
    progress: JSON.parse(row.progress),
    summary: row.summary === null ? null : JobSummary.parse(JSON.parse(row.summary)),
    error: row.error === null ? null : JSON.parse(row.error),
    startedAt: row.started_at,
    endedAt: row.ended_at,
  });
}

/** Throws `cancelled` when the job was asked to stop. */
export function stopIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new StudioError('cancelled', 'Cancelled.');
}

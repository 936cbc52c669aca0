/** Both ends of a writer on a thread: the engine has it run and may ask it to stop; the thread reads one moment of the library and tells how far it is. */
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { type ErrorCode, StudioError, toStudioError } from '../../contract/errors.ts';
import type { JobSummary } from '../../contract/jobs.ts';
import { type Db, openSnapshot } from '../../db/database.ts';
import type { ComputeTasks } from '../compute/compute-tasks.ts';
import { describeMixedBy } from '../computed-by.ts';
import type { JobContext } from '../jobs.ts';
import type { Studio } from '../studio.ts';
import type { ImageTablePlan } from './image-rows.ts';

/** What every writer is given. */
export interface WriterTask {
  /** The path of the library's database. */
  database: string;
  plan: Pick<ImageTablePlan, 'ids' | 'context'>;
  /** Is told how many rows are done; whatever comes from it means to stop. */
  port: MessagePort;
}

/** Errors lose what they are between threads, so they are answered. */
export type WriterAnswer = { outcome: JobSummary } | { problem: { code: ErrorCode; message: string } };

/** What a writer's work is given beside its task. */
export interface WriteHooks {
  signal: AbortSignal;
  /** Counts one row more; `signal` is up to date afterwards. */
  onRow: () => void;
}

type Writer = 'writeImages' | 'writeSidecars';

/** Has a thread write. A thread that runs is asked to stop, so that it puts things in order; one that waits for its turn is not begun. */
export async function runWriter<Name extends Writer>(
  { db, compute }: Studio,
  name: Name,
  order: Omit<Parameters<ComputeTasks[Name]>[0], 'database' | 'port'> & Pick<WriterTask, 'plan'>,
  { signal, report }: JobContext,
): Promise<JobSummary> {
  const { port1: ours, port2: port } = new MessageChannel();
  const beforeTurn = new AbortController();
  let hasBegun = false;
  ours.on('message', (done: number) => {
    hasBegun = true;
    report({ done });
  });
  const stop = () => (hasBegun ? ours.postMessage('stop') : beforeTurn.abort());
  signal.addEventListener('abort', stop);
  try {
    const task = { ...order, database: db.sqlite.name, port } as unknown as Parameters<ComputeTasks[Name]>[0];
    const transfer = [port, order.plan.ids.buffer as ArrayBuffer];
    const answer: WriterAnswer = await compute.run(name, task, { transfer, signal: beforeTurn.signal });
    if ('outcome' in answer) return answer.outcome;
    throw new StudioError(answer.problem.code, answer.problem.message);
  } finally {
    signal.removeEventListener('abort', stop);
    ours.close();
  }
}

const tellEveryMs = 100;
const listenEveryMs = 20;

/**
 * The thread's end: does the work on one moment of the library.
 *
 * @param scored the images whose scores are told, null for none: where those were not all computed alike, the outcome says so
 */
export async function serveWriter(
  { database, port }: Pick<WriterTask, 'database' | 'port'>,
  scored: WriterTask['plan'] | null,
  work: (db: Db, hooks: WriteHooks) => Promise<JobSummary>,
): Promise<WriterAnswer> {
  const abort = new AbortController();
  port.on('message', () => abort.abort());
  port.postMessage(0);
  const db = openSnapshot(database);
  let done = 0;
  let toldAt = 0;
  let listenedAt = 0;
  function onRow(): void {
    done += 1;
    const now = Date.now();
    // Rows may be read one after the other for seconds, during which no event comes through.
    if (now - listenedAt >= listenEveryMs) {
      listenedAt = now;
      if (receiveMessageOnPort(port) !== undefined) abort.abort();
    }
    if (now - toldAt < tellEveryMs) return;
    toldAt = now;
    port.postMessage(done);
  }
  try {
    const outcome = await work(db, { signal: abort.signal, onRow });
    port.postMessage(done);
    const mixed = scored && describeMixedBy(db, scored.context.computed, [...scored.ids]);
    if (mixed === null) return { outcome };
    return { outcome: { ...outcome, notes: [mixed, ...(outcome.notes ?? [])] } };
  } catch (error) {
    const { code, message } = toStudioError(error);
    return { problem: { code, message } };
  } finally {
    db.close();
    port.close();
  }
}

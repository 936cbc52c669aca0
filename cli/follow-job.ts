/** Follows a job to its end: shows progress, and cancels it cleanly on Ctrl-C. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, errorStatus, StudioError } from '../contract/errors.ts';
import type { Job, JobSummary } from '../contract/jobs.ts';
import { withInterrupt } from './interrupt.ts';
import type { LibrarySession } from './open-session.ts';
import { ProgressLine } from './progress-line.ts';

const lookEveryMs = 100;

/**
 * The end of a job and what came of it. A cancelled job has a summary where its work could give one.
 *
 * @throws StudioError with the job's error, `cancelled` where it was stopped without a summary
 */
export async function followJob(
  { client }: LibrarySession,
  started: Job,
): Promise<{ wasStopped: boolean; summary: JobSummary }> {
  const line = new ProgressLine();
  const job = await withInterrupt(async (signal) => {
    for (let now = started; ; now = await findJob(client, now)) {
      if (now.state !== 'running') return now;
      if (signal.aborted) return await client.jobs.cancel({ id: now.id });
      line.show(now);
      await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  });
  line.end();
  if (job.error !== null) {
    const { code, message } = job.error;
    throw new StudioError(code in errorStatus ? (code as ErrorCode) : 'internal', message);
  }
  const wasStopped = job.state === 'cancelled';
  if (job.summary === null) throw new StudioError('cancelled', 'Stopped.');
  return { wasStopped, summary: job.summary };
}

/** The same of work that the rest of a command stands on. @throws StudioError as `followJob`, and `cancelled` where it was stopped */
export async function finishJob(session: LibrarySession, started: Job): Promise<JobSummary> {
  const { wasStopped, summary } = await followJob(session, started);
  if (!wasStopped) return summary;
  throw new StudioError('cancelled', 'Stopped. What is done is kept: run the same command again to go on.');
}

/** Follows the comparison of images with their new prompts, where importing a list started one. */
export async function followSimilarity(session: LibrarySession): Promise<void> {
  const job = (await session.client.jobs.list()).find(
    ({ kind, state }) => kind === 'similarity' && state === 'running',
  );
  if (job === undefined) return;
  const { summary } = await followJob(session, job);
  console.error(`${summary.rows ?? 0} images compared with their prompts.`);
  for (const { message, count } of summary.reasons ?? []) console.error(`  ${count} × ${message}`);
}

async function findJob(client: LibrarySession['client'], { id }: Job): Promise<Job> {
  return (await client.jobs.list()).find((job) => job.id === id)!;
}

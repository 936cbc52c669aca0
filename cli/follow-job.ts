/** Follows a job to its end: shows progress, and cancels it cleanly on Ctrl-C. */
import { setTimeout as sleep } from 'node:timers/promises';
import { StudioError } from '../contract/errors.ts';
import type { Job, JobSummary } from '../contract/jobs.ts';
import { withInterrupt } from './interrupt.ts';
import type { LibrarySession } from './library-session.ts';
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
    throw new StudioError(job.error.code === 'badInput' ? 'badInput' : 'internal', job.error.message);
  }
  const wasStopped = job.state === 'cancelled';
  if (job.summary === null) throw new StudioError('cancelled', 'Stopped.');
  return { wasStopped, summary: job.summary };
}

async function findJob(client: LibrarySession['client'], { id }: Job): Promise<Job> {
  return (await client.jobs.list()).find((job) => job.id === id)!;
}

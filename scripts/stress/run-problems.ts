/** What is wrong with a run that was disturbed. */
import type { Job } from '../../contract/jobs.ts';

/** Sentences on a job that ended: files that failed, and another end than a good one. */
export function findRunProblems({ state, summary, error }: Job): string[] {
  const failed = (summary?.reasons ?? []).map(({ code, message, count }) => `${count} × ${code}: ${message}`);
  return state === 'done' ? failed : [...failed, `The run ended as ${state}: ${error?.message ?? ''}`];
}

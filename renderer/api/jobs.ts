/** Jobs as they run: the list is read once and then kept up to date by events. */
import { useQuery } from '@tanstack/react-query';
import type { Job, JobKind } from '../../contract/jobs.ts';
import { orpc, queryClient } from './client.ts';

const jobsQuery = orpc.jobs.list.queryOptions();

/** All jobs of this library, the newest first. */
export function useJobs(): Job[] {
  return useQuery(jobsQuery).data ?? [];
}

/** The job of a kind that runs now, if one does. */
export function useRunningJob(kind: JobKind): Job | undefined {
  return useJobs().find((job) => job.kind === kind && job.state === 'running');
}

/** Puts a job that an event or an operation told of into the list. */
export function noteJob(job: Job): void {
  queryClient.setQueryData(jobsQuery.queryKey, (known: Job[] | undefined) => {
    if (known === undefined) return known;
    const at = known.findIndex(({ id }) => id === job.id);
    if (at === -1) return [job, ...known];
    const isOlder = known[at]!.endedAt !== null && job.endedAt === null;
    return isOlder ? known : known.with(at, job);
  });
}

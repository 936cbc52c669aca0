/** Scores folders one after the other: one job at a time is the engine's rule, waiting for the next is ours. */
import type { Job } from '../../contract/jobs.ts';
import { client, orpc, queryClient } from '../api/client.ts';
import { noteJob } from '../api/jobs.ts';
import { chosenProviders } from './providers.ts';

/** Gives the job once it is over, in whatever state; follows the events that the page receives anyway. */
export function waitForEnd(job: Job): Promise<Job> {
  noteJob(job);
  if (job.state !== 'running') return Promise.resolve(job);
  const { queryKey } = orpc.jobs.list.queryOptions();
  return new Promise((resolve) => {
    function look(): void {
      const now = queryClient.getQueryData<Job[]>(queryKey)?.find(({ id }) => id === job.id);
      if (now === undefined || now.state === 'running') return;
      stop();
      resolve(now);
    }
    const stop = queryClient.getQueryCache().subscribe(look);
    void queryClient
      .fetchQuery({ ...orpc.jobs.list.queryOptions(), staleTime: 0 })
      .then(look, () => undefined);
  });
}

/** What scoring is asked for. */
export interface FolderOrder {
  folder: string;
  recursive: boolean;
  /** The pack whose scores are shown where absent. */
  packId?: string | undefined;
  /** Compute again what another runtime, provider or precision has computed. */
  again?: boolean;
}

/** Starts scoring a folder, on what was chosen to run on. @throws what the operation answers */
export async function startScoring({ packId, ...order }: FolderOrder): Promise<Job> {
  const shown = packId ?? (await queryClient.ensureQueryData(orpc.settings.get.queryOptions())).packId;
  return await client.library.score({ ...order, packId: shown, providers: chosenProviders() });
}

/** Scores folders one after the other; ends early when one is cancelled. @throws what the operation answers */
export async function scoreFolders(orders: readonly FolderOrder[]): Promise<Job[]> {
  const ended: Job[] = [];
  for (const order of orders) {
    const job = await waitForEnd(await startScoring(order));
    ended.push(job);
    if (job.state === 'cancelled') break;
  }
  return ended;
}

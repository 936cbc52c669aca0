/** Listens to the engine's events for as long as the page is open, and comes back after a lost connection. */
import { useEffect } from 'react';
import type { StudioEvent } from '../../contract/events.ts';
import { client, orpc, queryClient } from '../api/client.ts';
import { noteJob } from '../api/jobs.ts';
import { refreshEverything, refreshTopics } from '../api/topics.ts';
import { setConnected } from './connection.ts';

const firstWaitMs = 300;
const longestWaitMs = 5000;

/** Shows nothing. */
export function EventStream() {
  useEffect(() => {
    const abort = new AbortController();
    void listen(abort.signal);
    return () => abort.abort();
  }, []);
  return null;
}

async function listen(signal: AbortSignal): Promise<void> {
  let waitMs = firstWaitMs;
  let known = queryClient.getQueryData(orpc.access.who.queryKey())?.moment ?? null;
  while (!signal.aborted) {
    try {
      for await (const event of await client.events.watch(undefined, { signal })) {
        waitMs = firstWaitMs;
        if (event.kind === 'hello') {
          setConnected(true);
          // What was asked before may have changed unheard. All of it was asked after who sits here; once a connection was lost, nobody knows.
          if (event.moment !== known) refreshEverything();
          known = null;
        } else handle(event);
      }
    } catch {
      // The engine went away; the loop comes back to it.
    }
    if (signal.aborted) return;
    setConnected(false);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    waitMs = Math.min(longestWaitMs, waitMs * 2);
  }
}

function handle(event: StudioEvent): void {
  if (event.kind === 'job') noteJob(event.job);
  else if (event.kind === 'changed') refreshTopics(event.topics);
}

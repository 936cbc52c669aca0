/** Ctrl-C: the first one asks to stop cleanly, the second one ends at once. */
import { exitCodes } from './exit-codes.ts';

/** While `work` runs, the first SIGINT or SIGTERM aborts its signal; another one ends the process. */
export async function withInterrupt<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const abort = new AbortController();
  function stop(): void {
    if (abort.signal.aborted) process.exit(exitCodes.stopped);
    console.error('\nStopping … (Ctrl-C again ends at once)');
    abort.abort();
  }
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await work(abort.signal);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

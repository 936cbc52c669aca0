/** Ctrl-C: the first one asks to stop cleanly, the second one ends at once. */
import { StudioError } from '../contract/errors.ts';
import { exitCodes } from './exit-codes.ts';

/** Waits for what cannot be stopped itself, and no longer than to Ctrl-C. @throws StudioError `cancelled` */
export async function untilInterrupt<Result>(waiting: Promise<Result>): Promise<Result> {
  return await withInterrupt(async (signal) => {
    const stopped = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new StudioError('cancelled', 'Stopped.')));
    });
    return await Promise.race([waiting, stopped]);
  });
}

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

/** Runs asynchronous work over a list with a bound on how much is under way. */

/**
 * Calls `handle` for every item, at most `limit` at a time, in the order of the list. After `signal` aborts nothing new is begun;
 * the promise settles when what was begun has ended. The first error stops it and is thrown.
 */
export async function forEachInParallel<Item>(
  items: readonly Item[],
  { limit, signal }: { limit: number; signal: AbortSignal },
  handle: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0;
  let hasFailed = false;
  async function work(): Promise<void> {
    while (next < items.length && !signal.aborted && !hasFailed) {
      const item = items[next++]!;
      try {
        await handle(item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
}

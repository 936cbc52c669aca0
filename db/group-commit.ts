/** Commits the work of several callers in one transaction, so that many votes at once wait for one write to the disk instead of each its own. */
import type { Db } from './database.ts';

interface Waiting {
  run: () => void;
  settle: () => void;
  fail: (reason: unknown) => void;
}

const queues = new WeakMap<Db, Waiting[]>();

/**
 * Runs `work` in a transaction with what else is asked for in this turn of the event loop; settles once that is on disk. Work that throws
 * takes back its own changes only; where the whole cannot be committed, all fail.
 */
export function commitTogether<Result>(db: Db, work: () => Result): Promise<Result> {
  return new Promise((resolve, reject) => {
    let settle: () => void = () => undefined;
    const waiting: Waiting = {
      run: () => {
        try {
          const result = db.transaction(work);
          settle = () => resolve(result);
        } catch (error) {
          settle = () => reject(error);
        }
      },
      settle: () => settle(),
      fail: reject,
    };
    const queue = queues.get(db);
    if (queue !== undefined) {
      queue.push(waiting);
      return;
    }
    queues.set(db, [waiting]);
    setImmediate(() => commit(db));
  });
}

function commit(db: Db): void {
  const queue = queues.get(db) ?? [];
  queues.delete(db);
  try {
    db.transaction(() => {
      for (const { run } of queue) run();
    });
  } catch (error) {
    for (const { fail } of queue) fail(error);
    return;
  }
  for (const { settle } of queue) settle();
}

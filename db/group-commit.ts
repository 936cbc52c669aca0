/**
 * Commits the work of several callers in one transaction, so that many votes at once wait for one write to the disk instead of each its own,
 * and what follows from all of them is worked out once.
 */
import type { Db } from './database.ts';

interface Waiting {
  run: () => void;
  settle: () => void;
  fail: (reason: unknown) => void;
}

interface Batch {
  waiting: Waiting[];
  /** What is done before the commit, once a key. */
  follows: Map<string, () => void>;
}

/** Has `work` done in the same transaction after all callers' work, once for everybody who names the same key. */
export type Follow = (key: string, work: () => void) => void;

const batches = new WeakMap<Db, Batch>();

/**
 * Runs `work` in a transaction with what else is asked for in this turn of the event loop; settles once that is on disk. Work that throws
 * takes back its own changes only; where the whole cannot be committed, all fail.
 */
export function commitTogether<Result>(db: Db, work: (follow: Follow) => Result): Promise<Result> {
  return new Promise((resolve, reject) => {
    const batch = openBatch(db);
    const follow: Follow = (key, next) => batch.follows.set(key, next);
    let settle: () => void = () => undefined;
    batch.waiting.push({
      run: () => {
        try {
          const result = db.transaction(() => work(follow));
          settle = () => resolve(result);
        } catch (error) {
          settle = () => reject(error);
        }
      },
      settle: () => settle(),
      fail: reject,
    });
  });
}

/** The batch of this turn of the event loop. */
function openBatch(db: Db): Batch {
  const open = batches.get(db);
  if (open !== undefined) return open;
  const batch: Batch = { waiting: [], follows: new Map() };
  batches.set(db, batch);
  setImmediate(() => {
    batches.delete(db);
    commit(db, batch);
  });
  return batch;
}

function commit(db: Db, { waiting, follows }: Batch): void {
  try {
    db.transaction(() => {
      for (const { run } of waiting) run();
      for (const work of follows.values()) work();
    });
  } catch (error) {
    for (const { fail } of waiting) fail(error);
    return;
  }
  for (const { settle } of waiting) settle();
}

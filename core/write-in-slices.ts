/** Writes many rows in transactions of some milliseconds, between which others have their turn. */
import { setImmediate } from 'node:timers/promises';
import type { Db } from '../db/database.ts';

/** The engine answers others after so long; a vote waits no longer than that. */
const sliceMs = 12;

/** @param onSlice told before every slice, and throws where no more is to be written; gets how many rows were written since */
export async function writeInSlices<Row>(
  db: Db,
  rows: readonly Row[],
  write: (row: Row) => void,
  onSlice: (written: number) => void = () => undefined,
): Promise<void> {
  for (let at = 0; at < rows.length; ) {
    const from = at;
    onSlice(0);
    const until = performance.now() + sliceMs;
    db.transaction(() => {
      do write(rows[at++]!);
      while (at < rows.length && performance.now() < until);
    });
    onSlice(at - from);
    await setImmediate();
  }
}

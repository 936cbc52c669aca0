/** What SQL knows beyond SQLite: functions of numbers that the engine and the threads that read define alike. */
import type { Db } from '../db/database.ts';
import { mosInterval } from './maths/mos.ts';

/** `ci_width(sd, n)`: the width of the 95 % interval of a MOS, the same as is shown. */
export function defineFunctions(db: Db): void {
  db.define('ci_width', widthOfInterval);
}

function widthOfInterval(sd: number | null = null, n: number | null = null): number | null {
  const { low, high } = mosInterval({ mean: 0, sd, n });
  return low === null || high === null ? null : high - low;
}

/** What SQL knows beyond SQLite: functions that the engine and the threads that read define alike. */
import type { Db } from '../db/database.ts';
import { mosInterval } from './maths/mos.ts';

/** `ci_width(sd, n)`: the width of the 95 % interval of a MOS, the same as is shown. */
export function defineFunctions(db: Db): void {
  db.define('ci_width', widthOfInterval);
  db.define('fold_text', foldText);
}

/** `fold_text(text)`: the same for what differs in case, in how accents are composed, or in the width of letters alone. */
function foldText(text: string | null = null): string | null {
  return text === null ? null : text.normalize('NFKC').toLowerCase();
}

function widthOfInterval(sd: number | null = null, n: number | null = null): number | null {
  const { low, high } = mosInterval({ mean: 0, sd, n });
  return low === null || high === null ? null : high - low;
}

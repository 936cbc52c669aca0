/** The order of a MOS table's rows. */
import type { MosRow } from '../../../contract/mos.ts';

export type MosColumn = 'name' | 'mean' | 'sd' | 'n' | 'ci';

export interface MosOrder {
  column: MosColumn;
  descending: boolean;
}

/** Half the width of the 95 % interval, in units of the scale; null where it does not exist. */
export function halfWidth({ low, high }: Pick<MosRow, 'low' | 'high'>): number | null {
  return low === null || high === null ? null : (high - low) / 2;
}

const names = new Intl.Collator('en', { numeric: true });

/** A sorted copy; rows without a value come last either way, ties keep their order. */
export function sortMosRows(rows: readonly MosRow[], { column, descending }: MosOrder): MosRow[] {
  const sign = descending ? -1 : 1;
  if (column === 'name') return rows.toSorted((a, b) => sign * names.compare(a.name, b.name));
  const numberOf = (row: MosRow) => (column === 'ci' ? halfWidth(row) : row[column]);
  return rows.toSorted((a, b) => {
    const [x, y] = [numberOf(a), numberOf(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (x - y);
  });
}

/** The ends of a MOS's scale as columns of the table say them: `scale_min_quality` and `scale_max_quality`, or one pair for every dimension. */
import type { MosMapping, ScaleEnds } from '../../contract/mos.ts';
import { plainName } from './plain-name.ts';
import { readNumber } from './read-number.ts';
import type { RawTable } from './read-table.ts';
import { RowError } from './row-problems.ts';

/** Columns of the lowest and the highest value, and where they stand. */
export interface ScaleColumns {
  low: { at: number; column: string };
  high: { at: number; column: string };
}

type Mapped = Pick<MosMapping['mos'][number], 'dimension' | 'mean'>;

const ends = { low: 'min|low|lowest', high: 'max|high|highest' } as const;

/** Whose end a column says, '' for every dimension's; null where it says none. */
function wordOf(column: string, end: keyof typeof ends): string | null {
  const plain = plainName(column);
  const before = new RegExp(`^(?:mos_)?scale_(?:${ends[end]})(?:_(.+))?$`).exec(plain);
  if (before !== null) return before[1] ?? '';
  return new RegExp(`^(.+?)_(?:mos_)?scale_(?:${ends[end]})$`).exec(plain)?.[1] ?? null;
}

/** Whether a column says an end of a scale. */
export function isScaleColumn(column: string): boolean {
  return wordOf(column, 'low') !== null || wordOf(column, 'high') !== null;
}

/** A dimension's own columns, by its name or by that of its means, else those of all; null where a table lacks one of the two. */
export function findScaleColumns(
  header: readonly string[],
  { dimension, mean }: Mapped,
): ScaleColumns | null {
  const ofMean = plainName(mean).replace(/^mos_|_mos$/, '');
  const find = (end: keyof typeof ends, word: string) => {
    const at = header.findIndex((column) => wordOf(column, end) === word);
    return { at, column: header[at] ?? '' };
  };
  for (const word of [dimension, ofMean, '']) {
    const found = { low: find('low', word), high: find('high', word) };
    if (found.low.at >= 0 && found.high.at >= 0) return found;
  }
  return null;
}

/** The ends that a row says; null where it says none. @throws RowError where it says one, or what is no scale */
export function readRowScale(cells: readonly string[], { low, high }: ScaleColumns): ScaleEnds | null {
  const [from, to] = [low, high].map(({ at }) => readNumber(cells[at] ?? ''));
  if (from == null && to == null) return null;
  if (from != null && to != null && from < to) return [from, to];
  const said = [low, high].map(({ at, column }) => `${column} “${(cells[at] ?? '').trim().slice(0, 40)}”`);
  throw new RowError(`${said.join(' and ')} are not the ends of a scale`);
}

/** The scale that a table's own columns say of a dimension: that of the first row that has one; null where none does. */
export function findScale(
  { header, rows }: Pick<RawTable, 'header' | 'rows'>,
  one: Mapped,
): ScaleEnds | null {
  const columns = findScaleColumns(header, one);
  if (columns === null) return null;
  const meanAt = header.indexOf(one.mean);
  for (const { cells } of rows) {
    if ((cells[meanAt] ?? '').trim() === '') continue;
    try {
      const scale = readRowScale(cells, columns);
      if (scale !== null) return scale;
    } catch {
      // A row that says no scale is told by its line when the table is taken in.
      return null;
    }
  }
  return null;
}

/** The mapping with the scales that the table's own columns say, where it says none. */
export function withScales(table: Pick<RawTable, 'header' | 'rows'>, mapping: MosMapping): MosMapping {
  return {
    ...mapping,
    mos: mapping.mos.map((one) => {
      const scale = one.scale ?? findScale(table, one);
      return scale === null ? one : { ...one, scale };
    }),
  };
}

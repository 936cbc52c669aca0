/** The rows of the grid from top to bottom: heads of groups and rows of cards; pure arithmetic. */
import type { ImageGroup } from '../../../contract/images.ts';

/** The head of a group, and its row, which has room below the head. */
export const headPx = 36;
const headRowPx = 42;

/** A group with its place in the whole list. */
export interface PlacedGroup extends ImageGroup {
  /** Index of its first image in the list. */
  start: number;
  isCollapsed: boolean;
}

export interface GridRow {
  /** The head of a group; else cards. */
  isHead: boolean;
  /** Index of the group; 0 where the list has none. */
  group: number;
  /** Its cards among the images that are shown, first and one after the last; none for a head. */
  start: number;
  end: number;
  /** In CSS px. */
  y: number;
  heightPx: number;
}

/** Where each group lies in the list. */
export function placeGroups(
  groups: readonly ImageGroup[],
  collapsed: ReadonlySet<string>,
): readonly PlacedGroup[] {
  let start = 0;
  return groups.map((group) => {
    const placed = { ...group, start, isCollapsed: collapsed.has(group.key) };
    start += group.images;
    return placed;
  });
}

/** The images that are shown: all but those of collapsed groups. */
export function listShown(ids: readonly number[], groups: readonly PlacedGroup[]): readonly number[] {
  if (groups.every(({ isCollapsed }) => !isCollapsed)) return ids;
  return groups.flatMap(({ start, images, isCollapsed }) =>
    isCollapsed ? [] : ids.slice(start, start + images),
  );
}

interface RowsOf {
  /** How many images are shown. */
  count: number;
  /** Empty where the list is not grouped. */
  groups: readonly PlacedGroup[];
  columns: number;
  rowHeightPx: number;
  /** Room above the first row. */
  topPx: number;
}

export function layOutRows({ count, groups, columns, rowHeightPx, topPx }: RowsOf): GridRow[] {
  const rows: GridRow[] = [];
  let [y, start] = [topPx, 0];
  function add(row: Omit<GridRow, 'y'>): void {
    rows.push({ ...row, y });
    y += row.heightPx;
  }
  function addCards(group: number, images: number): void {
    const last = start + images;
    for (; start < last; start += columns) {
      add({ isHead: false, group, start, end: Math.min(last, start + columns), heightPx: rowHeightPx });
    }
    start = last;
  }
  if (groups.length === 0) addCards(0, count);
  for (const [group, { images, isCollapsed }] of groups.entries()) {
    add({ isHead: true, group, start, end: start, heightPx: headRowPx });
    if (!isCollapsed) addCards(group, images);
  }
  return rows;
}

/** The row in which the card with this index lies; −1 for none. */
export function rowOfIndex(rows: readonly GridRow[], index: number): number {
  return index < 0 ? -1 : lastWhere(rows, ({ start }) => start <= index);
}

/** The row at a height. */
export function rowAtY(rows: readonly GridRow[], y: number): number {
  return Math.max(
    0,
    lastWhere(rows, (row) => row.y <= y),
  );
}

/** A row of which some cards are in the page. */
export interface ShownRow {
  row: GridRow;
  /** Its cards that are, as `start` and `end` of a row. */
  from: number;
  to: number;
}

export interface RowWindow {
  rows: readonly ShownRow[];
  /** The first row that is on screen. */
  top: GridRow | undefined;
}

interface Screen {
  /** Where the screen begins, and how much it shows. */
  topPx: number;
  heightPx: number;
  /** Room before and after it: none, or at least a row's height. */
  aheadPx: number;
}

/**
 * What of the rows lies on screen or in the room beside it. Of the first row and the last there are as many cards as the row reaches
 * into the room, so that scrolling brings some cards a frame instead of a row now and then.
 */
export function windowOf(rows: readonly GridRow[], { topPx, heightPx, aheadPx }: Screen): RowWindow {
  const [fromPx, toPx] = [topPx - aheadPx, topPx + heightPx + aheadPx];
  const shown = rows.slice(rowAtY(rows, fromPx), rowAtY(rows, toPx) + 1).map((row): ShownRow => {
    const cardsAbove = (px: number) =>
      Math.min(1, Math.max(0, (px - row.y) / row.heightPx)) * (row.end - row.start);
    return {
      row,
      from: row.start + Math.floor(aheadPx > 0 ? cardsAbove(fromPx) : 0),
      to: aheadPx > 0 ? row.start + Math.ceil(cardsAbove(toPx)) : row.end,
    };
  });
  return { rows: shown, top: rows[rowAtY(rows, topPx)] };
}

/** Whether all that is in one window is in another, too. */
export function isCovered(inner: RowWindow, outer: RowWindow): boolean {
  const [first, last] = [outer.rows[0], outer.rows.at(-1)];
  const [begin, end] = [inner.rows[0], inner.rows.at(-1)];
  if (begin === undefined || end === undefined) return true;
  if (first === undefined || last === undefined) return false;
  return (
    first.row.y <= begin.row.y && first.from <= begin.from && last.row.y >= end.row.y && last.to >= end.to
  );
}

/** The group of the image at an index of the whole list. */
export function groupOfIndex(groups: readonly PlacedGroup[], index: number): number {
  return index < 0 ? -1 : lastWhere(groups, ({ start }) => start <= index);
}

/** Index of the last for which it holds, of a list that begins with those for which it does. */
function lastWhere<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(items[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Where a key leads from a card: sideways through all of them, up and down in its column, over the heads of groups; null where the key
 * does not move.
 *
 * @param from index among the images that are shown; −1 begins at the first
 */
export function indexAfterKey(
  key: string,
  from: number,
  { rows, count, pageRows }: { rows: readonly GridRow[]; count: number; pageRows: number },
): number | null {
  const last = count - 1;
  const steps: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, PageUp: -pageRows, PageDown: pageRows };
  if (count === 0) return null;
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  if (key === 'ArrowLeft') return Math.max(0, from - 1);
  if (key === 'ArrowRight') return from < 0 ? 0 : Math.min(last, from + 1);
  const step = steps[key];
  if (step === undefined) return null;
  if (from < 0) return 0;
  const at = rowOfIndex(rows, from);
  const column = from - rows[at]!.start;
  let to = at;
  for (let left = Math.abs(step), k = at; left > 0 && rows[k] !== undefined; k += Math.sign(step)) {
    if (k !== at && !rows[k]!.isHead) {
      to = k;
      left -= 1;
    }
  }
  if (to === at) return key === 'PageUp' ? 0 : key === 'PageDown' ? last : from;
  return Math.min(rows[to]!.start + column, rows[to]!.end - 1);
}

/** Where a key leads from the head of a collapsed group, the first image after it being at `after`. */
export function indexBesideHead(key: string, after: number, count: number): number | null {
  const leads: Record<string, number> = {
    ...{ ArrowDown: after, ArrowRight: after, PageDown: after, End: count - 1 },
    ...{ ArrowUp: after - 1, ArrowLeft: after - 1, PageUp: after - 1, Home: 0 },
  };
  const to = leads[key];
  return to === undefined || count === 0 ? null : Math.min(count - 1, Math.max(0, to));
}

/** The row of a group's head; −1 for none. */
export function headRowOf(rows: readonly GridRow[], group: number): number {
  if (group < 0) return -1;
  const at = lastWhere(rows, (row) => row.group < group || (row.group === group && row.isHead));
  return rows[at]?.isHead === true ? at : -1;
}

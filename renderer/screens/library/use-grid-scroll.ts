/** Where the grid is scrolled to: it follows the keyboard, and stays where it is when cards change. */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { type GridRow, rowAtY, rowOfIndex } from './grid-rows.ts';
import { type Place, useKeptPlace, useLeftPlace } from './kept-place.ts';

interface Follow {
  scroller: RefObject<HTMLDivElement | null>;
  activeId: number | null;
  /** In which it lies; undefined where it is not shown. */
  row: GridRow | undefined;
  /** What covers the top of the list. */
  headPx: number;
}

/**
 * Brings the image the keyboard moves to into view; where it lies after a change of order or size is no move.
 *
 * @returns brings it there again: the list was scrolled away from it since
 */
export function useFollowActive({ scroller, activeId, ...where }: Follow): () => void {
  const latest = useRef(where);
  latest.current = where;
  // Where the keyboard was when the list came back is no move either.
  const followed = useRef(activeId);
  const bring = useCallback(() => {
    const { row, headPx } = latest.current;
    const element = scroller.current;
    if (row === undefined || element === null) return;
    const { scrollTop, clientHeight } = element;
    const bottom = row.y + row.heightPx;
    if (row.y - headPx < scrollTop) element.scrollTop = row.y - headPx;
    else if (bottom > scrollTop + clientHeight) element.scrollTop = bottom - clientHeight;
  }, [scroller]);
  useEffect(() => {
    if (followed.current === activeId) return;
    followed.current = activeId;
    if (activeId !== null) bring();
  }, [activeId, bring]);
  return bring;
}

interface Shown {
  ids: readonly number[];
  gridRows: readonly GridRow[];
}

interface Steady extends Shown {
  scroller: RefObject<HTMLDivElement | null>;
  /** Where it was scrolled to. */
  topPx: RefObject<number>;
  listKey: string;
  /** Whether it is known how much room there is for cards. */
  isMeasured: boolean;
}

/**
 * Keeps the first visible image where it is when cards change their size, groups close, or images come in before it. Another question
 * begins at the top; the one that was left, where it was left.
 */
export function useSteadyScroll(steady: Steady): void {
  const { scroller, topPx, ids, listKey, gridRows, isMeasured } = steady;
  const before = useRef<Shown | null>(null);
  const left = useLeftPlace(listKey);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it runs when the question changes, whatever it is
  useLayoutEffect(() => {
    before.current = null;
    topPx.current = 0;
    if (scroller.current !== null) scroller.current.scrollTop = 0;
  }, [listKey, scroller, topPx]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!isMeasured || element === null) return;
    const shown = { ids, gridRows };
    const top =
      before.current === null ? topAfter(left(), shown) : topOf(before.current, topPx.current, shown);
    before.current = shown;
    if (top === null) return;
    element.scrollTop = top;
    topPx.current = element.scrollTop;
  }, [ids, gridRows, isMeasured, scroller, topPx, left]);
}

/** Where the list is scrolled to that shows the same image first; null at the top. */
function topOf(before: Shown, topPx: number, { ids, gridRows }: Shown): number | null {
  const first = firstVisible(before, topPx);
  const row = first === null ? undefined : gridRows[rowOfIndex(gridRows, ids.indexOf(first.id))];
  return first === null || row === undefined || row.start === 0 ? null : row.y + first.share * row.heightPx;
}

/** Where it is scrolled to that was left at a place; null where the image is not shown. */
function topAfter(place: Place | null, { ids, gridRows }: Shown): number | null {
  const row = place === null ? undefined : gridRows[rowOfIndex(gridRows, ids.indexOf(place.id))];
  return place === null || row === undefined ? null : Math.max(0, row.y - place.fromTopPx);
}

interface SeenGrid extends Shown, Omit<Follow, 'scroller'> {
  topPx: RefObject<number>;
  listKey: string;
  /** Of the scroller. */
  heightPx: number;
}

/** Has the place kept for when the list comes back: that of the image the keyboard is at where it is seen, else of the first one. */
export function useKeptGridPlace({ topPx, ids, gridRows, listKey, heightPx, ...active }: SeenGrid): void {
  useKeptPlace(() => {
    const [top, bottom] = [topPx.current + active.headPx, topPx.current + heightPx];
    const { activeId, row } = active;
    const isActiveSeen = row !== undefined && row.y + row.heightPx > top && row.y < bottom;
    const seen = isActiveSeen ? row : gridRows[rowAtY(gridRows, top)];
    const id = isActiveSeen && activeId !== null ? activeId : ids[seen?.start ?? -1];
    return id === undefined || seen === undefined ? null : { listKey, id, fromTopPx: seen.y - topPx.current };
  });
}

/** The image that the screen begins with, and how much of its row is above the screen; null at the top. */
function firstVisible({ ids, gridRows }: Shown, top: number): { id: number; share: number } | null {
  const row = gridRows[rowAtY(gridRows, top)];
  const id = row === undefined ? undefined : ids[row.start];
  if (row === undefined || id === undefined || top <= gridRows[0]!.y) return null;
  return { id, share: row.isHead ? 0 : (top - row.y) / row.heightPx };
}

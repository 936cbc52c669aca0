/** Where the grid is scrolled to: it follows the keyboard, and stays where it is when cards change. */
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { type GridRow, rowAtY, rowOfIndex } from './grid-rows.ts';

interface Follow {
  scroller: RefObject<HTMLDivElement | null>;
  activeId: number | null;
  /** In which it lies; undefined where it is not shown. */
  row: GridRow | undefined;
  /** What covers the top of the list. */
  headPx: number;
}

/** Brings the image the keyboard moves to into view; where it lies after a change of order or size is no move. */
export function useFollowActive({ scroller, activeId, ...where }: Follow): void {
  const latest = useRef(where);
  latest.current = where;
  useEffect(() => {
    const { row, headPx } = latest.current;
    const element = scroller.current;
    if (activeId === null || row === undefined || element === null) return;
    const { scrollTop, clientHeight } = element;
    const bottom = row.y + row.heightPx;
    if (row.y - headPx < scrollTop) element.scrollTop = row.y - headPx;
    else if (bottom > scrollTop + clientHeight) element.scrollTop = bottom - clientHeight;
  }, [activeId, scroller]);
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
}

/** Keeps the first visible image where it is when cards change their size, groups close, or images come in before it. */
export function useSteadyScroll({ scroller, topPx, ids, listKey, gridRows }: Steady): void {
  const before = useRef<Shown | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it runs when the question changes, whatever it is
  useLayoutEffect(() => {
    before.current = null;
    topPx.current = 0;
    if (scroller.current !== null) scroller.current.scrollTop = 0;
  }, [listKey, scroller, topPx]);
  useLayoutEffect(() => {
    const first = before.current === null ? null : firstVisible(before.current, topPx.current);
    before.current = { ids, gridRows };
    const element = scroller.current;
    const row = first === null ? undefined : gridRows[rowOfIndex(gridRows, ids.indexOf(first.id))];
    if (element === null || first === null || row === undefined || row.start === 0) return;
    element.scrollTop = row.y + first.share * row.heightPx;
    topPx.current = element.scrollTop;
  }, [ids, gridRows, scroller, topPx]);
}

/** The image that the screen begins with, and how much of its row is above the screen; null at the top. */
function firstVisible({ ids, gridRows }: Shown, top: number): { id: number; share: number } | null {
  const row = gridRows[rowAtY(gridRows, top)];
  const id = row === undefined ? undefined : ids[row.start];
  if (row === undefined || id === undefined || top <= gridRows[0]!.y) return null;
  return { id, share: row.isHead ? 0 : (top - row.y) / row.heightPx };
}

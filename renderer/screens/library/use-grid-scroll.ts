/** Where the grid is scrolled to: it follows the keyboard, and stays where it is when cards change. */
import type { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { type GridRow, rowAtY, rowOfIndex } from './grid-rows.ts';

type Rows = ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>;

/** Brings the image the keyboard moves to into view; where it lies after a change of order or size is no move. */
export function useFollowActive(activeId: number | null, row: number, rows: Rows): void {
  const latest = useRef({ row, rows });
  latest.current = { row, rows };
  useEffect(() => {
    const { row: at, rows: shown } = latest.current;
    if (activeId !== null && at >= 0) shown.scrollToIndex(at, { align: 'auto' });
  }, [activeId]);
}

interface Steady {
  scroller: RefObject<HTMLDivElement | null>;
  rows: Rows;
  ids: readonly number[];
  listKey: string;
  gridRows: readonly GridRow[];
}

/** Keeps the first visible image where it is when cards change their size, groups close, or images come in before it. */
export function useSteadyScroll({ scroller, rows, ids, listKey, gridRows }: Steady): void {
  const first = useRef<{ id: number; share: number } | null>(null);
  const latestRows = useRef(rows);
  latestRows.current = rows;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it runs when the question changes, whatever it is
  useLayoutEffect(() => {
    first.current = null;
    if (scroller.current !== null) scroller.current.scrollTop = 0;
  }, [listKey, scroller]);
  useLayoutEffect(() => {
    latestRows.current.measure();
    const element = scroller.current;
    const index = first.current === null ? -1 : ids.indexOf(first.current.id);
    const row = gridRows[rowOfIndex(gridRows, index)];
    if (element === null || first.current === null || row === undefined || row.start === 0) return;
    element.scrollTop = row.y + first.current.share * row.heightPx;
  }, [ids, gridRows, scroller]);
  useEffect(() => {
    const element = scroller.current;
    function note(top: number): void {
      const row = gridRows[rowAtY(gridRows, top)];
      const id = row === undefined ? undefined : ids[row.start];
      const isAtTop = row === undefined || top <= (gridRows[0]?.y ?? 0);
      first.current =
        id === undefined || isAtTop ? null : { id, share: row.isHead ? 0 : (top - row.y) / row.heightPx };
    }
    // The element's own `scrollTop` would have the page laid out at once, a millisecond a frame.
    const noteScroll = () => note(latestRows.current.scrollOffset ?? 0);
    note(element?.scrollTop ?? 0);
    element?.addEventListener('scroll', noteScroll, { passive: true });
    return () => element?.removeEventListener('scroll', noteScroll);
  }, [ids, gridRows, scroller]);
}

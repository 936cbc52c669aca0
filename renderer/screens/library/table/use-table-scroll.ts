/** Where the table is scrolled to: it follows the keyboard, stays at its image when rows come in before it, and comes back to where it was left. */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { headPx, rowPx, type useVirtualRows } from '../../../shared/virtual-table.tsx';
import { type Place, useKeptPlace, useLeftPlace } from '../kept-place.ts';

interface TableScroll {
  frame: RefObject<HTMLElement | null>;
  virtual: ReturnType<typeof useVirtualRows>['virtual'];
  ids: readonly number[];
  /** Names the question that `ids` answers: another question begins at the top. */
  listKey: string;
  activeId: number | null;
  activeIndex: number;
}

/** @returns brings the row that the keyboard is at into view again */
export function useTableScroll(table: TableScroll): () => void {
  const { frame, virtual, ids, listKey, activeId, activeIndex } = table;
  const latest = useRef({ virtual, activeIndex });
  latest.current = { virtual, activeIndex };
  const before = useRef<{ ids: readonly number[]; listKey: string } | null>(null);
  const left = useLeftPlace(listKey);
  useLayoutEffect(() => {
    const seen = before.current;
    before.current = { ids, listKey };
    const element = frame.current;
    if (element === null) return;
    const isSame = seen?.listKey === listKey && listKey !== '';
    const topPx = latest.current.virtual.scrollOffset ?? 0;
    // At the top one sees what comes in.
    if (isSame && topPx <= 0) return;
    const place = isSame ? placeOf(seen.ids, listKey, topPx) : left();
    const at = place === null ? -1 : ids.indexOf(place.id);
    if (place !== null && at >= 0) element.scrollTop = topAfter(place, at, element.clientHeight);
    else if (!isSame) element.scrollTop = 0;
  }, [ids, listKey, frame, left]);
  const bring = useCallback(() => {
    const { virtual, activeIndex } = latest.current;
    if (activeIndex >= 0) virtual.scrollToIndex(activeIndex, { align: 'auto' });
  }, []);
  const followed = useRef(activeId);
  useEffect(() => {
    if (activeId === followed.current) return;
    followed.current = activeId;
    if (activeId !== null) bring();
  }, [activeId, bring]);
  useKeptPlace(() => {
    const topPx = latest.current.virtual.scrollOffset ?? 0;
    const fromTopPx = activeIndex * rowPx - topPx;
    const isActiveSeen = activeIndex >= 0 && fromTopPx >= 0 && fromTopPx < (frame.current?.clientHeight ?? 0);
    if (activeId !== null && isActiveSeen) return { listKey, id: activeId, fromTopPx };
    return placeOf(ids, listKey, topPx);
  });
  return bring;
}

/** The place of the first row that is seen; null where there is none. */
function placeOf(ids: readonly number[], listKey: string, topPx: number): Place | null {
  const at = Math.floor(topPx / rowPx);
  const id = ids[at];
  return id === undefined ? null : { listKey, id, fromTopPx: at * rowPx - topPx };
}

/** The row of a place lies where it was, as far as the frame reaches now. */
function topAfter({ fromTopPx }: Place, at: number, heightPx: number): number {
  return at * rowPx - Math.min(fromTopPx, heightPx - headPx - rowPx);
}

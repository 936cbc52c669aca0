/** Which rows of the grid are in the page: those on screen, and enough before and after them that scrolling meets cards that are there. */
import { type RefObject, useEffect, useReducer, useRef } from 'react';
import { flushSync } from 'react-dom';
import { type GridRow, isCovered, type RowWindow, windowOf } from './grid-rows.ts';
import { useFling } from './use-fling.ts';

interface WindowOf {
  scroller: RefObject<HTMLDivElement | null>;
  gridRows: readonly GridRow[];
  /** Of the scroller. */
  heightPx: number;
  /** Room before and after the screen in which cards are drawn, too. */
  aheadPx: number;
}

interface GridWindow extends RowWindow {
  /** Where the list was scrolled to when it last told: asking the element would have the page laid out at once. */
  topPx: RefObject<number>;
  /** Whether it flies by faster than anybody reads. */
  isFlung: boolean;
}

/**
 * Follows the scroller. What comes into the room beside the screen is drawn after the frame, a few cards at a time; only what would else
 * be empty on screen is drawn before it.
 */
export function useGridWindow({ scroller, gridRows, heightPx, aheadPx }: WindowOf): GridWindow {
  const topPx = useRef(0);
  const { isFlung, noteScroll } = useFling();
  const [, draw] = useReducer((times: number) => times + 1, 0);
  const drawn = windowOf(gridRows, { topPx: topPx.current, heightPx, aheadPx });
  const latest = useRef({ drawn, gridRows, heightPx, aheadPx });
  latest.current = { drawn, gridRows, heightPx, aheadPx };
  useEffect(() => {
    const element = scroller.current;
    function follow({ timeStamp }: Event): void {
      const { drawn, gridRows, ...room } = latest.current;
      topPx.current = element?.scrollTop ?? 0;
      noteScroll(topPx.current, timeStamp);
      const seen = { topPx: topPx.current, heightPx: room.heightPx, aheadPx: 0 };
      if (isCovered(windowOf(gridRows, seen), drawn)) draw();
      else flushSync(draw);
    }
    element?.addEventListener('scroll', follow, { passive: true });
    return () => element?.removeEventListener('scroll', follow);
  }, [scroller, noteScroll]);
  return { ...drawn, topPx, isFlung };
}

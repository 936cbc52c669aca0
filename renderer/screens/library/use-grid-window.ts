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
  /** How much of that room may be used up before more is drawn: each drawing takes time, however few cards come in with it. */
  slackPx: number;
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
export function useGridWindow({ scroller, gridRows, heightPx, aheadPx, slackPx }: WindowOf): GridWindow {
  const topPx = useRef(0);
  const { isFlung, noteScroll } = useFling();
  const [, draw] = useReducer((times: number) => times + 1, 0);
  const drawn = windowOf(gridRows, { topPx: topPx.current, heightPx, aheadPx });
  const nearPx = aheadPx - slackPx;
  const latest = useRef({ drawn, gridRows, heightPx, nearPx });
  latest.current = { drawn, gridRows, heightPx, nearPx };
  useEffect(() => {
    const element = scroller.current;
    function follow({ timeStamp }: Event): void {
      const { drawn, gridRows, heightPx, nearPx } = latest.current;
      topPx.current = element?.scrollTop ?? 0;
      noteScroll(topPx.current, timeStamp);
      const screen = { topPx: topPx.current, heightPx };
      const near = windowOf(gridRows, { ...screen, aheadPx: nearPx });
      if (isCovered(near, drawn) && near.top?.group === drawn.top?.group) return;
      if (isCovered(windowOf(gridRows, { ...screen, aheadPx: 0 }), drawn)) draw();
      else flushSync(draw);
    }
    element?.addEventListener('scroll', follow, { passive: true });
    return () => element?.removeEventListener('scroll', follow);
  }, [scroller, noteScroll]);
  return { ...drawn, topPx, isFlung };
}

/** Whether the list flies by faster than anybody reads: cards that come in then are drawn with picture and name, and the rest of them when it slows down. */
import { useCallback, useEffect, useRef, useState } from 'react';

/** A screen in a quarter of a second: a turn of the wheel at which one reads is slower. */
const flingPxPerMs = 3;
/** Over so long at least: two frames of a slow movement may follow each other at once. */
const leastMs = 50;
/** Two events further apart are two movements; after so long without a fast one the list has slowed down. */
const restMs = 200;

interface Fling {
  isFlung: boolean;
  /** To be called with each place the list is scrolled to, in CSS px, and the time of it. */
  noteScroll: (topPx: number, atMs: number) => void;
}

/** One leap is no fling, however far it leads. */
export function useFling(): Fling {
  const [isFlung, setFlung] = useState(false);
  const since = useRef({ topPx: 0, atMs: Number.NEGATIVE_INFINITY });
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(rest.current), []);
  const noteScroll = useCallback((topPx: number, atMs: number) => {
    const distancePx = Math.abs(topPx - since.current.topPx);
    const tookMs = atMs - since.current.atMs;
    if (tookMs < leastMs) return;
    since.current = { topPx, atMs };
    if (tookMs > restMs || distancePx < flingPxPerMs * tookMs) return;
    setFlung(true);
    clearTimeout(rest.current);
    rest.current = setTimeout(() => setFlung(false), restMs);
  }, []);
  return { isFlung, noteScroll };
}

/** Which of the cards in the page are drawn whole: all but those that came in since the fling began. */
export function useWholeCards(ids: readonly number[], isFlung: boolean): ReadonlySet<number> {
  const whole = useRef<ReadonlySet<number>>(new Set());
  const before = whole.current;
  whole.current = new Set(isFlung ? ids.filter((id) => before.has(id)) : ids);
  return whole.current;
}

/** Tells the sitting's clock whether somebody is there, and keeps with the sitting what happened to its window. */
import { useEffect } from 'react';
import type { RatingController } from './rating-controller.ts';
import type { SittingClock } from './sitting-clock.ts';

const signsOfLife = ['keydown', 'pointermove', 'pointerdown', 'wheel'] as const;
/** A window that is being resized tells of every step; one note is enough. */
const settledMs = 400;

export function useAttention(clock: SittingClock, controller: RatingController): void {
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const noteInput = () => clock.noteInput();
    for (const sign of signsOfLife) window.addEventListener(sign, noteInput, { signal, passive: true });
    const look = () => (document.hidden ? clock.stop('focusLoss') : clock.goOn('focusLoss'));
    document.addEventListener('visibilitychange', look, { signal });
    window.addEventListener('blur', () => clock.stop('focusLoss'), { signal });
    window.addEventListener('focus', () => clock.goOn('focusLoss'), { signal });
    return () => abort.abort();
  }, [clock]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    function noteSize(): void {
      const detail = {
        windowWidth: window.innerWidth,
        windowHeight: window.innerHeight,
        devicePixelRatio: window.devicePixelRatio,
      };
      controller.note({ kind: 'resize', at: Date.now(), durationMs: 0, detail });
    }
    function wait(): void {
      clearTimeout(timer);
      timer = setTimeout(noteSize, settledMs);
    }
    window.addEventListener('resize', wait);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('resize', wait);
    };
  }, [controller]);
}

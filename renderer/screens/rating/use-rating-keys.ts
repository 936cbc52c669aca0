/** The keyboard of the rating surface. */
import { useEffect, useRef } from 'react';
import type { RatingController } from './rating-controller.ts';

export interface RatingActions {
  leave: () => void;
  toggleZoom: () => void;
  help: () => void;
}

/**
 * Listens while the surface is shown. A key that is held down gives one vote, not many; only the arrows repeat.
 *
 * @param isCovered a dialog lies over the surface and has the keyboard
 */
export function useRatingKeys(
  controller: RatingController,
  actions: RatingActions,
  isCovered: boolean,
): void {
  const latest = useRef({ actions, isCovered });
  latest.current = { actions, isCovered };
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (latest.current.isCovered || event.ctrlKey || event.metaKey || event.altKey) return;
      if (handle(controller, latest.current.actions, event)) event.preventDefault();
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [controller]);
}

function handle(controller: RatingController, actions: RatingActions, event: KeyboardEvent): boolean {
  const { phase } = controller.read();
  const isArrow = event.key.startsWith('Arrow');
  if (event.repeat && !isArrow) return phase === 'rating';
  // A focused button takes its own Enter and Space.
  const isOnButton = event.target instanceof HTMLButtonElement || event.target instanceof HTMLAnchorElement;
  if (isOnButton && (event.key === 'Enter' || event.key === ' ')) return false;
  if (phase === 'rating' && controller.press(event)) return true;
  switch (event.key) {
    case 'Backspace':
      controller.goBack();
      return true;
    case 'Enter':
      controller.goOn();
      return true;
    case 'Escape':
      actions.leave();
      return true;
    case 'z':
    case 'Z':
      actions.toggleZoom();
      return true;
    case '?':
      actions.help();
      return true;
    default:
      return false;
  }
}

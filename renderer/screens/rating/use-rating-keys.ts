/** The keyboard of the rating surface. */
import { useEffect, useRef } from 'react';
import { findKey, type KeyBindings } from './key-bindings.ts';
import type { RatingController } from './rating-controller.ts';

export interface RatingActions {
  leave: () => void;
  /** Null where the study does not allow it. */
  toggleZoom: (() => void) | null;
  /** True pixels at the pointer, while the key is held; null where the study does not allow it. */
  inspect: ((isHeld: boolean) => void) | null;
  help: () => void;
}

interface KeyboardOptions {
  actions: RatingActions;
  bindings: KeyBindings;
  /** A dialog lies over the surface and has the keyboard. */
  isCovered: boolean;
}

/** Listens while the surface is shown. A key that is held down gives one vote, not many; only the arrows of a scale repeat. */
export function useRatingKeys(controller: RatingController, options: KeyboardOptions): void {
  const latest = useRef(options);
  latest.current = options;
  useEffect(() => {
    /** The physical key that shows true pixels now. */
    let held: string | null = null;
    function onKey(event: KeyboardEvent): void {
      const { isCovered, bindings, actions } = latest.current;
      if (isCovered || event.ctrlKey || event.metaKey || event.altKey) return;
      const key = findKey(bindings, controller.isPairs ? 'pairs' : 'scale', event);
      if (key === null || isForControl(event)) return;
      if (key === 'Space' && controller.read().phase === 'rating') {
        held = event.code;
        actions.inspect?.(true);
        event.preventDefault();
      } else if (handle(controller, actions, { key, event })) event.preventDefault();
    }
    function release(event?: KeyboardEvent): void {
      if (held === null || (event !== undefined && event.code !== held)) return;
      held = null;
      latest.current.actions.inspect?.(false);
    }
    const onBlur = () => release();
    window.addEventListener('keydown', onKey);
    window.addEventListener('keyup', release);
    window.addEventListener('blur', onBlur);
    return () => {
      window.removeEventListener('keydown', onKey);
      window.removeEventListener('keyup', release);
      window.removeEventListener('blur', onBlur);
    };
  }, [controller]);
}

/** A focused button takes its own Enter and Space, and a field everything. */
function isForControl({ target, key }: KeyboardEvent): boolean {
  if (target instanceof HTMLInputElement) return true;
  const isButton = target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement;
  return isButton && (key === 'Enter' || key === ' ');
}

function handle(
  controller: RatingController,
  actions: RatingActions,
  { key, event }: { key: string; event: KeyboardEvent },
): boolean {
  const { phase } = controller.read();
  const mayRepeat = !controller.isPairs && key.startsWith('Arrow');
  if (event.repeat && !mayRepeat) return phase === 'rating';
  if (phase === 'rating' && controller.press({ key, code: '', shiftKey: event.shiftKey })) return true;
  switch (key) {
    case 'Backspace':
      controller.goBack();
      return true;
    case 'Enter':
      controller.goOn();
      return true;
    case 'Escape':
      actions.leave();
      return true;
    case 'Z':
      actions.toggleZoom?.();
      return true;
    case '?':
      actions.help();
      return true;
    default:
      return false;
  }
}

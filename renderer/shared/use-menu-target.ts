/** A menu whose items open dialogs: the keyboard is back at the menu's button when a dialog closes, as its item is gone by then. */
import { useRef } from 'react';

/** The ref of the menu's button, and what makes an item's action one that opens a dialog. */
export function useMenuTarget() {
  const target = useRef<HTMLButtonElement>(null);
  function opening(open: () => void): () => void {
    return () => {
      target.current?.focus();
      open();
    };
  }
  return { target, opening };
}

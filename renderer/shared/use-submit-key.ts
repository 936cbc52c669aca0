/** Ctrl or ⌘ and Enter, from wherever in a dialog: Tab leads through every field before it comes to the button. */
import { useWindowEvent } from '@mantine/hooks';

/** Heard before the field that has the keyboard: a list would open at it and lie over what the dialog then says. */
export function useSubmitKey(submit: () => void): void {
  useWindowEvent(
    'keydown',
    (event) => {
      const isAsked = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
      if (!isAsked || event.shiftKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      submit();
    },
    { capture: true },
  );
}

/** Keyboard shortcuts: each is registered where it works, printed on its control, and listed in the `?` overlay. */
import { type HotkeyItem, useHotkeys } from '@mantine/hooks';
import { useEffect, useRef, useSyncExternalStore } from 'react';

export interface Shortcut {
  /** As Mantine writes hotkeys: `mod+A`, `shift+ArrowUp`, `L`, `?`. */
  keys: string;
  /** What it does, as the overlay says it. */
  label: string;
  /** The heading it stands under. */
  group: string;
  run: (event: KeyboardEvent) => void;
  /** Off for a while (a dialog is open, nothing is selected): neither works nor is listed. */
  disabled?: boolean;
}

/** `run` is absent for keys that only mean something to a control that has the focus. */
export type ListedShortcut = Pick<Shortcut, 'keys' | 'label' | 'group'> & Partial<Pick<Shortcut, 'run'>>;

let registered: readonly ListedShortcut[] = [];
const listeners = new Set<() => void>();

/**
 * Makes shortcuts work while the component is shown. They fire neither while a person types in a field nor, but for those
 * of a dialog itself, while a dialog lies over the page: what is typed before its field has the focus is not for the page.
 */
export function useShortcuts(shortcuts: readonly Shortcut[], { isInDialog = false } = {}): void {
  const active = shortcuts.filter((shortcut) => shortcut.disabled !== true);
  useHotkeys(
    active.flatMap(({ keys, run }) =>
      hotkeysOf(keys).map(
        (hotkey): HotkeyItem => [
          hotkey,
          (event) => (isInDialog || !(wasDialogOpen || isDialogOpen())) && run(event),
        ],
      ),
    ),
    ['INPUT', 'TEXTAREA', 'SELECT'],
  );
  useListedShortcuts(active);
}

/** Whether a dialog lies over the page. */
export function isDialogOpen(): boolean {
  return document.querySelector('[aria-modal="true"]') !== null;
}

/** Whether a dialog lay over the page when the last key was pressed: Esc may have closed it before a shortcut hears of the key. */
let wasDialogOpen = false;
window.addEventListener(
  'keydown',
  () => {
    wasDialogOpen = isDialogOpen();
  },
  { capture: true },
);

/** What Mantine listens to: `+` parts its keys, and lies on another key of most keyboards, with Shift or without. */
function hotkeysOf(keys: string): string[] {
  return keys === '+' ? ['[plus]', 'shift+[plus]', '='] : [keys];
}

/** Lists keys that a control handles itself while it has the focus (a grid, a scale), so that the overlay tells of them. */
export function useListedShortcuts(shortcuts: readonly ListedShortcut[]): void {
  const signature = shortcuts.map(({ keys, label, group }) => `${group}\n${keys}\n${label}`).join('\n\n');
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature stands for the list, which is new at every render
  useEffect(() => {
    const listed = shortcuts.map(
      ({ run, ...about }, at): ListedShortcut =>
        run === undefined ? about : { ...about, run: (event) => latest.current[at]?.run?.(event) },
    );
    change([...registered, ...listed]);
    return () => change(registered.filter((shortcut) => !listed.includes(shortcut)));
  }, [signature]);
}

/** All shortcuts that work now, for the overlay and the palette. */
export function useRegisteredShortcuts(): readonly ListedShortcut[] {
  return useSyncExternalStore(subscribe, () => registered);
}

function change(to: readonly ListedShortcut[]): void {
  registered = to;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

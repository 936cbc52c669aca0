/** Which key does what on the rating surface: defaults, a rater's own choices kept in the browser, and their conflicts. */
import { digitOf, type PressedKey } from './scale-keys.ts';

/** What a key can do. Its name is also the key it has by default, which is what everything behind the keyboard understands. */
export interface KeyAction {
  /** As `KeyboardEvent.key` has it; letters in upper case, the space bar `Space`. */
  key: string;
  label: string;
  group: 'Vote' | 'Go' | 'See';
  /** Actions of one surface need keys of their own; those of `scale` and `pairs` never meet. */
  surface: 'scale' | 'pairs' | 'both';
}

export const keyActions: readonly KeyAction[] = [
  ...Array.from({ length: 10 }, (_, digit): KeyAction => {
    const key = String((digit + 1) % 10);
    return { key, label: `Level or digit ${key}`, group: 'Vote', surface: 'scale' };
  }),
  { key: 'ArrowUp', label: 'One step more, with Shift five', group: 'Vote', surface: 'scale' },
  { key: 'ArrowDown', label: 'One step less, with Shift five', group: 'Vote', surface: 'scale' },
  { key: 'ArrowLeft', label: 'A, the left one', group: 'Vote', surface: 'pairs' },
  { key: 'ArrowRight', label: 'B, the right one', group: 'Vote', surface: 'pairs' },
  { key: 'ArrowDown', label: 'Neither: a tie', group: 'Vote', surface: 'pairs' },
  { key: 'S', label: 'Skip this pair', group: 'Vote', surface: 'pairs' },
  { key: 'Enter', label: 'Give the vote that was set, or keep it and go on', group: 'Go', surface: 'both' },
  { key: 'Backspace', label: 'Back, to look at a vote or correct it', group: 'Go', surface: 'both' },
  { key: 'Escape', label: 'Leave; everything is kept', group: 'Go', surface: 'both' },
  { key: 'Space', label: 'Hold: true pixels at the pointer', group: 'See', surface: 'both' },
  { key: 'Z', label: 'Fit to the window, or true pixels', group: 'See', surface: 'both' },
  { key: '?', label: 'Show and change these keys', group: 'See', surface: 'both' },
];

/** A rater's own keys by the action's surface and default key; what is not in it has its default. */
export type KeyBindings = Readonly<Record<string, string>>;

/** The name under which bindings are kept. */
export function idOfAction({ surface, key }: KeyAction): string {
  return `${surface} ${key}`;
}

/** The key that an action has now. */
export function keyOfAction(bindings: KeyBindings, action: KeyAction): string {
  return bindings[idOfAction(action)] ?? action.key;
}

/** The name of a pressed key: digits as digits on every layout and number pad, letters in upper case. */
export function nameKey(pressed: Pick<PressedKey, 'key' | 'code'>): string {
  if (pressed.key === ' ') return 'Space';
  const digit = digitOf(pressed);
  if (digit !== null) return digit;
  return pressed.key.length === 1 ? pressed.key.toUpperCase() : pressed.key;
}

/** What a pressed key means on a surface, by the default key of its action; null where it means nothing. */
export function findKey(
  bindings: KeyBindings,
  surface: 'scale' | 'pairs',
  pressed: Pick<PressedKey, 'key' | 'code'>,
): string | null {
  const name = nameKey(pressed);
  const meant = actionsOf(surface).find((action) => keyOfAction(bindings, action) === name);
  return meant?.key ?? null;
}

/** Every action of a surface. */
export function actionsOf(surface: 'scale' | 'pairs'): KeyAction[] {
  return keyActions.filter((action) => action.surface === surface || action.surface === 'both');
}

/** Keys that move the focus, change what others type, or belong to the browser. */
const reserved =
  /^(Tab|Shift|Control|Alt|AltGraph|Meta|CapsLock|NumLock|ScrollLock|Dead|Process|Unidentified|F\d+)$/;

/** Why an action cannot have a key; null where it can. */
export function findKeyProblem(bindings: KeyBindings, action: KeyAction, key: string): string | null {
  if (reserved.test(key)) return `${key} belongs to the browser or the system.`;
  const other = keyActions.find(
    (known) =>
      known !== action &&
      (known.surface === action.surface || known.surface === 'both' || action.surface === 'both') &&
      keyOfAction(bindings, known) === key,
  );
  return other === undefined ? null : `${key} is already “${other.label}”.`;
}

/** Gives an action a key; its default is not kept. */
export function bindKey(bindings: KeyBindings, action: KeyAction, key: string): KeyBindings {
  const { [idOfAction(action)]: _, ...others } = bindings;
  return key === action.key ? others : { ...others, [idOfAction(action)]: key };
}

const storageKey = 'sfiqa.ratingKeys';

/** The choices kept in this browser; what does not fit (any more) is left out. */
export function readBindings(): KeyBindings {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return {};
    let bindings: KeyBindings = {};
    for (const action of keyActions) {
      const key: unknown = Reflect.get(kept, idOfAction(action));
      if (typeof key === 'string') bindings = bindKey(bindings, action, key);
    }
    const fits = keyActions.every(
      (action) => findKeyProblem(bindings, action, keyOfAction(bindings, action)) === null,
    );
    return fits ? bindings : {};
  } catch {
    return {};
  }
}

/** Browsers that keep nothing have the defaults again at the next visit. */
export function keepBindings(bindings: KeyBindings): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(bindings));
  } catch {
    // Storage is full or forbidden.
  }
}

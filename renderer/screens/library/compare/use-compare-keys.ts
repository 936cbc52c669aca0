/** The keys of comparing; those of zooming are the frames', those of curating the library's. */
import { type Shortcut, useListedShortcuts, useShortcuts } from '../../../shell/shortcuts.ts';
import * as compare from './comparison.ts';

interface CompareKeys {
  change: (state: compare.Comparison) => void;
  /** The next image of the list and the one before that are not compared. */
  candidates: readonly (number | null)[];
  toggleTable: () => void;
  toggleEqual: () => void;
}

/** How far a key moves the line between two pictures. */
const wipeStepPercent = 2;

/** The dialog itself handles it. */
const closeKeys = [{ keys: 'Escape', label: 'Back', group: 'Compare' }];

export function useCompareKeys(state: compare.Comparison, keys: CompareKeys): void {
  const [next, before] = keys.candidates;
  const one = (key: string, label: string, to: compare.Comparison, disabled = false): Shortcut => ({
    ...{ keys: key, label, group: 'Compare', run: () => keys.change(to), disabled },
  });
  const isWipe = state.mode === 'wipe';
  const sideways = (key: string, by: 1 | -1) =>
    isWipe
      ? one(
          key,
          by === 1 ? 'Move the line right' : 'Move the line left',
          compare.moveWipe(state, state.wipePercent + by * wipeStepPercent),
        )
      : one(key, by === 1 ? 'Image to the right' : 'Image to the left', compare.activateNext(state, by));
  const take = (id: number | null | undefined) => (id == null ? state : compare.replaceActive(state, id));
  useShortcuts(
    [
      ...state.ids.map((_, at) => one(String(at + 1), `To image ${at + 1}`, compare.activate(state, at))),
      sideways('ArrowLeft', -1),
      sideways('ArrowRight', 1),
      one('PageDown', 'Next of the list in its place', take(next), next == null),
      one('PageUp', 'The one before in its place', take(before), before == null),
      one('Backspace', 'Take it out', compare.takeOutActive(state), state.ids.length <= 2),
      one('R', 'Compare with this one', compare.makeReference(state)),
      one('E', 'Side by side', { ...state, mode: 'side' }),
      one('W', 'Slider between two', { ...state, mode: 'wipe' }),
      one('D', 'Difference of two', { ...state, mode: 'difference' }),
      one(']', 'Twice the gain', compare.changeGain(state, 2), state.mode !== 'difference'),
      one('[', 'Half the gain', compare.changeGain(state, 0.5), state.mode !== 'difference'),
      one('Y', 'Zoom and move together, or each alone', compare.toggleLock(state)),
      { keys: 'I', label: 'Show or hide what is known', group: 'Compare', run: keys.toggleTable },
      { keys: 'H', label: 'Hide what is equal, or not', group: 'Compare', run: keys.toggleEqual },
    ],
    { isInDialog: true },
  );
  useListedShortcuts(closeKeys);
}

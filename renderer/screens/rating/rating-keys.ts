/** The keys of the rating surface in words, for the overlay. */
import type { StudyDesign } from '../../../contract/studies.ts';
import type { ListedShortcut } from '../../shell/shortcuts.ts';

/** Keys of every scale the design has, then those that always work. */
export function listKeys({ dimensions }: Pick<StudyDesign, 'dimensions'>): ListedShortcut[] {
  const seen = new Map<string, ListedShortcut>();
  for (const { scale } of dimensions) {
    for (const shortcut of scale.kind === 'acr' ? listLevels(scale.words) : continuousKeys) {
      seen.set(`${shortcut.keys} ${shortcut.label}`, shortcut);
    }
  }
  return [...seen.values(), ...otherKeys];
}

function listLevels(words: string[]): ListedShortcut[] {
  return words.map((word, at) => ({ keys: String(at + 1), label: word, group: 'Vote' }));
}

const continuousKeys: ListedShortcut[] = [
  { keys: '0–9', label: 'Type the vote: 3 7 gives 3.7', group: 'Vote' },
  { keys: 'ArrowUp', label: 'One step more', group: 'Vote' },
  { keys: 'ArrowDown', label: 'One step less', group: 'Vote' },
  { keys: 'shift+ArrowUp', label: 'Five steps more', group: 'Vote' },
  { keys: 'shift+ArrowDown', label: 'Five steps less', group: 'Vote' },
  { keys: 'Enter', label: 'Give the vote that was set', group: 'Vote' },
];

const otherKeys: ListedShortcut[] = [
  { keys: 'Backspace', label: 'Back, to look at a vote or correct it', group: 'Go' },
  { keys: 'Enter', label: 'Keep the vote and go on', group: 'Go' },
  { keys: 'Escape', label: 'Leave; everything is kept', group: 'Go' },
  { keys: 'Z', label: 'Fit to the window, or true pixels', group: 'See' },
  { keys: '?', label: 'Show these keys', group: 'See' },
];

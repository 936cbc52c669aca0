/** The keys of the library, printed on its controls and listed in the overlay. */
import { GroupBy } from '../../../contract/images.ts';
import { useListedShortcuts, useShortcuts } from '../../shell/shortcuts.ts';
import type { ListQuery, ListView } from './list-view.ts';

interface LibraryKeys {
  isFree: boolean;
  hasSelection: boolean;
  search: () => void;
  toggleFacets: () => void;
  turn: () => void;
  groupBy: GroupBy | undefined;
  changeQuery: (change: Partial<ListQuery>) => void;
  view: ListView;
  onOpen: (what: 'study' | 'duplicates' | 'export') => void;
  selectAll: () => void;
  clear: () => void;
  compare: () => void;
  /** The query for images like the one at hand; null where there is none. */
  like: string | null;
  ask: (query: string) => void;
}

const gridKeys = [
  { keys: 'ArrowRight', label: 'Move (Shift: select on the way)', group: 'Grid' },
  { keys: 'Space', label: 'Select or not', group: 'Grid' },
  { keys: 'Enter', label: 'Look at it in the whole window', group: 'Grid' },
];

export function useLibraryKeys(keys: LibraryKeys): void {
  const group = 'Library';
  const { view } = keys;
  const disabled = !keys.isFree;
  const resize = (byPx: number) => view.onThumbPx(view.thumbPx + byPx);
  useShortcuts([
    { keys: '/', label: 'Search', group, run: keys.search, disabled },
    { keys: 'N', label: 'Show or hide what to narrow by', group, run: keys.toggleFacets, disabled },
    { keys: 'D', label: 'Turn the order round', group, run: keys.turn, disabled },
    { keys: '+', label: 'Larger', group, run: () => resize(32), disabled },
    { keys: '-', label: 'Smaller', group, run: () => resize(-32), disabled },
    {
      keys: 'R',
      label: 'Images like this one',
      group,
      run: () => keys.like !== null && keys.ask(keys.like),
      disabled: disabled || keys.like === null,
    },
    {
      keys: 'G',
      label: 'Grid or table',
      group,
      run: () => view.onLayout({ kind: view.layout.kind === 'grid' ? 'table' : 'grid' }),
      disabled,
    },
    {
      keys: 'shift+G',
      label: 'Group otherwise',
      group,
      run: () => keys.changeQuery({ groupBy: nextGrouping(keys.groupBy) }),
      disabled: disabled || view.layout.kind === 'table',
    },
    { keys: 'V', label: 'Compare what is selected', group, run: keys.compare, disabled },
    { keys: 'E', label: 'Near-duplicates', group, run: () => keys.onOpen('duplicates'), disabled },
    {
      keys: 'mod+E',
      label: 'Export what is selected, else what is shown',
      group,
      run: () => keys.onOpen('export'),
      disabled,
    },
    { keys: 'mod+A', label: 'Select all that match', group, run: keys.selectAll, disabled },
    {
      keys: 'Escape',
      label: 'Select nothing',
      group,
      run: keys.clear,
      disabled: disabled || !keys.hasSelection,
    },
    {
      keys: 'C',
      label: 'Create a study from the selection',
      group,
      run: () => keys.onOpen('study'),
      disabled: disabled || !keys.hasSelection,
    },
  ]);
  useListedShortcuts(keys.isFree ? gridKeys : []);
}

/** Prompt, generator, folder, and none again. */
function nextGrouping(by: GroupBy | undefined): GroupBy | undefined {
  return GroupBy.options[by === undefined ? 0 : GroupBy.options.indexOf(by) + 1];
}

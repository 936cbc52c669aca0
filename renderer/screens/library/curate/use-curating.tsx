/** The keys of curating, in the grid and in the viewer: on what is selected, else on the image the keyboard is at. */
import { type ReactNode, useState } from 'react';
import type { ColourLabel } from '../../../../contract/curate.ts';
import { type Shortcut, useShortcuts } from '../../../shell/shortcuts.ts';
import { curate, stepBack } from './change-curation.ts';
import { NameDialog, type Naming } from './name-dialog.tsx';

const labelKeys: readonly [string, ColourLabel | null][] = [
  ['6', 'red'],
  ['7', 'yellow'],
  ['8', 'green'],
  ['9', 'blue'],
  ['0', null],
];

interface Where {
  /** The keys are this surface's now. */
  isFree: boolean;
  /** The surface is a dialog itself: the viewer. */
  isInDialog: boolean;
}

/** @returns the dialog that the keys K and B open */
export function useCurating(imageIds: readonly number[], { isFree, isInDialog }: Where): ReactNode {
  const [naming, setNaming] = useState<Naming>(null);
  const group = 'Curate';
  const disabled = !isFree || naming !== null || imageIds.length === 0;
  const one = (keys: string, label: string, run: () => void): Shortcut => ({
    keys,
    label,
    group,
    run,
    disabled,
  });
  useShortcuts(
    [
      one('P', 'Pick', () => void curate(imageIds, { flag: 'pick' })),
      one('X', 'Reject', () => void curate(imageIds, { flag: 'reject' })),
      one('U', 'Neither', () => void curate(imageIds, { flag: null })),
      ...labelKeys.map(([key, label]) =>
        one(key, label === null ? 'No label' : `Label ${label}`, () => void curate(imageIds, { label })),
      ),
      one('K', 'Tag…', () => setNaming('tag')),
      one('B', 'Into a collection…', () => setNaming('collection')),
      { keys: 'mod+Z', label: 'Undo', group, run: () => void stepBack('undo'), disabled: !isFree },
      { keys: 'mod+shift+Z', label: 'Do again', group, run: () => void stepBack('redo'), disabled: !isFree },
    ],
    { isInDialog },
  );
  return <NameDialog naming={naming} imageIds={imageIds} onClose={() => setNaming(null)} />;
}

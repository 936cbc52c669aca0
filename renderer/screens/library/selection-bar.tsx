/** What can be done with the selected images, in the line above the list. */
import { Button, VisuallyHidden } from '@mantine/core';
import { IconClipboardPlus, IconX } from '@tabler/icons-react';
import { formatCount } from '../../shared/format.ts';
import { Keys } from '../../shared/keys.tsx';
import classes from './toolbar.module.css';

export interface SelectionBarProps {
  /** Of the library. */
  images: number;
  selected: number;
  /** How many of the selected the list does not show. */
  selectedElsewhere: number;
  onOpen: (what: 'study' | 'export') => void;
  onCompare: () => void;
  onClear: () => void;
}

const small = { size: 'compact-xs', variant: 'default' } as const;

export function SelectionBar({ images, selected, selectedElsewhere, ...on }: SelectionBarProps) {
  const elsewhere = `${formatCount(selectedElsewhere)} not in this view`;
  // As wide as it gets: what stands after it does not move while images are selected.
  const minWidth = `${formatCount(images).length}ch`;
  return (
    <div className={classes['layer']} data-shown={selected > 0}>
      <b data-testid={selected > 0 ? 'selected-count' : undefined}>
        <span className={classes['count']} style={{ minWidth }}>
          {formatCount(selected)}
        </span>{' '}
        selected
      </b>
      <Button
        {...small}
        variant="filled"
        leftSection={<IconClipboardPlus size={14} />}
        rightSection={<Keys keys="C" />}
        onClick={() => on.onOpen('study')}
      >
        Create study…
      </Button>
      <Button {...small} rightSection={<Keys keys="mod+E" />} onClick={() => on.onOpen('export')}>
        Export…
      </Button>
      <Button {...small} disabled={selected < 2} rightSection={<Keys keys="V" />} onClick={on.onCompare}>
        Compare
      </Button>
      <Button {...small} rightSection={<Keys keys="Escape" />} onClick={on.onClear}>
        <IconX size={14} />
        <VisuallyHidden>Clear</VisuallyHidden>
      </Button>
      {selectedElsewhere > 0 && (
        <span className={classes['elsewhere']} title={elsewhere}>
          {elsewhere}
        </span>
      )}
    </div>
  );
}

/** The line under the toolbar: how many images match and failed; with a selection, what can be done with it. */
import { Anchor, Button, CloseButton } from '@mantine/core';
import { IconClipboardPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { formatCount } from '../../shared/format.ts';
import { Keys } from '../../shared/keys.tsx';
import classes from './toolbar.module.css';

interface StatusLineProps {
  matching: number;
  images: number;
  failed: number;
  selected: number;
  /** How many of the selected the list does not show. */
  selectedElsewhere: number;
  /** What the list is narrowed to beyond the toolbar's own fields, in words. */
  narrowedTo: { label: string; onRemove: () => void }[];
  /** The control of the thumbnails' size. */
  size: ReactNode;
  onFailures: () => void;
  onCreateStudy: () => void;
  onClear: () => void;
}

export function StatusLine(props: StatusLineProps) {
  const { matching, images, failed, selected, selectedElsewhere, narrowedTo } = props;
  return (
    <div className={classes['status']} data-selecting={selected > 0 || undefined} role="status">
      <span data-testid="image-count">
        {matching === images
          ? `${formatCount(images)} ${images === 1 ? 'image' : 'images'}`
          : `${formatCount(matching)} of ${formatCount(images)} images`}
      </span>
      {failed > 0 && (
        <>
          <span aria-hidden="true">·</span>
          <Anchor
            component="button"
            type="button"
            fz="inherit"
            c="inherit"
            td="underline"
            onClick={props.onFailures}
          >
            {formatCount(failed)} failed
          </Anchor>
        </>
      )}
      {narrowedTo.map(({ label, onRemove }) => (
        <span key={label}>
          · {label}{' '}
          <CloseButton size="xs" display="inline-flex" aria-label={`Remove: ${label}`} onClick={onRemove} />
        </span>
      ))}
      <div className={classes['spring']} />
      {selected > 0 && (
        <>
          <b data-testid="selected-count">{formatCount(selected)} selected</b>
          {selectedElsewhere > 0 && <span>({formatCount(selectedElsewhere)} not in this view)</span>}
          <Button
            size="compact-xs"
            leftSection={<IconClipboardPlus size={14} />}
            rightSection={<Keys keys="C" />}
            onClick={props.onCreateStudy}
          >
            Create study… ({formatCount(selected)})
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            rightSection={<Keys keys="Escape" />}
            onClick={props.onClear}
          >
            Clear
          </Button>
        </>
      )}
      {props.size}
    </div>
  );
}

/** The viewer's bar: which image, back and forth, size, details, close. */
import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconLayoutSidebarRight, IconX } from '@tabler/icons-react';
import { formatCount } from '../../../shared/format.ts';
import classes from './image-viewer.module.css';
import type { View } from './zoom.ts';
import { ZoomButtons } from './zoom-buttons.tsx';

interface ViewerBarProps {
  name: string;
  /** Null for an image that the list does not hold. */
  position: { index: number; count: number } | null;
  view: View;
  /** Whether zoom and place stay from image to image. */
  isLocked: boolean;
  showsDetails: boolean;
  onStep: (by: number) => void;
  onView: (view: View) => void;
  onLock: () => void;
  onDetails: (to: boolean) => void;
  onClose: () => void;
}

export function ViewerBar(props: ViewerBarProps) {
  const { name, position, showsDetails } = props;
  return (
    <header className={classes['bar']}>
      <Tooltip label="Image before (←)">
        <ActionIcon
          aria-label="Image before (←)"
          disabled={position === null || position.index === 0}
          onClick={() => props.onStep(-1)}
        >
          <IconChevronLeft size={18} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Next image (→)">
        <ActionIcon
          aria-label="Next image (→)"
          disabled={position === null || position.index === position.count - 1}
          onClick={() => props.onStep(1)}
        >
          <IconChevronRight size={18} />
        </ActionIcon>
      </Tooltip>
      {position !== null && (
        <Text size="xs" c="dimmed" className="numbers" data-testid="viewer-position">
          {formatCount(position.index + 1)} of {formatCount(position.count)}
        </Text>
      )}
      <h2 className={classes['title']} title={name} style={{ margin: 0 }}>
        {name}
      </h2>
      <ZoomButtons {...props} />
      <Tooltip label="Details (I)">
        <ActionIcon
          aria-label="Details (I)"
          aria-pressed={showsDetails}
          onClick={() => props.onDetails(!showsDetails)}
        >
          <IconLayoutSidebarRight size={18} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Back (Esc)">
        <ActionIcon aria-label="Back (Esc)" onClick={props.onClose}>
          <IconX size={18} />
        </ActionIcon>
      </Tooltip>
    </header>
  );
}

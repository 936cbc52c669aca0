/** How large the picture is drawn, and whether zoom and place hold for the next one too. */
import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconLock, IconLockOpen } from '@tabler/icons-react';
import { Keys } from '../../../shared/keys.tsx';
import { isWhole, type View, wholeView } from './zoom.ts';

interface ZoomButtonsProps {
  view: View;
  isLocked: boolean;
  onView: (view: View) => void;
  onLock: () => void;
  /** What the lock holds together. */
  lockLabel?: string;
}

export function ZoomButtons({ view, isLocked, onView, onLock, lockLabel }: ZoomButtonsProps) {
  const label = lockLabel ?? 'Keep zoom and place from image to image';
  const Icon = isLocked ? IconLock : IconLockOpen;
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        aria-pressed={!isWhole(view)}
        rightSection={<Keys keys="Z" />}
        onClick={() => onView(isWhole(view) ? { ...view, unit: 'pixel', factor: 1 } : wholeView)}
      >
        {nameView(view)}
      </Button>
      <Tooltip label={`${label} (Y): ${isLocked ? 'on' : 'off'}`}>
        <ActionIcon aria-label={`${label} (Y)`} aria-pressed={isLocked} onClick={onLock}>
          <Icon size={18} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

/** What the button says: whole, 1:1, or how many times as large as one of them. */
function nameView(view: View): string {
  if (isWhole(view)) return 'Fit';
  if (view.unit === 'pixel') return `${Math.round(view.factor * 100)} %`;
  return `Fit × ${view.factor.toFixed(1)}`;
}

/** Something that a person should know before going on: a bar at its edge says how grave it is, the words say the rest. */
import { CloseButton, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './notice.module.css';

interface NoticeProps {
  tone: 'note' | 'warning' | 'problem';
  title: string;
  children?: ReactNode;
  /** Announced at once where it is `alert`. */
  role?: 'alert' | 'status';
  onClose?: () => void;
  testId?: string;
}

export function Notice({ tone, title, children, role, onClose, testId }: NoticeProps) {
  return (
    <div className={classes['notice']} data-tone={tone} role={role} data-testid={testId}>
      <div className={classes['head']}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        {onClose !== undefined && <CloseButton size="sm" onClick={onClose} aria-label="Close this notice" />}
      </div>
      {children !== undefined && <div className={classes['text']}>{children}</div>}
    </div>
  );
}

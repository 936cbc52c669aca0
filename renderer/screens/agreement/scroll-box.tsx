/** A table that may be wider than its place: scrolls sideways, by keyboard, too. */
import { Box } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './agreement.module.css';

export function ScrollBox({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Box
      component="section"
      className={classes['scroll']}
      aria-label={`${label}, scrolls sideways`}
      tabIndex={0}
    >
      {children}
    </Box>
  );
}

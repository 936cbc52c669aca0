/** A button that looks like a link in the line of text it stands in. */
import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';

export function TextButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <Anchor
      component="button"
      type="button"
      fz="inherit"
      c="inherit"
      td="underline"
      flex="none"
      onClick={onClick}
    >
      {children}
    </Anchor>
  );
}

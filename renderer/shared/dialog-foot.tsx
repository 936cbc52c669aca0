/** What a long dialog ends with: its sum and its buttons, in view whatever lies above. */
import type { ReactNode } from 'react';
import classes from './dialog-foot.module.css';

/** To stand in no box of its own: it stays in view of the one that it is in. */
export function DialogFoot({ children }: { children: ReactNode }) {
  return <div className={classes['foot']}>{children}</div>;
}

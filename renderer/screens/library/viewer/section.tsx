/** A titled part of the details. */
import type { ReactNode } from 'react';
import classes from './image-viewer.module.css';

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes['section']} aria-label={title}>
      <h3 className={classes['heading']}>{title}</h3>
      {children}
    </section>
  );
}

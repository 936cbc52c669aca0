/** The frame of a screen: a row with its title and actions over a body that scrolls, and cards that part the body. */
import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './page.module.css';

interface PageProps {
  title: ReactNode;
  /** What the screen shows now, in a few words. */
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, note, actions, children }: PageProps) {
  return (
    <div className={classes['page']}>
      <header className={classes['head']}>
        <div className={classes['title']}>
          <Title order={1} size="h4" lineClamp={1}>
            {title}
          </Title>
          {note === undefined ? null : (
            <Text size="xs" c="dimmed" lineClamp={1}>
              {note}
            </Text>
          )}
        </div>
        <div className={classes['actions']}>{actions}</div>
      </header>
      <div className={classes['body']}>{children}</div>
    </div>
  );
}

interface CardProps {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A named part of a screen. */
export function Card({ title, note, actions, children }: CardProps) {
  return (
    <section className={classes['card']} aria-label={title}>
      <div className={classes['cardHead']}>
        <div>
          <Title order={2} size="h5">
            {title}
          </Title>
          {note === undefined ? null : (
            <Text size="xs" c="dimmed">
              {note}
            </Text>
          )}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** One pack: what is wrong with it if anything is, what it gives and is made of, what it knows, and what can be done with it. */
import { Badge, List, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { PackInfo } from '../../../contract/pack.ts';
import { MixedNote } from '../../shared/mixed-note.tsx';
import { Notice } from '../../shared/notice.tsx';
import { PackFigures } from '../../shared/pack-figures.tsx';
import { describeOutputs, isRead } from '../../shared/pack-words.ts';
import { Card } from '../../shared/page.tsx';
import { useSettings } from '../../shared/use-settings.ts';
import classes from './models.module.css';
import { NetworkFacts } from './network-facts.tsx';
import { PackActions } from './pack-actions.tsx';
import { SignalTable } from './signal-table.tsx';
import { Verification } from './verification.tsx';

export function PackCard({ pack }: { pack: PackInfo }) {
  const isShown = useSettings()[0]?.packId === pack.id && !pack.isUntrained;
  return (
    <Card
      title={pack.title}
      note={pack.summary}
      actions={
        isShown ? (
          <Badge variant="outline" flex="none">
            its scores are shown
          </Badge>
        ) : null
      }
    >
      <Stack gap="sm">
        <Warnings pack={pack} />
        {isRead(pack) ? (
          <Known pack={pack} isShown={isShown} />
        ) : (
          <PackActions pack={pack} isShown={isShown} />
        )}
      </Stack>
    </Card>
  );
}

/** All that a pack's manifest tells. */
function Known({ pack, isShown }: { pack: PackInfo; isShown: boolean }) {
  return (
    <>
      <dl className={classes['facts']}>
        <dt>Gives</dt>
        <dd>
          {describeOutputs(pack)}
          {pack.absent.map(({ name, reason }) => (
            <div key={name} data-testid={`absent-${name}`}>
              <Text span size="xs" c="dimmed">
                {name.toUpperCase()} is absent: {reason}
              </Text>
            </div>
          ))}
        </dd>
        <NetworkFacts pack={pack} />
        <dt>Licence</dt>
        <dd>{pack.licence}</dd>
      </dl>
      <Verification pack={pack} />
      <PackActions pack={pack} isShown={isShown} />
      <div className={classes['two']}>
        <Facts title="What it knows" facts={pack.knows} />
        <Facts title="What it does not know" facts={pack.doesNotKnow} />
      </div>
      <More pack={pack} />
    </>
  );
}

function Warnings({ pack }: { pack: PackInfo }) {
  return (
    <>
      {pack.problem !== null && (
        <Notice tone="problem" title="It cannot be used now" role="alert">
          {pack.problem}
        </Notice>
      )}
      <MixedNote pack={pack} />
      {pack.isUntrained && (
        <Notice tone="warning" title="Untrained: its numbers are not scores">
          Its weights come from a formula, for tests and for measuring speed.
        </Notice>
      )}
    </>
  );
}

/** Folded away: what is read once. */
function More({ pack }: { pack: PackInfo }) {
  return (
    <details className={classes['more']}>
      <summary>Signals, figures, sources</summary>
      <Stack gap="md">
        {pack.heads.some(({ figures }) => Object.keys(figures).length > 0) && (
          <Part title="How well it agrees with people">
            <PackFigures heads={pack.heads} />
          </Part>
        )}
        <Part title="Signals">
          <SignalTable pack={pack} />
        </Part>
        <Part title="How an image is read">
          <Text size="sm">{pack.inputRecipe}</Text>
        </Part>
        <Part title="Sources and licences">
          <Stack gap={6}>
            {pack.sources.map(({ title, citation, licence }) => (
              <Text size="sm" key={title}>
                <b>{title}</b> ({licence}).{' '}
                <Text span c="dimmed">
                  {citation}
                </Text>
              </Text>
            ))}
          </Stack>
        </Part>
      </Stack>
    </details>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Title order={3} size="h6" mb={4}>
        {title}
      </Title>
      {children}
    </div>
  );
}

function Facts({ title, facts }: { title: string; facts: string[] }) {
  if (facts.length === 0) return null;
  return (
    <Part title={title}>
      <List size="sm" spacing={2}>
        {facts.map((fact) => (
          <List.Item key={fact}>{fact}</List.Item>
        ))}
      </List>
    </Part>
  );
}

/** The signals of an image with what each means, and those a pack does not give, with the reason. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ImageDetail } from '../../../../contract/images.ts';
import { orpc } from '../../../api/client.ts';
import { formatScore } from '../../../shared/format.ts';
import classes from './image-viewer.module.css';
import { Section } from './section.tsx';

export function SignalSection({ detail: { signals, missingSignals } }: { detail: ImageDetail }) {
  const packs = useQuery(orpc.packs.list.queryOptions()).data ?? [];
  if (signals.length === 0 && missingSignals.length === 0) return null;
  function about(packId: string, name: string) {
    return packs.find(({ id }) => id === packId)?.signals.find((signal) => signal.name === name);
  }
  return (
    <Section title="Signals">
      {signals.map(({ packId, name, value }) => {
        const signal = about(packId, name);
        return (
          <div key={`${packId} ${name}`} className={classes['signal']}>
            <span>{signal?.label ?? name}</span>
            <b className="numbers">{formatScore(value, Math.abs(value) < 10 ? 3 : 2)}</b>
            <p>
              {signal?.description}
              {directionOf(signal?.higherIsBetter)}
            </p>
          </div>
        );
      })}
      {missingSignals.map(({ packId, name, reason }) => (
        <div key={`${packId} ${name}`} className={classes['signal']} data-testid={`missing-${name}`}>
          <span>{about(packId, name)?.label ?? name.toUpperCase()}</span>
          <Text component="span" size="xs" fw={600}>
            absent
          </Text>
          <p>{reason}</p>
        </div>
      ))}
    </Section>
  );
}

function directionOf(higherIsBetter: boolean | null | undefined): string {
  if (higherIsBetter === true) return ' Higher is better.';
  if (higherIsBetter === false) return ' Lower is better.';
  return '';
}

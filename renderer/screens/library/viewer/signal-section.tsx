/** The signals of an image by pack with what each means, and those a pack does not give, with the reason. */
import { Text } from '@mantine/core';
import type { ImageDetail } from '../../../../contract/images.ts';
import { formatScore } from '../../../shared/format.ts';
import { usePacks, useShownPack } from '../../../shared/packs.ts';
import classes from './image-viewer.module.css';
import { Section } from './section.tsx';
import { groupSignals, type SignalGroup } from './signal-groups.ts';

export function SignalSection({ detail }: { detail: ImageDetail }) {
  const packs = usePacks();
  const shownId = useShownPack()?.id;
  return groupSignals(detail, packs, shownId).map((group) => (
    <Section key={group.packId} title={packs.length > 1 ? `Signals · ${group.title}` : 'Signals'}>
      <Signals group={group} />
    </Section>
  ));
}

function Signals({ group: { signals, members, missing } }: { group: SignalGroup }) {
  return (
    <>
      {signals.map(({ name, value, about }) => (
        <div key={name} className={classes['signal']}>
          <span>{about?.label ?? name}</span>
          <b className="numbers">{formatValue(value)}</b>
          <p>
            {about?.description}
            {directionOf(about?.higherIsBetter)}
          </p>
        </div>
      ))}
      {members.length > 0 && <Members members={members} />}
      {missing.map(({ name, label, reason }) => (
        <div key={name} className={classes['signal']} data-testid={`missing-${name}`}>
          <span>{label}</span>
          <Text component="span" size="xs" fw={600}>
            absent
          </Text>
          <p>{reason}</p>
        </div>
      ))}
    </>
  );
}

/** Q and S of each trained set, whose means are Q and S. */
function Members({ members }: Pick<SignalGroup, 'members'>) {
  return (
    <table className={`${classes['members']} numbers`} aria-label="By trained set">
      <thead>
        <tr>
          <th scope="col">Trained set</th>
          <th scope="col">Q</th>
          <th scope="col">S</th>
        </tr>
      </thead>
      <tbody>
        {members.map(({ name, q, s }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{q === undefined ? '–' : formatValue(q)}</td>
            <td>{s === undefined ? '–' : formatValue(s)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function formatValue(value: number): string {
  return formatScore(value, Math.abs(value) < 10 ? 3 : 2);
}

function directionOf(higherIsBetter: boolean | null | undefined): string {
  if (higherIsBetter === true) return ' Higher is better.';
  if (higherIsBetter === false) return ' Lower is better.';
  return '';
}

/** Everything that is known of a head: how it was made and why so, what it is worth, how sure it is. */
import { Drawer, Stack, Table, Text, Title } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import type { Candidate, Head, TrainingReport } from '../../../contract/heads.ts';
import facts from '../../shared/facts.module.css';
import { formatCoefficient, formatCount, formatScore } from '../../shared/format.ts';
import { HeadComparisons } from './head-comparisons.tsx';
import { HeadIntervalView } from './head-interval-view.tsx';
import { describeTraining } from './judge-heads.ts';
import { LearningCurve } from './learning-curve.tsx';

interface HeadDetailsProps {
  /** Null: closed. */
  head: Head | null;
  heads: Head[];
  onClose: () => void;
}

export function HeadDetails({ head, heads, onClose }: HeadDetailsProps) {
  return (
    <Drawer
      opened={head !== null}
      onClose={onClose}
      position="right"
      size={760}
      title={head === null ? '' : `Head “${head.name}”`}
    >
      {head === null ? null : <Details head={head} heads={heads} />}
    </Drawer>
  );
}

function Details({ head, heads }: { head: Head; heads: Head[] }) {
  const { training, ensembleOf, heldOut } = head;
  const members = ensembleOf.map((id) => heads.find((one) => one.id === id)?.name ?? `head ${id}, discarded`);
  return (
    <Stack gap="lg" data-testid="head-details">
      <Text size="sm">{head.note}</Text>
      {members.length > 0 && (
        <Text size="sm">It is the mean of {members.map((name) => `“${name}”`).join(', ')}.</Text>
      )}
      {heldOut !== null && heldOut.comparisons.length > 0 && (
        <Section title="Compared on the same held-out images">
          <HeadComparisons head={head} />
        </Section>
      )}
      <Section title="How sure a value is">
        <HeadIntervalView headId={head.id} />
      </Section>
      {training === null ? null : <Training head={head} training={training} />}
    </Stack>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Title order={3} size="h5" mb={6}>
        {title}
      </Title>
      {children}
    </section>
  );
}

function Training({ head, training }: { head: Head; training: TrainingReport }) {
  const { candidates, folds, curve } = training;
  return (
    <>
      <Section title="Why this method">
        {candidates.length === 0 ? (
          <Text size="sm">It was chosen by hand: no other method was tried.</Text>
        ) : (
          <CandidateTable candidates={candidates} />
        )}
      </Section>
      <Section title="Learning curve">
        <LearningCurve points={curve} />
      </Section>
      <Section title="Folds">
        <FoldSpread folds={folds} />
      </Section>
      <Section title="How it was trained">
        <dl className={facts['facts']}>
          {factsOf(head, training).map(([term, text]) => (
            <Fragment key={term}>
              <dt>{term}</dt>
              <dd className="numbers">{text}</dd>
            </Fragment>
          ))}
        </dl>
      </Section>
    </>
  );
}

function factsOf(head: Head, training: TrainingReport): [string, string][] {
  const { method, loss, form, epochs, seed, groupBy } = training;
  const [plain, layer] = method.split('+');
  const isNetwork = plain === 'network' || plain === 'tuned';
  return [
    ['Labels', describeTraining(head)],
    ['Split by', groupBy ?? 'prompt'],
    ['Method', plain!],
    ...(isNetwork && head.inputs === 'signals'
      ? ([
          ['Last quality layer', layer === undefined ? 'as the pack has it' : 'trained along'],
          ['Loss', loss],
          ['Form', form],
          ['Epochs', formatCount(epochs)],
        ] satisfies [string, string][])
      : []),
    ['Seed', String(seed)],
    ['Labels, SHA-256', head.dataHash ?? 'not known'],
  ];
}

function CandidateTable({ candidates }: { candidates: Candidate[] }) {
  return (
    <>
      <Text size="xs" c="dimmed" mb={4}>
        Each method on held-out groups inside the training labels (nested cross-validation); the least error
        wins.
      </Text>
      <Table aria-label="Methods that were tried" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Method</Table.Th>
            <Table.Th ta="right">RMSE</Table.Th>
            <Table.Th ta="right">SRCC</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {candidates.map(({ label, rmse, srcc, isChosen, reason }) => (
            <Table.Tr key={label}>
              <Table.Th scope="row" fw={isChosen ? 700 : 500}>
                {label}
              </Table.Th>
              <Table.Td ta="right" className="numbers">
                {formatScore(rmse, 3)}
              </Table.Td>
              <Table.Td ta="right" className="numbers">
                {formatCoefficient(srcc)}
              </Table.Td>
              <Table.Td>{isChosen ? 'chosen' : (reason ?? '')}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}

function FoldSpread({ folds }: Pick<TrainingReport, 'folds'>) {
  const known = folds.flatMap(({ srcc }) => (srcc === null ? [] : [srcc]));
  if (known.length === 0) return <Text size="sm">No fold could be measured.</Text>;
  return (
    <>
      <Text size="sm" className="numbers">
        SRCC from {formatCoefficient(Math.min(...known))} to {formatCoefficient(Math.max(...known))} over{' '}
        {known.length} folds.
      </Text>
      <Text size="xs" c="dimmed" className="numbers">
        {folds.map(({ rows, srcc }) => `${formatCoefficient(srcc)} (n ${formatCount(rows)})`).join(' · ')}
      </Text>
    </>
  );
}

/** The raters of a study with every doubt about them and its evidence; the owner decides, with a reason that is kept. */
import { Badge, Button, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import type { Study } from '../../../contract/studies.ts';
import type { StudyStatistics } from '../../../contract/study-statistics.ts';
import { formatInterval } from '../../shared/estimate.tsx';
import { formatCount, formatScore, formatTime } from '../../shared/format.ts';
import { Card } from '../../shared/page.tsx';
import { DecideDialog } from './decide-dialog.tsx';

type Rater = StudyStatistics['raters'][number];

/** From so many votes on nine in ten careless raters are found (docs/decisions/0013-simulated-panels.md). */
const votesThatTell = 36;

interface ScreeningCardProps {
  study: Study;
  statistics: StudyStatistics;
}

export function ScreeningCard({ study, statistics }: ScreeningCardProps) {
  const [deciding, setDeciding] = useState<Rater | null>(null);
  const { raters } = statistics;
  const hasRepeats = raters.some(({ repeats }) => repeats > 0);
  const flagged = raters.filter(({ flags }) => flags.length > 0).length;
  return (
    <Card
      title="Screening"
      note={`${flagged === 0 ? 'No rater is' : `${flagged} of ${raters.length} raters ${flagged === 1 ? 'is' : 'are'}`} in doubt. Nothing is left out by itself.`}
    >
      {raters.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nobody has rated yet.
        </Text>
      ) : (
        <Table aria-label="Screening of raters" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Rater</Table.Th>
              <Table.Th ta="right">Votes</Table.Th>
              <Table.Th ta="right">Bias</Table.Th>
              <Table.Th ta="right">Inconsistency</Table.Th>
              {hasRepeats ? <Table.Th ta="right">Repeats ±</Table.Th> : null}
              <Table.Th>Evidence</Table.Th>
              <Table.Th aria-label="Decision" />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody className="numbers">
            {raters.map((rater) => (
              <RaterRow
                key={rater.raterId}
                rater={rater}
                hasRepeats={hasRepeats}
                onDecide={() => setDeciding(rater)}
              />
            ))}
          </Table.Tbody>
        </Table>
      )}
      <DecideDialog studyId={study.id} rater={deciding} onClose={() => setDeciding(null)} />
    </Card>
  );
}

function isExcluded({ decisions }: Pick<Rater, 'decisions'>): boolean {
  return decisions.at(-1)?.isExcluded === true;
}

interface RaterRowProps {
  rater: Rater;
  hasRepeats: boolean;
  onDecide: () => void;
}

function RaterRow({ rater, hasRepeats, onDecide }: RaterRowProps) {
  const { name, votes, bias, inconsistency, inconsistencyLow, inconsistencyHigh } = rater;
  const isOut = isExcluded(rater);
  return (
    <Table.Tr>
      <Table.Td>
        {name}
        {isOut ? (
          <Badge ml={6} size="sm" variant="default">
            left out
          </Badge>
        ) : null}
      </Table.Td>
      <Table.Td ta="right">{formatCount(votes)}</Table.Td>
      <Table.Td ta="right">{formatScore(bias)}</Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
        {formatScore(inconsistency)}
        {inconsistency === null ? null : (
          <Text span size="xs" c="dimmed" ml={4}>
            {formatInterval({ low: inconsistencyLow, high: inconsistencyHigh }, 2)}
          </Text>
        )}
      </Table.Td>
      {hasRepeats ? (
        <Table.Td
          ta="right"
          title={`SD of a vote around the rater’s own mean, over ${rater.repeats} repeats`}
        >
          {formatScore(rater.repeatSd)}
        </Table.Td>
      ) : null}
      <Table.Td maw={520}>
        <Evidence rater={rater} />
      </Table.Td>
      <Table.Td ta="right">
        <Button size="compact-xs" variant="default" onClick={onDecide}>
          {/* One span: the label of a button loses the spaces between its parts. */}
          <span>
            {isOut ? 'Count ' : 'Leave '}
            <VisuallyHidden>{`${name} `}</VisuallyHidden>
            {isOut ? 'again…' : 'out…'}
          </span>
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}

function Evidence({ rater }: { rater: Rater }) {
  const { votes, flags, unjudged, byTheBook, decisions } = rater;
  return (
    <Stack gap={2}>
      {flags.map(({ method, evidence }) => (
        <Text key={`${method} ${evidence}`} size="xs">
          <b>{methodNames[method] ?? method}:</b> {evidence}
        </Text>
      ))}
      {unjudged === null ? null : (
        <Text size="xs" c="dimmed">
          {unjudged}
        </Text>
      )}
      {flags.length === 0 && unjudged === null ? (
        <Text size="xs" c="dimmed">
          {votes < votesThatTell ? 'no doubt, but so few votes do not show every careless rater' : 'no doubt'}
        </Text>
      ) : null}
      {byTheBook.map(({ method, evidence }) => (
        <Text key={method} size="xs" c="dimmed">
          {methodNames[method] ?? method} alone would reject: {evidence}
        </Text>
      ))}
      {decisions.map(({ isExcluded: wasOut, reason, decidedAt }) => (
        <Text key={`${decidedAt} ${reason}`} size="xs" c="dimmed">
          {wasOut ? 'Left out' : 'Counted again'} {formatTime(decidedAt)}: {reason}
        </Text>
      ))}
    </Stack>
  );
}

const methodNames: Record<string, string> = {
  straightLine: 'Straight line',
  correlation: 'Correlation',
  randomVotes: 'Random votes',
  gold: 'Gold items',
  trap: 'Trap items',
  repeats: 'Repeats',
  tooFast: 'Too fast',
  bt500: 'BT.500',
  p913: 'P.913',
};

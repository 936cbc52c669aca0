/** The last training of this library: how far it is, then what came of it beside the head in use. */
import { Alert, Group, Table, Text } from '@mantine/core';
import type { EstimateOrReason } from '../../../contract/common.ts';
import type { Head, HeldOutMetrics } from '../../../contract/heads.ts';
import type { Job } from '../../../contract/jobs.ts';
import { Estimate } from '../../shared/estimate.tsx';
import { formatCount } from '../../shared/format.ts';
import { Card } from '../../shared/page.tsx';
import { RunningJobCard } from '../../shared/running-job-card.tsx';
import { ActivateButton } from './activate-button.tsx';
import { DiscardButton } from './discard-head.tsx';
import { HeadComparisons } from './head-comparisons.tsx';
import classes from './heads.module.css';
import { describeValues, judgeHead, verdictSentences } from './judge-heads.ts';

interface TrainingCardProps {
  job: Job;
  /** The head it made, once there is one. */
  head: Head | undefined;
  heads: Head[];
}

export function TrainingCard({ job, head, heads }: TrainingCardProps) {
  if (job.state === 'running') return <Running job={job} />;
  if (job.state === 'failed') {
    return (
      <Alert color="red" title="The last training failed">
        {job.error?.message}
      </Alert>
    );
  }
  if (head === undefined) return null;
  const parent = heads.find(({ id }) => id === head.parentId);
  return (
    <Card title={`Last training: ${head.name}`} note={job.summary?.notes?.join(' ') ?? head.note}>
      <Result head={head} parentName={parent?.name ?? null} />
    </Card>
  );
}

function Running({ job }: { job: Job }) {
  const { phase, done, total } = job.progress;
  const isKnown = total !== null && total > 0;
  return (
    <RunningJobCard
      job={job}
      note={isKnown ? `${phase} · ${formatCount(done)} of ${formatCount(total)}` : phase}
      failure="The training could not be stopped"
    />
  );
}

function Result({ head, parentName }: { head: Head; parentName: string | null }) {
  if (head.heldOut === null) {
    return (
      <Group justify="space-between">
        <Text size="sm">This training was not measured on held-out rows.</Text>
        {head.isActive ? null : <ActivateButton head={head} />}
      </Group>
    );
  }
  const verdict = judgeHead(head.heldOut);
  return (
    <div data-testid="training-result" data-verdict={verdict}>
      <MetricTable metrics={head.heldOut} parentName={parentName} />
      <HeadComparisons head={head} />
      <Text size="sm" mt="sm">
        {parentName === null ? 'There is no head of this target to compare with.' : verdictSentences[verdict]}{' '}
        {verdict === 'unfair' ? null : describeValues(head.heldOut)}
      </Text>
      <Group mt="sm">
        {head.isActive ? (
          <Text size="sm">It is the active head.</Text>
        ) : (
          <>
            <ActivateButton head={head} isMain={verdict === 'better'} />
            {!head.isShipped && <DiscardButton head={head} />}
          </>
        )}
        <Text size="xs" c="dimmed">
          {head.isActive
            ? ''
            : 'Nothing changes until you make it active; the current head can be restored any time.'}
        </Text>
      </Group>
    </div>
  );
}

function MetricTable({ metrics, parentName }: { metrics: HeldOutMetrics; parentName: string | null }) {
  const {
    rows,
    groups,
    srcc,
    plcc,
    rmse,
    parentSrcc,
    parentPlcc,
    parentRmse,
    srccDifference,
    rmseDifference,
  } = metrics;
  const plccDifference = metrics.comparisons.find(({ against }) => against === 'parent')?.plcc;
  const lines: {
    label: string;
    own: EstimateOrReason;
    parent: EstimateOrReason;
    difference?: EstimateOrReason;
  }[] = [
    { label: 'SRCC', own: srcc, parent: parentSrcc, difference: srccDifference },
    {
      label: 'PLCC',
      own: plcc,
      parent: parentPlcc,
      ...(plccDifference === undefined ? {} : { difference: plccDifference }),
    },
    { label: 'RMSE', own: rmse, parent: parentRmse, difference: rmseDifference },
  ];
  return (
    <Table
      className={classes['compared']}
      aria-label="New head beside the current one"
      captionSide="bottom"
      verticalSpacing={5}
    >
      <Table.Caption ta="left" fz="xs">
        On {formatCount(rows)} images of {formatCount(groups)} prompts that the measured head had not seen, by
        cross-validation; 95 % intervals.
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th />
          <Table.Th>New</Table.Th>
          <Table.Th>{parentName ?? 'no parent'}</Table.Th>
          <Table.Th>Difference, paired</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {lines.map(({ label, own, parent, difference }) => (
          <Table.Tr key={label}>
            <Table.Th scope="row">{label}</Table.Th>
            <Table.Td>
              <Estimate estimate={own} />
            </Table.Td>
            <Table.Td>
              <Estimate estimate={parent} />
            </Table.Td>
            <Table.Td>
              {difference === undefined ? null : <Estimate estimate={difference} decimals={4} isSigned />}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

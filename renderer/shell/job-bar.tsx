/** Running jobs at the foot of the window: what is done, how fast, how long still, and a way to stop; and how the last one ended. */
import { Anchor, CloseButton, Group, Progress, Text } from '@mantine/core';
import { useState } from 'react';
import type { Job, JobSummary } from '../../contract/jobs.ts';
import { useJobs } from '../api/jobs.ts';
import { CancelJobButton } from '../shared/cancel-job-button.tsx';
import { countOf, formatCount } from '../shared/format.ts';
import { describeProgress } from '../shared/job-words.ts';
import classes from './job-bar.module.css';

/** A job that ended before the page was opened is not news. */
const openedAt = Date.now();

/** Files that are looked at by themselves without a word. */
const mostUnseen = 200;

/** Notices that were closed stay closed when the shell comes back from the rating surface. */
let closedBefore: readonly number[] = [];

export function JobBar() {
  const [closedIds, setClosedIds] = useState(closedBefore);
  const jobs = useJobs();
  function close(id: number): void {
    closedBefore = [...closedBefore, id];
    setClosedIds(closedBefore);
  }
  const running = jobs.filter((job) => job.state === 'running' && !isSmall(job));
  const ended = jobs.find(
    ({ endedAt, isQuiet, state }) =>
      endedAt !== null && endedAt > openedAt && (!isQuiet || state === 'failed'),
  );
  const shown = running.length > 0 || ended === undefined || closedIds.includes(ended.id) ? [] : [ended];
  return (
    <>
      {running.map((job) => (
        <RunningJob key={job.id} job={job} />
      ))}
      {shown.map((job) => (
        <EndedJob key={job.id} job={job} onClose={() => close(job.id)} />
      ))}
    </>
  );
}

/** What nobody asked for is told of only where it takes long. */
function isSmall({ isQuiet, progress: { total } }: Job): boolean {
  return isQuiet && (total === null || total < mostUnseen);
}

function RunningJob({ job }: { job: Job }) {
  const { phase, done, total } = job.progress;
  return (
    <section className={classes['bar']} aria-label={job.title} data-testid="running-job">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" fw={500} truncate>
          {job.title}
        </Text>
        <Group wrap="nowrap">
          <Text size="sm" c="dimmed" className="numbers" style={{ whiteSpace: 'nowrap' }}>
            {describeProgress(job)}
          </Text>
          <CancelJobButton job={job} />
        </Group>
      </Group>
      <Progress
        value={total === null || total === 0 ? 100 : (done / total) * 100}
        animated={total === null}
        size={4}
        mt={6}
        aria-label={phase}
      />
    </section>
  );
}

function EndedJob({ job, onClose }: { job: Job; onClose: () => void }) {
  return (
    <section className={classes['bar']} data-state={job.state} data-testid="ended-job">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" lineClamp={4} style={{ overflowWrap: 'anywhere' }}>
          <b>{job.title}</b>: {describeEnd(job)}
        </Text>
        {job.summary?.download !== undefined && (
          <Anchor size="sm" href={`/exported/${job.summary.download}`} download>
            Download
          </Anchor>
        )}
        <CloseButton size="sm" onClick={onClose} aria-label="Close this notice" />
      </Group>
    </section>
  );
}

function describeEnd(job: Job): string {
  if (job.state === 'failed') return job.error?.message ?? 'failed.';
  if (job.kind === 'export') return describeExport(job);
  if (job.kind === 'exportSidecars') return describeSidecars(job);
  const counts = job.summary === null ? '' : countsOf(job.summary);
  if (job.state === 'cancelled')
    return `cancelled${counts === '' ? '' : `, ${counts}`}. Start it again to go on.`;
  return counts === '' ? 'done.' : counts;
}

/** A cancelled export leaves nothing; images without a file are not in a data set. */
function describeExport({ state, summary }: Job): string {
  if (state !== 'done') return 'cancelled, nothing was written.';
  const { rows = 0, skipped = 0, path, notes = [] } = summary ?? {};
  const parts = [
    `${formatCount(rows)} rows${path === undefined ? '' : ` in ${path}`}`,
    ...(skipped === 0 ? [] : [`${formatCount(skipped)} left out`]),
    ...notes,
  ];
  return parts.join(', ');
}

/** Which files were left out is told in the dialog. */
function describeSidecars({ state, summary }: Job): string {
  const { rows = 0, reasons = [] } = summary ?? {};
  const written = `${countOf(rows, 'sidecar')} written`;
  if (state === 'cancelled') return `cancelled, ${written}.`;
  return [written, ...reasons.map(({ count, message }) => `${formatCount(count)} × ${message}`)].join('. ');
}

function countsOf(summary: JobSummary): string {
  const { identified, missing, scored, trashed, skipped, failed, rows, reasons = [], notes = [] } = summary;
  const counts = [
    identified === undefined ? null : `${formatCount(identified)} new or changed`,
    scored === undefined ? null : `${formatCount(scored)} scored`,
    trashed === undefined ? null : `${formatCount(trashed)} moved`,
    skipped ? `${formatCount(skipped)} were ${identified === undefined ? 'done already' : 'known'}` : null,
    missing ? `${formatCount(missing)} missing` : null,
    failed ? `${formatCount(failed)} failed${listReasons(reasons)}` : null,
    rows === undefined ? null : `${formatCount(rows)} rows`,
  ];
  return [counts.filter((part) => part !== null).join(', '), ...notes]
    .filter((part) => part !== '')
    .map((part) => part.replace(/\.$/, ''))
    .join('. ');
}

function listReasons(reasons: NonNullable<JobSummary['reasons']>): string {
  return reasons.length === 0 ? '' : ` (${reasons.map(({ code, count }) => `${code} ${count}`).join(', ')})`;
}

/** The last work on packs (adding, making again, fetching, verifying, exporting): how far it is, then what came of it, in full. */
import { List, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import type { Job, JobKind } from '../../../contract/jobs.ts';
import { useJobs } from '../../api/jobs.ts';
import { describeProgress } from '../../shared/job-words.ts';
import { Notice } from '../../shared/notice.tsx';
import { RunningJobCard } from '../../shared/running-job-card.tsx';

const packJobs: readonly JobKind[] = ['addPack', 'remakePack', 'fetchPack', 'verifyPack', 'exportPack'];

/** Nothing where there was none, or where its end was read and closed. */
export function PackJobCard() {
  const [closedId, setClosedId] = useLocalStorage({ key: 'closed-pack-job', defaultValue: 0 });
  const job = useJobs().find(({ kind }) => packJobs.includes(kind));
  if (job === undefined || job.id <= closedId) return null;
  if (job.state === 'running') return <RunningJobCard job={job} note={describeProgress(job)} />;
  return <Ended job={job} onClose={() => setClosedId(job.id)} />;
}

function Ended({ job, onClose }: { job: Job; onClose: () => void }) {
  const notes = job.summary?.notes ?? [];
  const isWrong = job.state === 'failed' || job.state === 'interrupted';
  return (
    <Notice
      tone={isWrong ? 'problem' : 'note'}
      title={`${job.title}: ${endings[job.state]}`}
      onClose={onClose}
      testId="pack-job-end"
      role={isWrong ? 'alert' : 'status'}
    >
      {job.error?.message}
      {notes.length > 0 && (
        <List size="sm" spacing={2}>
          {notes.map((note) => (
            <List.Item key={note}>{note}</List.Item>
          ))}
        </List>
      )}
      {job.state === 'cancelled' && job.kind === 'fetchPack' && (
        <Text size="sm">What has arrived is kept: fetch it again, and it goes on from there.</Text>
      )}
      {job.state === 'interrupted' && (
        <Text size="sm">The studio ended while it ran. Start it again: it goes on where it stopped.</Text>
      )}
    </Notice>
  );
}

const endings: Record<Job['state'], string> = {
  running: 'running',
  done: 'done',
  cancelled: 'cancelled',
  failed: 'failed',
  interrupted: 'interrupted',
};

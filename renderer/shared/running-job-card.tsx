/** A running job on the screen it belongs to: how far it is, and a way to stop. */
import { Progress } from '@mantine/core';
import type { Job } from '../../contract/jobs.ts';
import { CancelJobButton } from './cancel-job-button.tsx';
import { Card } from './page.tsx';

interface RunningJobCardProps {
  job: Job;
  /** How far it is, in words. */
  note: string;
  /** What is said where it could not be stopped. */
  failure?: string;
}

export function RunningJobCard({ job, note, failure }: RunningJobCardProps) {
  const { phase, done, total } = job.progress;
  const isKnown = total !== null && total > 0;
  return (
    <Card
      title={job.title}
      note={note}
      actions={<CancelJobButton job={job} {...(failure === undefined ? {} : { failure })} />}
    >
      <Progress value={isKnown ? (done / total) * 100 : 100} animated={!isKnown} aria-label={phase} />
    </Card>
  );
}

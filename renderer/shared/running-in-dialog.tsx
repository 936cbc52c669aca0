/** A job in the dialog that started it: how far it is, a way to stop it, and a way to leave it running. */
import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import type { Job } from '../../contract/jobs.ts';
import { CancelJobButton } from './cancel-job-button.tsx';
import { describeProgress } from './job-words.ts';

interface RunningInDialogProps {
  job: Job;
  /** What becomes of it when it is cancelled: “it … ”. */
  stopped: string;
  /** What is said where it could not be stopped. */
  failure: string;
  onClose: () => void;
}

export function RunningInDialog({ job, stopped, failure, onClose }: RunningInDialogProps) {
  const { phase, done, total } = job.progress;
  const isKnown = total !== null && total > 0;
  return (
    <Stack>
      <Text size="sm" className="numbers" role="status">
        {describeProgress(job)}
      </Text>
      <Progress value={isKnown ? (done / total) * 100 : 100} animated={!isKnown} aria-label={phase} />
      <Text size="xs" c="dimmed">
        It goes on when this is closed; the foot of the window tells how far it is. Cancelled, it {stopped}
      </Text>
      <Group justify="end">
        <CancelJobButton job={job} failure={failure} />
        {/* What had the keyboard is gone. */}
        <Button size="compact-sm" autoFocus onClick={onClose}>
          Close
        </Button>
      </Group>
    </Stack>
  );
}

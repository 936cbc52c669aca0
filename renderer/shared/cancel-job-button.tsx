/** Stops a running job cleanly; what it has done stays done. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { Job } from '../../contract/jobs.ts';
import { orpc } from '../api/client.ts';
import { noteJob } from '../api/jobs.ts';
import { showError } from './show-error.ts';

/** @param failure what is said where it could not be stopped */
export function CancelJobButton({
  job,
  failure = 'The job could not be stopped',
}: {
  job: Job;
  failure?: string;
}) {
  const cancel = useMutation(
    orpc.jobs.cancel.mutationOptions({
      onSuccess: noteJob,
      onError: (error) => showError(failure, error),
    }),
  );
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={cancel.isPending}
      onClick={() => cancel.mutate({ id: job.id })}
    >
      Cancel
    </Button>
  );
}

/** Makes a head the active one of its target, and tells when every image is re-scored. */
import { Button, VisuallyHidden } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { Head } from '../../../contract/heads.ts';
import { orpc } from '../../api/client.ts';
import { noteJob, useRunningJob } from '../../api/jobs.ts';
import { showError } from '../../shared/show-error.ts';

export function ActivateButton({ head, isMain = false }: { head: Head; isMain?: boolean }) {
  const running = useRunningJob('rescore');
  const activate = useMutation(
    orpc.heads.activate.mutationOptions({
      onSuccess: noteJob,
      onError: (error) => showError('The head could not be made active', error),
    }),
  );
  return (
    <Button
      size={isMain ? 'sm' : 'compact-sm'}
      variant={isMain ? 'filled' : 'default'}
      loading={activate.isPending}
      disabled={running !== undefined}
      title="Re-scores all images from stored features; no image is read again."
      onClick={() => activate.mutate({ id: head.id })}
    >
      <span>
        Make <VisuallyHidden>“{head.name}” </VisuallyHidden>active
      </span>
    </Button>
  );
}

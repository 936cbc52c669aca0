/** Moving rejected images to the trash: asked once more, then how far it is, then what could not be moved and why. */
import { Button, Group, ScrollArea, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Job } from '../../../../contract/jobs.ts';
import { orpc } from '../../../api/client.ts';
import { noteJob, useJobs } from '../../../api/jobs.ts';
import { formatCount } from '../../../shared/format.ts';
import { Notice } from '../../../shared/notice.tsx';
import { RunningInDialog } from '../../../shared/running-in-dialog.tsx';
import { showError } from '../../../shared/show-error.ts';

export function TrashForm({ ids, onDone }: { ids: readonly number[]; onDone: () => void }) {
  // Those that were counted on the button: what is rejected meanwhile was not asked about.
  const [asked] = useState(ids);
  const trash = useMutation(
    orpc.curate.trash.mutationOptions({
      onSuccess: noteJob,
      onError: (error) => showError('Nothing was moved', error),
    }),
  );
  const jobs = useJobs();
  const job = trash.data && (jobs.find(({ id }) => id === trash.data.id) ?? trash.data);
  if (job !== undefined) return <Trashing job={job} onDone={onDone} />;
  return (
    <Stack>
      <Text size="sm">
        The files of {formatCount(asked.length)} rejected {asked.length === 1 ? 'image' : 'images'} go to the
        trash of the computer on which the studio runs. Put back from there, they are known again; Ctrl+Z
        takes back flags, not this. Scores, votes and tags stay.
      </Text>
      <Group justify="end">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button color="red" loading={trash.isPending} onClick={() => trash.mutate({ imageIds: [...asked] })}>
          Move to the trash
        </Button>
      </Group>
    </Stack>
  );
}

function Trashing({ job, onDone }: { job: Job; onDone: () => void }) {
  const isWell = job.state === 'done' && job.summary?.failed === undefined;
  useEffect(() => {
    if (isWell) onDone();
  }, [isWell, onDone]);
  if (isWell) return null;
  if (job.state !== 'running') return <Ended job={job} onDone={onDone} />;
  return (
    <RunningInDialog
      job={job}
      stopped="leaves in the trash what is there, and the rest where it was."
      failure="The way to the trash could not be stopped"
      onClose={onDone}
    />
  );
}

function Ended({ job: { state, error, summary }, onDone }: { job: Job; onDone: () => void }) {
  const { trashed = 0, failed = 0, notes = [] } = summary ?? {};
  const moved = `${formatCount(trashed)} moved to the trash`;
  return (
    <Stack>
      {state === 'failed' && (
        <Notice tone="problem" title="Not all were moved" role="alert">
          {error?.message}
        </Notice>
      )}
      {state === 'cancelled' && (
        <Notice tone="note" title={`Cancelled: ${moved}, the rest is where it was`} role="status" />
      )}
      {failed > 0 && (
        <Notice
          tone="problem"
          title={`${formatCount(failed)} of ${formatCount(failed + trashed)} could not be moved`}
          role="alert"
        >
          <ScrollArea.Autosize mah={240} tabIndex={0} role="region" aria-label="Files">
            {notes.map((note) => (
              <div key={note}>{note}</div>
            ))}
          </ScrollArea.Autosize>
        </Notice>
      )}
      <Group justify="end">
        {/* What had the keyboard is gone. */}
        <Button autoFocus onClick={onDone}>
          Close
        </Button>
      </Group>
    </Stack>
  );
}

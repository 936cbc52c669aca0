/** Takes raw votes of another tool in as a study: look at the table, put shape and columns right, import whole or not at all. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import type { VoteMapping, VotePreview, VoteShape } from '../../../contract/study-files.ts';
import { orpc } from '../../api/client.ts';
import { noteJob, useJobs } from '../../api/jobs.ts';
import { countOf } from '../../shared/format.ts';
import { describeProgress } from '../../shared/job-words.ts';
import { Notice } from '../../shared/notice.tsx';
import { RunningJobCard } from '../../shared/running-job-card.tsx';
import { errorMessage } from '../../shared/show-error.ts';
import { FileChoice } from './file-choice.tsx';
import { VotePreviewView } from './vote-preview-view.tsx';

interface ImportVotesDialogProps {
  opened: boolean;
  onClose: () => void;
}

export function ImportVotesDialog({ opened, onClose }: ImportVotesDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Import votes" size={960}>
      <ImportVotes onClose={onClose} />
    </Modal>
  );
}

/** How the table is to be read; what is absent is found out. */
export interface VoteReading {
  shape?: VoteShape;
  mapping?: VoteMapping;
  dimension: string;
}

function ImportVotes({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [reading, setReading] = useState<VoteReading>({ dimension: 'quality' });
  // The last one stays while the table is read anew another way.
  const [shown, setShown] = useState<VotePreview | null>(null);
  const preview = useMutation(orpc.studies.previewVotes.mutationOptions());
  function look(chosen: File, how: VoteReading): void {
    setFile(chosen);
    setReading(how);
    // Given here, it is called for the last question only: an earlier one may be answered after it.
    preview.mutate({ source: { fileName: chosen.name, file: chosen }, ...how }, { onSuccess: setShown });
  }
  return (
    <Stack>
      <Group>
        <FileChoice
          accept=".csv,.tsv,.txt,.json,.xlsx,.parquet"
          loading={preview.isPending}
          onFile={(chosen) => look(chosen, { dimension: 'quality' })}
        >
          Choose a table of votes…
        </FileChoice>
        <Text size="sm" c="dimmed">
          One row a vote or a choice, one row an image and one column a rater, P.910’s numbers, or sureal’s
          JSON
        </Text>
      </Group>
      {preview.error === null ? null : (
        <Notice tone="problem" title="It cannot be read" role="alert">
          {errorMessage(preview.error)}
        </Notice>
      )}
      {shown === null || file === null ? null : (
        <ImportForm
          key={file.name}
          file={file}
          reading={reading}
          preview={shown}
          isCurrent={preview.isSuccess}
          onReading={(how) => look(file, how)}
          onClose={onClose}
        />
      )}
    </Stack>
  );
}

interface ImportFormProps {
  file: File;
  reading: VoteReading;
  preview: VotePreview;
  /** The preview is of this reading, not of the one before. */
  isCurrent: boolean;
  onReading: (reading: VoteReading) => void;
  onClose: () => void;
}

function ImportForm({ file, reading, preview, isCurrent, onReading, onClose }: ImportFormProps) {
  const [name, setName] = useState(() => file.name.replace(/\.[^.]+$/, '').slice(0, 120));
  const [, navigate] = useLocation();
  const importing = useMutation(orpc.studies.importVotes.mutationOptions({ onSuccess: noteJob }));
  const job = useJobs().find(({ id }) => id === importing.data?.id);
  const studyId = job?.state === 'done' ? job.summary?.studyId : undefined;
  useEffect(() => {
    if (studyId === undefined) return;
    onClose();
    navigate(`/studies/${studyId}`);
  }, [studyId, onClose, navigate]);
  const isRunning = importing.isPending || job?.state === 'running';
  const failure = importing.error === null ? job?.error?.message : errorMessage(importing.error);
  const isReady = isCurrent && preview.votes > 0 && preview.problems.length === 0 && name.trim() !== '';
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!isReady) return;
    importing.mutate({ source: { fileName: file.name, file }, name: name.trim(), ...reading });
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name of the study"
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <VotePreviewView preview={preview} reading={reading} onReading={onReading} />
        {failure === undefined ? null : (
          <Notice tone="problem" title="The votes were refused" role="alert">
            {failure}
          </Notice>
        )}
        {job?.state === 'running' ? <RunningJobCard job={job} note={describeProgress(job)} /> : null}
        <Group justify="flex-end">
          <Text size="sm" c="dimmed" role="status">
            {preview.problems.length > 0 ? 'Nothing is imported while a line does not fit.' : ''}
            {job?.state === 'cancelled' ? 'Cancelled: nothing was imported.' : ''}
          </Text>
          <Button type="submit" loading={isRunning} disabled={!isReady}>
            Import {countOf(preview.votes, 'vote')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

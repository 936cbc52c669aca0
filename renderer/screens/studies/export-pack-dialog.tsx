/** Puts a study with its images into a folder, to be rated on another machine by raters who are named here. */
import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { Study } from '../../../contract/studies.ts';
import { orpc } from '../../api/client.ts';
import { noteJob } from '../../api/jobs.ts';
import { FolderPicker } from '../../shared/folder-picker.tsx';
import { Notice } from '../../shared/notice.tsx';
import { joinPath } from '../../shared/path-crumbs.ts';
import { errorMessage } from '../../shared/show-error.ts';
import { splitNames } from './split-names.ts';

interface ExportPackDialogProps {
  study: Study;
  opened: boolean;
  onClose: () => void;
}

export function ExportPackDialog({ study, opened, onClose }: ExportPackDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Study pack of ${study.name}`}
      size={760}
      transitionProps={{ duration: 0 }}
    >
      <ExportForm study={study} onClose={onClose} />
    </Modal>
  );
}

function ExportForm({ study, onClose }: Omit<ExportPackDialogProps, 'opened'>) {
  const [text, setText] = useState('');
  const [path, setPath] = useState<string | undefined>();
  const [folder, setFolder] = useState<string | null>(null);
  const note = useCallback((found: { path: string } | null) => setFolder(found?.path ?? null), []);
  const raterNames = splitNames(text);
  const name = nameFolder(study.name);
  const start = useMutation(
    orpc.studies.exportPack.mutationOptions({
      onSuccess: (job) => {
        noteJob(job);
        onClose();
      },
    }),
  );
  return (
    <Stack>
      <Textarea
        label="Who rates there"
        description="One name a line. What is laid out for them goes along, and nobody else is let in."
        autosize
        minRows={2}
        maxRows={6}
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <FolderPicker path={path} onPath={setPath} onFound={note} />
      <Text size="sm" c="dimmed">
        A folder “{name}” is written there. This freezes the design. On the other machine: Studies, “Take a
        study pack in”.
      </Text>
      {start.error === null ? null : (
        <Notice tone="problem" title="It cannot be exported" role="alert">
          {errorMessage(start.error)}
        </Notice>
      )}
      <Group justify="end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          disabled={folder === null || raterNames.length === 0}
          loading={start.isPending}
          onClick={() =>
            folder !== null && start.mutate({ studyId: study.id, folder: joinPath(folder, name), raterNames })
          }
        >
          Export here
        </Button>
      </Group>
    </Stack>
  );
}

/** A study's name as a folder is called on every system. */
function nameFolder(name: string): string {
  return `${name
    .replaceAll(/[^\p{L}\p{N} ._-]+/gu, '-')
    .slice(0, 60)
    .trim()} study pack`;
}

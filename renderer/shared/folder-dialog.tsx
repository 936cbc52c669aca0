/** Asks for a folder of the studio's machine, or a file in one, and starts a job with it; an error stays in the dialog, in words. */
import { Button, Group, Modal, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useCallback, useState } from 'react';
import type { Job } from '../../contract/jobs.ts';
import { noteJob } from '../api/jobs.ts';
import { FolderPicker } from './folder-picker.tsx';
import { Notice } from './notice.tsx';
import { errorMessage } from './show-error.ts';

interface FolderOrder {
  /** On the button that starts it. */
  label: string;
  /** Above an error. */
  failure: string;
  start: (path: string) => Promise<Job>;
  /** Something above is not filled in yet. */
  isIncomplete?: boolean;
  /** Files are listed beside folders, so that one sees what is there already. */
  showsFiles?: 'checkpoints' | 'studyPacks';
  /** Study packs that are files can be chosen as well: on the button when one is. */
  fileLabel?: string;
}

interface FolderDialogProps {
  title: string;
  opened: boolean;
  onClose: () => void;
  /** The form: a `FolderForm`. Drawn while the dialog is open, so that it starts anew each time. */
  children: ReactNode;
}

export function FolderDialog({ title, opened, onClose, children }: FolderDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={760}>
      {children}
    </Modal>
  );
}

interface FolderFormProps {
  order: FolderOrder;
  onClose: () => void;
  /** Fields above the folders. */
  above?: ReactNode;
  /** What will be written or read there. */
  children?: ReactNode;
}

export function FolderForm({ order, onClose, above, children }: FolderFormProps) {
  const [path, setPath] = useState<string | undefined>();
  const [folder, setFolder] = useState<string | null>(null);
  const [file, setFile] = useState('');
  const note = useCallback((found: { path: string } | null) => {
    setFolder(found?.path ?? null);
    setFile('');
  }, []);
  const chosen = file === '' ? folder : file;
  const files = filesOf(order, { chosen: file, onFile: (path) => setFile(path === file ? '' : path) });
  const start = useMutation({
    mutationFn: order.start,
    onSuccess: (job) => {
      noteJob(job);
      onClose();
    },
  });
  return (
    <Stack>
      {above}
      <FolderPicker path={path} onPath={setPath} onFound={note} {...(files === undefined ? {} : { files })} />
      {children}
      {start.error !== null && (
        <Notice tone="problem" title={order.failure} role="alert">
          {errorMessage(start.error)}
        </Notice>
      )}
      <Group justify="end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          disabled={chosen === null || order.isIncomplete === true}
          loading={start.isPending}
          onClick={() => chosen !== null && start.mutate(chosen)}
        >
          {file === '' ? order.label : order.fileLabel}
        </Button>
      </Group>
    </Stack>
  );
}

function filesOf(
  { showsFiles, fileLabel }: FolderOrder,
  choice: { chosen: string; onFile: (path: string) => void },
) {
  if (fileLabel !== undefined) return { kind: 'studyPacks' as const, ...choice };
  return showsFiles === undefined ? undefined : { kind: showsFiles, chosen: '', onFile: null };
}

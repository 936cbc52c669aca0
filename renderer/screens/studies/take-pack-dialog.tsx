/** Takes a study pack of another machine in, to be rated here. */
import { Button, Group, Modal, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { orpc } from '../../api/client.ts';
import { noteJob } from '../../api/jobs.ts';
import { FolderPicker } from '../../shared/folder-picker.tsx';
import { Notice } from '../../shared/notice.tsx';
import { errorMessage } from '../../shared/show-error.ts';

interface TakePackDialogProps {
  opened: boolean;
  onClose: () => void;
}

export function TakePackDialog({ opened, onClose }: TakePackDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Take a study pack in"
      size={760}
      transitionProps={{ duration: 0 }}
    >
      <TakeForm onClose={onClose} />
    </Modal>
  );
}

function TakeForm({ onClose }: { onClose: () => void }) {
  const [path, setPath] = useState<string | undefined>();
  const [folder, setFolder] = useState<string | null>(null);
  const note = useCallback((found: { path: string } | null) => setFolder(found?.path ?? null), []);
  const start = useMutation(
    orpc.studies.importPack.mutationOptions({
      onSuccess: (job) => {
        noteJob(job);
        onClose();
      },
    }),
  );
  return (
    <Stack>
      <FolderPicker path={path} onPath={setPath} onFound={note} />
      {start.error === null ? null : (
        <Notice tone="problem" title="It cannot be taken in" role="alert">
          {errorMessage(start.error)}
        </Notice>
      )}
      <Group justify="end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          disabled={folder === null}
          loading={start.isPending}
          onClick={() => folder !== null && start.mutate({ folder })}
        >
          Take this folder in
        </Button>
      </Group>
    </Stack>
  );
}

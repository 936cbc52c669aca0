/** Copies a pack with its weights into a folder, to be added on another machine. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { PackInfo } from '../../../contract/pack.ts';
import { orpc } from '../../api/client.ts';
import { noteJob } from '../../api/jobs.ts';
import { FolderPicker } from '../../shared/folder-picker.tsx';
import { formatBytes } from '../../shared/format.ts';
import { Notice } from '../../shared/notice.tsx';
import { joinPath } from '../../shared/path-crumbs.ts';
import { errorMessage } from '../../shared/show-error.ts';

interface ExportDialogProps {
  pack: PackInfo;
  opened: boolean;
  onClose: () => void;
}

export function ExportDialog({ pack, opened, onClose }: ExportDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Export ${pack.title}`}
      size={760}
      transitionProps={{ duration: 0 }}
    >
      <ExportForm pack={pack} onClose={onClose} />
    </Modal>
  );
}

function ExportForm({ pack, onClose }: Omit<ExportDialogProps, 'opened'>) {
  const [path, setPath] = useState<string | undefined>();
  const [folder, setFolder] = useState<string | null>(null);
  const note = useCallback((found: { path: string } | null) => setFolder(found?.path ?? null), []);
  const sizeBytes = pack.network?.files.reduce((sum, file) => sum + file.sizeBytes, 0) ?? 0;
  const start = useMutation(
    orpc.packs.export.mutationOptions({
      onSuccess: (job) => {
        noteJob(job);
        onClose();
      },
    }),
  );
  return (
    <Stack>
      <FolderPicker
        path={path}
        onPath={setPath}
        onFound={note}
        files={{ chosen: '', onFile: () => undefined }}
      />
      <Text size="sm" c="dimmed">
        A folder “{pack.id}” with {formatBytes(sizeBytes)} of weights is written there. On the other machine:
        Add model, “An exported pack”. The licence of the weights goes with them: check that you may pass them
        on.
      </Text>
      {start.error !== null && (
        <Notice tone="problem" title="It cannot be exported" role="alert">
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
          onClick={() => folder !== null && start.mutate({ id: pack.id, folder: joinPath(folder, pack.id) })}
        >
          Export here
        </Button>
      </Group>
    </Stack>
  );
}

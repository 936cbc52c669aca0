/** Copies a pack with its weights into a folder, to be added on another machine. */
import { Text } from '@mantine/core';
import type { PackInfo } from '../../../contract/pack.ts';
import { client } from '../../api/client.ts';
import { FolderDialog, FolderForm } from '../../shared/folder-dialog.tsx';
import { formatBytes } from '../../shared/format.ts';
import { joinPath } from '../../shared/path-crumbs.ts';

interface ExportDialogProps {
  pack: PackInfo;
  opened: boolean;
  onClose: () => void;
}

export function ExportDialog({ pack, opened, onClose }: ExportDialogProps) {
  const sizeBytes = pack.network?.files.reduce((sum, file) => sum + file.sizeBytes, 0) ?? 0;
  const order = {
    label: 'Export here',
    failure: 'It cannot be exported',
    start: (folder: string) => client.packs.export({ id: pack.id, folder: joinPath(folder, pack.id) }),
    showsFiles: 'checkpoints' as const,
  };
  return (
    <FolderDialog title={`Export ${pack.title}`} opened={opened} onClose={onClose}>
      <FolderForm order={order} onClose={onClose}>
        <Text size="sm" c="dimmed">
          A folder “{pack.id}” with {formatBytes(sizeBytes)} of weights is written there. On the other
          machine: Add model, “An exported pack”. The licence of the weights goes with them: check that you
          may pass them on.
        </Text>
      </FolderForm>
    </FolderDialog>
  );
}

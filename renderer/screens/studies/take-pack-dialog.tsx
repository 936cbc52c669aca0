/** Takes a study pack of another machine in, to be rated here. */
import { Text } from '@mantine/core';
import { client } from '../../api/client.ts';
import { FolderDialog, FolderForm } from '../../shared/folder-dialog.tsx';

interface TakePackDialogProps {
  opened: boolean;
  onClose: () => void;
}

const order = {
  label: 'Take this folder in',
  fileLabel: 'Take this file in',
  failure: 'It cannot be taken in',
  start: (path: string) => client.studies.importPack({ path }),
};

export function TakePackDialog({ opened, onClose }: TakePackDialogProps) {
  return (
    <FolderDialog title="Take a study pack in" opened={opened} onClose={onClose}>
      <FolderForm order={order} onClose={onClose}>
        <Text size="sm" c="dimmed">
          Choose the file, or open the folder that holds study.json. Images of a file are unpacked into the
          library; those of a folder stay where they are. Those whom it names rate here, then “Results” under
          the study’s Files goes back.
        </Text>
      </FolderForm>
    </FolderDialog>
  );
}

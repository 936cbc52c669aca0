/** Takes a study pack of another machine in, to be rated here. */
import { client } from '../../api/client.ts';
import { FolderDialog, FolderForm } from '../../shared/folder-dialog.tsx';

interface TakePackDialogProps {
  opened: boolean;
  onClose: () => void;
}

const order = {
  label: 'Take this folder in',
  failure: 'It cannot be taken in',
  start: (folder: string) => client.studies.importPack({ folder }),
};

export function TakePackDialog({ opened, onClose }: TakePackDialogProps) {
  return (
    <FolderDialog title="Take a study pack in" opened={opened} onClose={onClose}>
      <FolderForm order={order} onClose={onClose} />
    </FolderDialog>
  );
}

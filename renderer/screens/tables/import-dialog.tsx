/** Imports a MOS table: choose or drop a file, look at what was understood, put it right, import. */
import { Alert, Button, FileButton, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { type DragEvent, useState } from 'react';
import { orpc } from '../../api/client.ts';
import { formatCount } from '../../shared/format.ts';
import { errorMessage } from '../../shared/show-error.ts';
import { ImportForm } from './import-form.tsx';
import classes from './tables.module.css';

interface ImportDialogProps {
  opened: boolean;
  onClose: () => void;
}

export function ImportDialog({ opened, onClose }: ImportDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Import a MOS table"
      size={960}
      transitionProps={{ duration: 0 }}
    >
      <ImportSteps onClose={onClose} />
    </Modal>
  );
}

function ImportSteps({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const preview = useMutation(orpc.mos.preview.mutationOptions());
  function look(chosen: File | null): void {
    if (chosen === null) return;
    setFile(chosen);
    preview.mutate({ source: { fileName: chosen.name, file: chosen } });
  }
  function finish(name: string, images: number): void {
    notifications.show({ message: `“${name}” is imported: MOS of ${formatCount(images)} images.` });
    onClose();
  }
  return (
    <Stack>
      <FileChoice onFile={look} isReading={preview.isPending} />
      {preview.error === null ? null : (
        <Alert color="red" title="The table could not be read" role="alert">
          {errorMessage(preview.error)}
        </Alert>
      )}
      {file === null || preview.data === undefined ? null : (
        <ImportForm key={file.name + file.lastModified} file={file} preview={preview.data} onDone={finish} />
      )}
    </Stack>
  );
}

function FileChoice({ onFile, isReading }: { onFile: (file: File | null) => void; isReading: boolean }) {
  const [isOver, setIsOver] = useState(false);
  function drop(event: DragEvent): void {
    event.preventDefault();
    event.stopPropagation();
    setIsOver(false);
    onFile(event.dataTransfer.files[0] ?? null);
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a convenience beside the button
    <div
      className={classes['drop']}
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <Group>
        <FileButton onChange={onFile} accept=".csv,.tsv,.txt,.xlsx">
          {(props) => (
            <Button {...props} variant="default" loading={isReading} data-autofocus>
              Choose a table…
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          or drop it here. CSV or XLSX, one row an image, with a name and at least one column of means.
        </Text>
      </Group>
    </div>
  );
}

/** Imports a table: choose or drop a file, look at what was understood, put it right, import. */
import { Alert, Button, FileButton, Group, Modal, NativeSelect, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { type DragEvent, useState } from 'react';
import { type TablePreview, TextEncoding } from '../../../contract/mos.ts';
import { orpc } from '../../api/client.ts';
import { errorMessage } from '../../shared/show-error.ts';
import { type FileSource, ImportForm } from './import-form.tsx';
import classes from './tables.module.css';

/** How the file is read, where that is not left to be found out. */
type Reading = Pick<FileSource, 'encoding' | 'sheet'>;

interface ImportDialogProps {
  opened: boolean;
  onClose: () => void;
}

export function ImportDialog({ opened, onClose }: ImportDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Import a table" size={960}>
      <ImportSteps onClose={onClose} />
    </Modal>
  );
}

function ImportSteps({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [reading, setReading] = useState<Reading>({});
  // Those of the last sheet that could be read: where one cannot, another is chosen.
  const [sheets, setSheets] = useState<TablePreview['sheets']>(null);
  const preview = useMutation(
    orpc.mos.preview.mutationOptions({ onSuccess: (looked) => setSheets(looked.sheets) }),
  );
  function look(chosen: File | null, as: Reading = {}): void {
    if (chosen === null) return;
    if (chosen !== file) setSheets(null);
    setFile(chosen);
    setReading(as);
    preview.mutate({ source: { fileName: chosen.name, file: chosen, ...as } });
  }
  function finish(message: string): void {
    notifications.show({ message });
    onClose();
  }
  return (
    <Stack>
      <FileChoice onFile={(chosen) => look(chosen)} isReading={preview.isPending} />
      {sheets !== null && sheets.all.length > 1 && (
        <NativeSelect
          size="xs"
          w={260}
          label="Sheet"
          value={reading.sheet ?? sheets.read}
          data={sheets.all}
          onChange={(event) => look(file, { sheet: event.currentTarget.value })}
        />
      )}
      {file !== null && !/\.xlsx$/i.test(file.name) && (
        <NativeSelect
          size="xs"
          w={260}
          label="Encoding of the text"
          value={reading.encoding ?? ''}
          data={[{ value: '', label: 'found out' }, ...TextEncoding.options]}
          onChange={(event) => {
            const chosen = TextEncoding.safeParse(event.currentTarget.value);
            look(file, chosen.success ? { encoding: chosen.data } : {});
          }}
        />
      )}
      {preview.error === null ? null : (
        <Alert color="red" title="The table could not be read" role="alert">
          {errorMessage(preview.error)}
        </Alert>
      )}
      {file === null || preview.data === undefined ? null : (
        <ImportForm
          key={`${file.name} ${file.lastModified} ${preview.data.encoding} ${preview.data.sheets?.read}`}
          source={{ fileName: file.name, file, ...reading }}
          preview={preview.data}
          onDone={finish}
        />
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
        <FileButton onChange={onFile} accept=".csv,.tsv,.txt,.xlsx,.json,.jsonl,.ndjson,.parquet">
          {(props) => (
            <Button {...props} variant="default" loading={isReading} data-autofocus>
              Choose a table…
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          or drop it here. CSV, XLSX, JSON, JSON lines or Parquet, one row an image: MOS, prompts, or scores
          of another metric.
        </Text>
      </Group>
    </div>
  );
}

/** A study from a table of images: choose the file, see which column is what and which lines do not fit. */
import { Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Manifest, ManifestMapping } from '../../../contract/study-files.ts';
import { orpc } from '../../api/client.ts';
import { formatCount } from '../../shared/format.ts';
import { Notice } from '../../shared/notice.tsx';
import { errorMessage } from '../../shared/show-error.ts';
import { ColumnSelects } from './column-selects.tsx';
import type { DraftImages } from './draft.ts';
import { FileChoice } from './file-choice.tsx';
import { LineProblems } from './line-problems.tsx';

const columns: { field: keyof ManifestMapping; label: string }[] = [
  { field: 'name', label: 'Name' },
  { field: 'prompt', label: 'Prompt' },
  { field: 'generator', label: 'Generator' },
  { field: 'group', label: 'Group' },
  { field: 'reference', label: 'Hidden reference' },
  { field: 'role', label: 'Role' },
  { field: 'dimension', label: 'Checked dimension' },
  { field: 'expected', label: 'Expected vote' },
  { field: 'tolerance', label: 'Tolerance' },
];

export function ManifestPicker({ onImages }: { onImages: (images: DraftImages) => void }) {
  const [file, setFile] = useState<File | null>(null);
  const reading = useMutation(
    orpc.studies.readManifest.mutationOptions({
      onSuccess: ({ imageIds, labels, items }) => onImages({ imageIds, labels, items }),
    }),
  );
  function read(chosen: File, mapping?: ManifestMapping): void {
    reading.mutate({
      source: { fileName: chosen.name, file: chosen },
      ...(mapping === undefined ? {} : { mapping }),
    });
  }
  const manifest = reading.data;
  return (
    <Stack gap="xs">
      <Group>
        <FileChoice
          accept=".csv,.tsv,.xlsx,.json,.parquet"
          size="compact-sm"
          loading={reading.isPending}
          onFile={(chosen) => {
            setFile(chosen);
            read(chosen);
          }}
        >
          Take the images from a table…
        </FileChoice>
        <Text size="xs" c="dimmed">
          CSV, XLSX, JSON or Parquet with a column of image names
        </Text>
      </Group>
      {reading.error === null ? null : (
        <Text size="sm" c="red" role="alert">
          {errorMessage(reading.error)}
        </Text>
      )}
      {manifest === undefined || file === null ? null : (
        <ManifestView manifest={manifest} onMapping={(mapping) => read(file, mapping)} />
      )}
    </Stack>
  );
}

interface ManifestViewProps {
  manifest: Manifest;
  onMapping: (mapping: ManifestMapping) => void;
}

function ManifestView({ manifest, onMapping }: ManifestViewProps) {
  const { fileName, header, rowCount, mapping, problems, imageIds } = manifest;
  const isUnknown = mapping !== null && imageIds.length === 0 && problems.length > 0;
  function choose(field: keyof ManifestMapping, column: string): void {
    const { [field]: _, ...others } = { name: '', ...mapping };
    const changed = { ...others, ...(column === '' ? {} : { [field]: column }) };
    if ('name' in changed && typeof changed.name === 'string' && changed.name !== '') {
      onMapping({ ...changed, name: changed.name });
    }
  }
  return (
    <Stack gap="xs">
      <Text size="sm" data-testid="manifest-summary">
        {fileName}: {formatCount(rowCount)} rows
        {mapping === null ? '; say which column has the names of the images' : ''}
      </Text>
      <ColumnSelects fields={columns} header={header} across={3} mapping={mapping} onChoose={choose} />
      {isUnknown ? (
        <Notice tone="warning" title="None of these images is in the library" testId="images-unknown">
          Add their folder first (Library, “Add folder…”), then choose the table again. If they are there,
          look whether “Name” is the right column.
        </Notice>
      ) : null}
      <LineProblems problems={problems} />
    </Stack>
  );
}

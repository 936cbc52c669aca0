/** A table that was read: what it is, which column is what, its first rows, and the import itself. */
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { TablePreview } from '../../../contract/mos.ts';
import { orpc } from '../../api/client.ts';
import { FirstRows } from '../../shared/first-rows.tsx';
import { formatCount } from '../../shared/format.ts';
import { errorMessage } from '../../shared/show-error.ts';
import {
  draftOf,
  findMappingProblem,
  isSameDraft,
  type MappingDraft,
  mappingOfDraft,
} from './mapping-draft.ts';
import { MappingEditor } from './mapping-editor.tsx';

interface ImportFormProps {
  file: File;
  preview: TablePreview;
  onDone: (name: string, images: number) => void;
}

export function ImportForm({ file, preview, onDone }: ImportFormProps) {
  const [name, setName] = useState(() => preview.layout ?? file.name.replace(/\.[^.]+$/, '').slice(0, 120));
  const [draft, setDraft] = useState<MappingDraft>(() => draftOf(preview.suggested));
  const importing = useMutation(
    orpc.mos.import.mutationOptions({ onSuccess: (set) => onDone(set.name, set.images) }),
  );
  const isSuggested = preview.suggested !== null && isSameDraft(draft, draftOf(preview.suggested));
  const problem = name.trim() === '' ? 'The set needs a name.' : findMappingProblem(draft);
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (problem !== null) return;
    importing.mutate({
      source: { fileName: file.name, file },
      name: name.trim(),
      // Unchanged, the studio's own proposal is taken, and the set says which layout it came in.
      ...(isSuggested ? {} : { mapping: mappingOfDraft(draft) }),
    });
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm" className="numbers" data-testid="preview-summary">
          {describePreview(preview)}
        </Text>
        <TextInput
          label="Name of the MOS set"
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <MappingEditor draft={draft} header={preview.header} onChange={setDraft} />
        <FirstRows header={preview.header} rows={preview.rows} />
        {importing.error === null ? null : (
          <Alert color="red" title="The table was refused" role="alert" style={{ whiteSpace: 'pre-wrap' }}>
            {errorMessage(importing.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Text size="sm" c="dimmed" role="status">
            {problem}
          </Text>
          <Button type="submit" loading={importing.isPending} disabled={problem !== null}>
            Import {formatCount(preview.rowCount)} rows
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function describePreview({
  fileName,
  rowCount,
  encoding,
  layout,
  matchedFiles,
  header,
}: TablePreview): string {
  return [
    fileName,
    `${formatCount(rowCount)} rows, ${header.length} columns`,
    encoding,
    layout === null ? 'no known layout' : `layout of ${layout}`,
    `${formatCount(matchedFiles)} names are in this library already`,
  ].join(' · ');
}

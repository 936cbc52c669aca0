/** A table that was read: what it is, which column is what, its first rows, and the import itself. */
import { Alert, Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { ImportedColumns } from '../../../contract/agreement-views.ts';
import type { MosSet, TablePreview, TableSource } from '../../../contract/mos.ts';
import { orpc } from '../../api/client.ts';
import { FirstRows } from '../../shared/first-rows.tsx';
import { countOf, formatCount } from '../../shared/format.ts';
import { errorMessage } from '../../shared/show-error.ts';
import {
  describeMeans,
  draftOf,
  findMappingProblem,
  isSameDraft,
  type MappingDraft,
  mappingOfDraft,
} from './mapping-draft.ts';
import { MappingEditor } from './mapping-editor.tsx';

/** A table that the page sends. */
export type FileSource = Extract<TableSource, { file: Blob }>;

interface ImportFormProps {
  source: FileSource;
  preview: TablePreview;
  /** Is told what came of it. */
  onDone: (message: string) => void;
}

export function ImportForm({ source, preview, onDone }: ImportFormProps) {
  const [name, setName] = useState(
    () => preview.layout ?? source.fileName.replace(/\.[^.]+$/, '').slice(0, 120),
  );
  const [draft, setDraft] = useState<MappingDraft>(() => draftOf(preview.suggested, preview.scale));
  const importing = useMutation(
    orpc.mos.import.mutationOptions({
      onSuccess: (set) => onDone(describeSet(set)),
    }),
  );
  const taking = useMutation(
    orpc.agreement.importColumns.mutationOptions({ onSuccess: (taken) => onDone(describeTaken(taken)) }),
  );
  const [leavesOutTwins, setLeavesOutTwins] = useState(false);
  const hasMos = draft.mos.length > 0;
  const error = importing.error ?? taking.error;
  const isSuggested =
    preview.suggested !== null && isSameDraft(draft, draftOf(preview.suggested, preview.scale));
  const problem =
    draft.mos.length > 0 && name.trim() === '' ? 'The set needs a name.' : findMappingProblem(draft);
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (problem !== null) return;
    const twins = leavesOutTwins ? 'leaveOut' : 'refuse';
    if (!hasMos) {
      const { name: nameColumn, prompt, generator } = mappingOfDraft(draft);
      taking.mutate({
        ...{ source, name: nameColumn, skipsUnknown: true, twins },
        ...(prompt === undefined ? {} : { prompt }),
        ...(generator === undefined ? {} : { generator }),
      });
      return;
    }
    importing.mutate({
      source,
      name: name.trim(),
      twins,
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
        <MeanRanges said={describeMeans(draft, preview)} />
        {hasMos ? (
          <TextInput
            label="Name of the MOS set"
            maxLength={120}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        ) : (
          <Text size="sm">
            No column of MOS is chosen. Prompts, generators and every column of numbers are taken in for the
            images of this library; on the agreement page the numbers are compared as the scores of other
            metrics.
          </Text>
        )}
        <MappingEditor draft={draft} header={preview.header} onChange={setDraft} />
        <FirstRows header={preview.header} rows={preview.rows} />
        <Checkbox
          label="Leave out rows whose picture stands in an earlier row under another name"
          checked={leavesOutTwins}
          onChange={(event) => setLeavesOutTwins(event.currentTarget.checked)}
        />
        {error === null ? null : (
          <Alert
            // The form is longer than a small window: what is wrong is brought into view.
            ref={(shown) => shown?.scrollIntoView({ block: 'nearest' })}
            color="red"
            title="The table was refused"
            role="alert"
            style={{ whiteSpace: 'pre-wrap' }}
          >
            {errorMessage(error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Text size="sm" c="dimmed" role="status">
            {problem}
          </Text>
          <Button type="submit" loading={importing.isPending || taking.isPending} disabled={problem !== null}>
            Import {countOf(preview.rowCount, 'row')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** More would push the mapping out of sight. */
const shownMeans = 12;

function MeanRanges({ said }: { said: readonly string[] }) {
  if (said.length === 0) return null;
  const more = said.length > shownMeans ? ` · and ${said.length - shownMeans} more` : '';
  return (
    <Text size="sm" className="numbers" data-testid="mean-ranges">
      Means from lowest to highest: {said.slice(0, shownMeans).join(' · ')}
      {more}
    </Text>
  );
}

function describeSet({ name, images, leftOutRows }: MosSet): string {
  return `“${name}” is imported: MOS of ${countOf(images, 'image')}.${describeLeftOut(leftOutRows)}`;
}

function describeLeftOut(rows: number): string {
  return rows === 0 ? '' : ` ${countOf(rows, 'row')} left out: the pictures stand in earlier rows.`;
}

function describeTaken({ columns, images, unknown, leftOut }: ImportedColumns): string {
  const what = columns.length === 0 ? 'Prompts and generators' : `Columns ${columns.join(', ')}`;
  const rest = unknown === 0 ? '' : ` ${countOf(unknown, 'row')} without an image of this library.`;
  return `${what} are taken in for ${countOf(images, 'image')}.${rest}${describeLeftOut(leftOut)}`;
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
    `${countOf(rowCount, 'row')}, ${countOf(header.length, 'column')}`,
    encoding,
    layout === null ? 'no known layout' : `layout of ${layout}`,
    `${formatCount(matchedFiles)} names are in this library already`,
  ].join(' · ');
}

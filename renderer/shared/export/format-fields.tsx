/** What a format leaves open: one row an image or a file; in a data set, how the images get there and how their table is written. */
import { Group } from '@mantine/core';
import { Choice } from './choice.tsx';
import type { ExportDraft } from './export-draft.ts';

interface FormatFieldsProps {
  draft: ExportDraft;
  onDraft: (change: Partial<ExportDraft>) => void;
}

export function FormatFields({ draft: { format, rows, images, metadata }, onDraft }: FormatFieldsProps) {
  if (format !== 'folder') {
    return (
      <Choice
        label="One row for"
        value={rows}
        options={[
          { value: 'images', label: 'each image' },
          { value: 'files', label: 'each file that holds it' },
        ]}
        onChange={(value) => onDraft({ rows: value })}
      />
    );
  }
  return (
    <Group gap={48}>
      <Choice
        label="Images are"
        value={images}
        options={[
          { value: 'copy', label: 'copied' },
          { value: 'hardlink', label: 'linked hard (same disk, no room)' },
          { value: 'symlink', label: 'linked by path' },
        ]}
        onChange={(value) => onDraft({ images: value })}
      />
      <Choice
        label="Their table is"
        value={metadata}
        options={[
          { value: 'jsonl', label: 'metadata.jsonl' },
          { value: 'csv', label: 'metadata.csv' },
          { value: 'parquet', label: 'metadata.parquet (keeps types)' },
        ]}
        onChange={(value) => onDraft({ metadata: value })}
      />
    </Group>
  );
}

/** What a format leaves open: one row an image or a file; in a data set, how the images get there and how their table is written. */
import { Group, Radio } from '@mantine/core';
import { ImagePlacing } from '../../../contract/export-images.ts';
import type { ExportDraft } from './export-draft.ts';

interface FormatFieldsProps {
  draft: ExportDraft;
  onDraft: (change: Partial<ExportDraft>) => void;
}

export function FormatFields({ draft: { format, rows, images, metadata }, onDraft }: FormatFieldsProps) {
  if (format !== 'folder') {
    return (
      <Radio.Group
        size="xs"
        label="One row for"
        value={rows}
        onChange={(value) => onDraft({ rows: value === 'files' ? 'files' : 'images' })}
      >
        <Group gap="lg">
          <Radio size="xs" value="images" label="each image" />
          <Radio size="xs" value="files" label="each file that holds it" />
        </Group>
      </Radio.Group>
    );
  }
  return (
    <Group gap={48}>
      <Radio.Group
        size="xs"
        label="Images are"
        value={images}
        onChange={(value) => onDraft({ images: ImagePlacing.parse(value) })}
      >
        <Group gap="lg">
          <Radio size="xs" value="copy" label="copied" />
          <Radio size="xs" value="hardlink" label="linked hard (same disk, no room)" />
          <Radio size="xs" value="symlink" label="linked by path" />
        </Group>
      </Radio.Group>
      <Radio.Group
        size="xs"
        label="Their table is"
        value={metadata}
        onChange={(value) => onDraft({ metadata: value === 'csv' ? 'csv' : 'jsonl' })}
      >
        <Group gap="lg">
          <Radio size="xs" value="jsonl" label="metadata.jsonl" />
          <Radio size="xs" value="csv" label="metadata.csv" />
        </Group>
      </Radio.Group>
    </Group>
  );
}

/** A table of votes as it was understood, with its shape and columns to be put right. */
import { NativeSelect, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import type { VoteMapping, VotePreview, VoteShape } from '../../../contract/study-files.ts';
import { FirstRows } from '../../shared/first-rows.tsx';
import { countOf } from '../../shared/format.ts';
import { ColumnSelects } from './column-selects.tsx';
import { describeScale } from './describe-scale.ts';
import type { VoteReading } from './import-votes-dialog.tsx';
import { LineProblems } from './line-problems.tsx';

const shapes: { value: VoteShape; label: string }[] = [
  { value: 'long', label: 'one row a vote' },
  { value: 'matrix', label: 'one row an image, one column a rater' },
  { value: 'p910', label: 'numbers alone (P.910 toolkit)' },
  { value: 'sureal', label: 'JSON (sureal)' },
  { value: 'pairs', label: 'one row a choice between two images' },
];

const longColumns: { field: keyof VoteMapping; label: string }[] = [
  { field: 'image', label: 'Image' },
  { field: 'rater', label: 'Rater' },
  { field: 'value', label: 'Vote' },
  { field: 'dimension', label: 'Dimension' },
  { field: 'prompt', label: 'Prompt' },
  { field: 'generator', label: 'Generator' },
  { field: 'role', label: 'Role' },
  { field: 'shownMs', label: 'Time shown, ms' },
  { field: 'seconds', label: 'Time shown, s' },
  { field: 'isCurrent', label: 'Counts (0 or 1)' },
];

const matrixFields: readonly (keyof VoteMapping)[] = ['image', 'prompt', 'generator'];

const pairColumns: typeof longColumns = [
  { field: 'image', label: 'Left image' },
  { field: 'other', label: 'Right image' },
  { field: 'value', label: 'Choice' },
  ...longColumns.filter(({ field }) => !['image', 'value', 'generator'].includes(field)),
];

function columnsOf(shape: VoteShape | null): typeof longColumns {
  if (shape === 'pairs') return pairColumns;
  return longColumns.filter(({ field }) => shape === 'long' || matrixFields.includes(field));
}

interface VotePreviewViewProps {
  preview: VotePreview;
  reading: VoteReading;
  onReading: (reading: VoteReading) => void;
}

export function VotePreviewView({ preview, reading, onReading }: VotePreviewViewProps) {
  const { header } = preview;
  // What was said by hand stands, also while it does not make the table clear yet.
  const shape = reading.shape ?? preview.shape;
  const mapping = reading.mapping ?? preview.mapping;
  const columns = columnsOf(shape);
  function choose(field: keyof VoteMapping, column: string): void {
    const { [field]: _, ...others } = { ...mapping };
    onReading({
      ...reading,
      ...(shape === null ? {} : { shape }),
      mapping: { ...others, ...(column === '' ? {} : { [field]: column }) },
    });
  }
  return (
    <Stack gap="sm">
      <Text size="sm" className="numbers" data-testid="votes-summary">
        {describe(preview)}
      </Text>
      <SimpleGrid cols={2}>
        <NativeSelect
          label="Shape"
          value={shape ?? ''}
          data={[...(shape === null ? [{ value: '', label: 'say which' }] : []), ...shapes]}
          onChange={(event) => {
            const chosen = shapes.find(({ value }) => value === event.currentTarget.value);
            if (chosen !== undefined) onReading({ dimension: reading.dimension, shape: chosen.value });
          }}
        />
        <TextInput
          label="Dimension, where the table does not say it"
          defaultValue={reading.dimension}
          onBlur={(event) => {
            const dimension = event.currentTarget.value.trim();
            if (dimension !== reading.dimension && /^[a-z][a-z0-9_]*$/.test(dimension)) {
              onReading({ ...reading, dimension });
            }
          }}
        />
      </SimpleGrid>
      {shape === 'long' || shape === 'matrix' || shape === 'pairs' ? (
        <ColumnSelects fields={columns} header={header} across={5} mapping={mapping} onChoose={choose} />
      ) : null}
      {header.length > 0 && <FirstRows header={header} rows={preview.rows} />}
      <LineProblems problems={preview.problems} inAll={preview.wrongLines} />
    </Stack>
  );
}

function describe(preview: VotePreview): string {
  const { fileName, votes, raters, images, matchedImages, passedOver, dimensions, scale } = preview;
  return [
    fileName,
    `${countOf(votes, 'vote')} of ${countOf(raters, 'rater')} on ${countOf(images, 'image')}`,
    `${countOf(matchedImages, 'image')} ${matchedImages === 1 ? 'is' : 'are'} in this library`,
    dimensions.join(', '),
    scale === null ? '' : describeScale(scale),
    passedOver.length === 0 ? '' : `words alone, so no raters: ${passedOver.join(', ')}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** Says which column of the table is what. */
import {
  ActionIcon,
  Button,
  Checkbox,
  Fieldset,
  Group,
  NativeSelect,
  NumberInput,
  SimpleGrid,
  Text,
  TextInput,
} from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { type DimensionDraft, emptyDimensionDraft, type MappingDraft } from './mapping-draft.ts';
import classes from './tables.module.css';

interface MappingEditorProps {
  draft: MappingDraft;
  header: string[];
  onChange: (draft: MappingDraft) => void;
}

export function MappingEditor({ draft, header, onChange }: MappingEditorProps) {
  const columns = [...new Set(header)].filter((column) => column !== '');
  return (
    <>
      <Fieldset legend="Images">
        <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="xs">
          <ColumnSelect
            label="Name"
            value={draft.name}
            columns={columns}
            onChange={(name) => onChange({ ...draft, name })}
          />
          <ColumnSelect
            label="Prompt"
            value={draft.prompt}
            columns={columns}
            onChange={(prompt) => onChange({ ...draft, prompt })}
          />
          <ColumnSelect
            label="Generator"
            value={draft.generator}
            columns={columns}
            onChange={(generator) => onChange({ ...draft, generator })}
          />
          <TextInput
            size="xs"
            label="or a pattern of the name"
            placeholder="^([^_]+)_"
            maxLength={200}
            value={draft.generatorPattern}
            onChange={(event) => onChange({ ...draft, generatorPattern: event.currentTarget.value })}
          />
        </SimpleGrid>
      </Fieldset>
      <Fieldset legend="Opinion scores">
        {draft.mos.length > 0 && (
          <Text size="xs" c="dimmed" mb={6}>
            Say the lowest and highest value that raters could give, where the table does not: gaps, labels of
            a training and stars are held against it. Left empty, the scale is not known.
          </Text>
        )}
        {draft.mos.map((dimension, at) => (
          <DimensionRow
            key={dimension.id}
            draft={dimension}
            columns={columns}
            onChange={(changed) => onChange({ ...draft, mos: draft.mos.with(at, changed) })}
            onRemove={() => onChange({ ...draft, mos: draft.mos.toSpliced(at, 1) })}
          />
        ))}
        <Group mt="xs">
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => onChange({ ...draft, mos: [...draft.mos, emptyDimensionDraft(draft.mos)] })}
          >
            Add a dimension
          </Button>
        </Group>
      </Fieldset>
    </>
  );
}

interface DimensionRowProps {
  draft: DimensionDraft;
  columns: string[];
  onChange: (draft: DimensionDraft) => void;
  onRemove: () => void;
}

function DimensionRow({ draft, columns, onChange, onRemove }: DimensionRowProps) {
  return (
    <fieldset className={classes['dimension']} aria-label={draft.dimension || 'New dimension'}>
      <TextInput
        size="xs"
        label="Dimension"
        value={draft.dimension}
        onChange={(event) => onChange({ ...draft, dimension: event.currentTarget.value })}
      />
      <ColumnSelect
        label="Mean"
        value={draft.mean}
        columns={columns}
        onChange={(mean) => onChange({ ...draft, mean })}
      />
      <ColumnSelect
        label="SD"
        value={draft.sd}
        columns={columns}
        onChange={(sd) => onChange({ ...draft, sd })}
      />
      <ColumnSelect label="N" value={draft.n} columns={columns} onChange={(n) => onChange({ ...draft, n })} />
      <NumberInput
        size="xs"
        label="Lowest"
        value={draft.low}
        onChange={(low) => onChange({ ...draft, low })}
      />
      <NumberInput
        size="xs"
        label="Highest"
        value={draft.high}
        onChange={(high) => onChange({ ...draft, high })}
      />
      <Checkbox
        className={classes['direction'] ?? ''}
        size="xs"
        label="Lower is better"
        checked={draft.lowerIsBetter}
        onChange={(event) => onChange({ ...draft, lowerIsBetter: event.currentTarget.checked })}
      />
      <ActionIcon aria-label={`Remove ${draft.dimension || 'this dimension'}`} onClick={onRemove}>
        <IconTrash size={16} stroke={1.7} />
      </ActionIcon>
    </fieldset>
  );
}

interface ColumnSelectProps {
  label: string;
  value: string;
  columns: string[];
  onChange: (column: string) => void;
}

function ColumnSelect({ label, value, columns, onChange }: ColumnSelectProps) {
  return (
    <NativeSelect
      size="xs"
      label={label}
      value={value}
      data={[{ value: '', label: '–' }, ...columns]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** The questions of a study in the order in which they are asked. */
import { ActionIcon, Button, Checkbox, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import {
  type DraftDimension,
  type DraftProblems,
  emptyDimension,
  keyOfLabel,
  mostDimensions,
} from './draft.ts';
import classes from './studies.module.css';

interface DimensionEditorProps {
  dimensions: DraftDimension[];
  problems: DraftProblems;
  onChange: (dimensions: DraftDimension[]) => void;
}

export function DimensionEditor({ dimensions, problems, onChange }: DimensionEditorProps) {
  function moveUp(at: number): void {
    onChange(dimensions.with(at - 1, dimensions[at]!).with(at, dimensions[at - 1]!));
  }
  return (
    <Fieldset legend="Questions, in the order they are asked">
      <Stack gap="xs">
        {dimensions.map((dimension, at) => (
          <DimensionRow
            key={dimension.id}
            dimension={dimension}
            problem={problems.labels[dimension.id]}
            onChange={(changed) => onChange(dimensions.with(at, changed))}
            onRemove={() => onChange(dimensions.toSpliced(at, 1))}
            onMoveUp={at === 0 ? null : () => moveUp(at)}
          />
        ))}
        {problems.dimensions === undefined ? null : (
          <Text size="sm" c="red" role="alert">
            {problems.dimensions}
          </Text>
        )}
        <Group>
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconPlus size={14} />}
            disabled={dimensions.length >= mostDimensions}
            onClick={() => onChange([...dimensions, emptyDimension(dimensions)])}
          >
            Add a question
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}

interface DimensionRowProps {
  dimension: DraftDimension;
  problem: string | undefined;
  onChange: (dimension: DraftDimension) => void;
  onRemove: () => void;
  /** Null for the first. */
  onMoveUp: (() => void) | null;
}

function DimensionRow({ dimension, problem, onChange, onRemove, onMoveUp }: DimensionRowProps) {
  const key = keyOfLabel(dimension.label);
  const name = dimension.label.trim() || 'this question';
  return (
    <div className={classes['dimension']}>
      <TextInput
        aria-label="What is rated"
        placeholder="e.g. Authenticity"
        value={dimension.label}
        error={problem}
        description={key === '' ? 'name in tables' : key}
        inputWrapperOrder={['input', 'description', 'error']}
        onChange={(event) => onChange({ ...dimension, label: event.currentTarget.value })}
      />
      <TextInput
        aria-label={`Question about ${name}`}
        placeholder="The question the rater reads"
        maxLength={300}
        value={dimension.question}
        onChange={(event) => onChange({ ...dimension, question: event.currentTarget.value })}
      />
      <Checkbox
        label="shows the prompt"
        mt={8}
        checked={dimension.showsPrompt}
        onChange={(event) => onChange({ ...dimension, showsPrompt: event.currentTarget.checked })}
      />
      <Group gap={2} wrap="nowrap" mt={2}>
        <ActionIcon
          aria-label={`Ask about ${name} earlier`}
          disabled={onMoveUp === null}
          onClick={() => onMoveUp?.()}
        >
          <IconArrowUp size={16} stroke={1.7} />
        </ActionIcon>
        <ActionIcon aria-label={`Remove ${name}`} onClick={onRemove}>
          <IconTrash size={16} stroke={1.7} />
        </ActionIcon>
      </Group>
    </div>
  );
}

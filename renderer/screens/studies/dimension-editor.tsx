/** The questions of a study in the order in which they are asked, each with its scale. */
import {
  ActionIcon,
  Button,
  Checkbox,
  Fieldset,
  Group,
  NativeSelect,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import {
  type DraftDimension,
  emptyDimension,
  keyOfLabel,
  mostDimensions,
  type ScaleName,
  scaleNames,
  wordsOf,
} from './draft.ts';
import type { DraftProblems } from './draft-problems.ts';
import classes from './studies.module.css';

interface DimensionEditorProps {
  dimensions: DraftDimension[];
  problems: DraftProblems;
  /** Pairs are compared; there is nothing to scale. */
  isPairs: boolean;
  onChange: (dimensions: DraftDimension[]) => void;
}

export function DimensionEditor({ dimensions, problems, isPairs, onChange }: DimensionEditorProps) {
  function moveUp(at: number): void {
    onChange(dimensions.with(at - 1, dimensions[at]!).with(at, dimensions[at - 1]!));
  }
  return (
    <Fieldset legend="Questions, in the order they are asked">
      <Stack gap="sm">
        {dimensions.map((dimension, at) => (
          <DimensionRow
            key={dimension.id}
            dimension={dimension}
            problems={problems}
            isPairs={isPairs}
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
  problems: DraftProblems;
  isPairs: boolean;
  onChange: (dimension: DraftDimension) => void;
  onRemove: () => void;
  /** Null for the first. */
  onMoveUp: (() => void) | null;
}

function DimensionRow({ dimension, problems, isPairs, onChange, onRemove, onMoveUp }: DimensionRowProps) {
  const { id, label, question, showsPrompt } = dimension;
  const key = keyOfLabel(label);
  const name = label.trim() || 'this question';
  return (
    <div className={classes['dimension']}>
      <TextInput
        aria-label="What is rated"
        placeholder="e.g. Authenticity"
        value={label}
        error={problems.labels[id]}
        description={key === '' ? 'name in tables' : key}
        inputWrapperOrder={['input', 'description', 'error']}
        onChange={(event) => onChange({ ...dimension, label: event.currentTarget.value })}
      />
      <TextInput
        aria-label={`Question about ${name}`}
        placeholder="The question the rater reads"
        maxLength={300}
        value={question}
        onChange={(event) => onChange({ ...dimension, question: event.currentTarget.value })}
      />
      <Checkbox
        label="shows the prompt"
        mt={8}
        checked={showsPrompt}
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
      {isPairs ? null : (
        <ScaleFields dimension={dimension} name={name} problem={problems.words[id]} onChange={onChange} />
      )}
    </div>
  );
}

interface ScaleFieldsProps {
  dimension: DraftDimension;
  name: string;
  problem: string | undefined;
  onChange: (dimension: DraftDimension) => void;
}

function ScaleFields({ dimension, name, problem, onChange }: ScaleFieldsProps) {
  const { scale, words } = dimension;
  const hasWords = wordsOf(scale) !== '';
  return (
    <>
      <NativeSelect
        aria-label={`Scale of ${name}`}
        data={scaleNames}
        value={scale}
        onChange={(event) => {
          const chosen = scaleNames.find(({ value }) => value === event.currentTarget.value)!.value;
          onChange({ ...dimension, scale: chosen, words: wordsOf(chosen) });
        }}
      />
      {hasWords ? (
        <TextInput
          aria-label={`Levels of ${name}, worst first`}
          className={classes['words']}
          value={words}
          error={problem}
          onChange={(event) => {
            const typed = event.currentTarget.value;
            const kept: ScaleName = typed === wordsOf(scale) ? scale : 'words';
            onChange({ ...dimension, words: typed, scale: kept });
          }}
        />
      ) : (
        <Text size="xs" c="dimmed" className={classes['words']} pt={9}>
          {scale === 'continuous5'
            ? 'Two digits a vote: 3 7 gives 3.7 (AGIQA-3K). Finer, and slower to answer.'
            : 'Digits and Enter. Finer than raters can tell apart.'}
        </Text>
      )}
    </>
  );
}

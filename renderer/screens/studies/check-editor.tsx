/** Gold and trap items: images with a known answer, by which careless raters are found. */
import { ActionIcon, Button, Fieldset, Group, NativeSelect, NumberInput, Stack, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { thumbnailUrl } from '../../shared/image-url.ts';
import type { DraftCheck, DraftDimension } from './draft.ts';
import classes from './studies.module.css';

interface CheckEditorProps {
  checks: DraftCheck[];
  dimensions: DraftDimension[];
  imageIds: number[];
  problem: string | undefined;
  onChange: (checks: DraftCheck[]) => void;
}

/** More than these are not offered as pictures; a table names any. */
const mostOffered = 300;

export function CheckEditor({ checks, dimensions, imageIds, problem, onChange }: CheckEditorProps) {
  const [isChoosing, setIsChoosing] = useState(false);
  const free = imageIds.filter((id) => !checks.some(({ imageId }) => imageId === id));
  function add(imageId: number): void {
    setIsChoosing(false);
    const dimension = dimensions[0]?.id ?? 0;
    onChange([...checks, { imageId, role: 'gold', dimension, expected: '', tolerance: 1 }]);
  }
  return (
    <Fieldset legend="Gold and trap items, with a known answer">
      <Stack gap="xs">
        <Text size="xs" c="dimmed">
          They tell careless raters and count in no MOS. Gold: you know about what it deserves; a careful
          rater misses one in twenty. Trap: nobody who looks can miss it, such as plain noise or an image that
          says which key to press.
        </Text>
        {checks.map((check, at) => (
          <CheckRow
            key={check.imageId}
            check={check}
            dimensions={dimensions}
            onChange={(changed) => onChange(checks.with(at, changed))}
            onRemove={() => onChange(checks.toSpliced(at, 1))}
          />
        ))}
        {problem === undefined ? null : (
          <Text size="sm" c="red" role="alert">
            {problem}
          </Text>
        )}
        {isChoosing ? (
          <fieldset className={classes['picker']} aria-label="Choose an image">
            {free.slice(0, mostOffered).map((id) => (
              <button key={id} type="button" aria-label={`Image ${id}`} onClick={() => add(id)}>
                <img src={thumbnailUrl(id)} alt="" loading="lazy" />
              </button>
            ))}
          </fieldset>
        ) : (
          <Group>
            <Button
              variant="default"
              size="compact-sm"
              disabled={free.length === 0}
              onClick={() => setIsChoosing(true)}
            >
              Add an image with a known answer
            </Button>
          </Group>
        )}
      </Stack>
    </Fieldset>
  );
}

interface CheckRowProps {
  check: DraftCheck;
  dimensions: DraftDimension[];
  onChange: (check: DraftCheck) => void;
  onRemove: () => void;
}

function CheckRow({ check, dimensions, onChange, onRemove }: CheckRowProps) {
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap">
      <img className={classes['thumb']} src={thumbnailUrl(check.imageId)} alt={`Item ${check.imageId}`} />
      <NativeSelect
        label="As"
        data={[
          { value: 'gold', label: 'gold' },
          { value: 'trap', label: 'trap' },
        ]}
        value={check.role}
        onChange={(event) =>
          onChange({ ...check, role: event.currentTarget.value === 'trap' ? 'trap' : 'gold' })
        }
      />
      <NativeSelect
        label="Question"
        data={dimensions.map(({ id, label }) => ({ value: String(id), label: label || '…' }))}
        value={String(check.dimension)}
        onChange={(event) => onChange({ ...check, dimension: Number(event.currentTarget.value) })}
      />
      <NumberInput
        label="Expected vote"
        w={110}
        value={check.expected}
        onChange={(expected) => onChange({ ...check, expected })}
      />
      <NumberInput
        label="Tolerance ±"
        w={100}
        min={0}
        value={check.tolerance}
        onChange={(tolerance) => onChange({ ...check, tolerance })}
      />
      <ActionIcon size="input-sm" aria-label={`Remove item ${check.imageId}`} onClick={onRemove}>
        <IconTrash size={16} stroke={1.7} />
      </ActionIcon>
    </Group>
  );
}

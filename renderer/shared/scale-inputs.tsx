/** The two ends of a scale that a MOS set does not say itself. */
import { Group, NumberInput, Text } from '@mantine/core';
import type { TypedScale } from './typed-scale.ts';

interface ScaleInputsProps {
  /** The MOS set's. */
  name: string;
  scale: TypedScale;
  onChange: (scale: TypedScale) => void;
}

export function ScaleInputs({ name, scale: [low, high], onChange }: ScaleInputsProps) {
  return (
    <Group gap="sm" align="end" role="group" aria-label={`Scale of “${name}”`}>
      <NumberInput
        label={`Lowest of “${name}”`}
        w={150}
        value={low}
        onChange={(value) => onChange([value, high])}
      />
      <NumberInput label="Highest" w={110} value={high} onChange={(value) => onChange([low, value])} />
      <Text size="xs" c="dimmed" maw={220}>
        The table does not say on which scale it was rated.
      </Text>
    </Group>
  );
}

/** Which of a study's questions the figures are about. */
import { SegmentedControl } from '@mantine/core';
import type { Dimension } from '../../../contract/studies.ts';

interface DimensionChoiceProps {
  dimensions: readonly Dimension[];
  value: string;
  onChange: (key: string) => void;
}

/** Shows nothing where there is one question only. */
export function DimensionChoice({ dimensions, value, onChange }: DimensionChoiceProps) {
  if (dimensions.length < 2) return null;
  return (
    <SegmentedControl
      aria-label="Question"
      size="xs"
      value={value}
      onChange={onChange}
      data={dimensions.map(({ key, label }) => ({ value: key, label }))}
    />
  );
}

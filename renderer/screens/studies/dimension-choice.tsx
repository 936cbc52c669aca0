/** Which of a study's questions the figures are about. */
import { SegmentedControl } from '@mantine/core';
import { type Dimension, dmosKey, type StudyDesign } from '../../../contract/studies.ts';

interface DimensionChoiceProps {
  dimensions: readonly Pick<Dimension, 'key' | 'label'>[];
  value: string;
  onChange: (key: string) => void;
}

/** What a study has a MOS of: its questions, and with hidden references the DMOS of each. */
export function listMeasures({ dimensions, plan }: StudyDesign): Pick<Dimension, 'key' | 'label'>[] {
  if (plan.method !== 'hiddenReference') return dimensions;
  return dimensions.flatMap(({ key, label }) => [
    { key, label: dimensions.length === 1 ? 'MOS' : label },
    { key: dmosKey(key), label: dimensions.length === 1 ? 'DMOS' : `${label}, DMOS` },
  ]);
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

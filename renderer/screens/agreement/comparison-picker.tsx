/** Chooses the MOS set, the dimension and the prediction (of a pack) of a comparison. */
import { Checkbox, NativeSelect } from '@mantine/core';
import type { Comparison, PredictionChoice } from '../../../contract/agreement.ts';
import type { MosSet } from '../../../contract/mos.ts';
import { formatCount } from '../../shared/format.ts';
import { useChoiceGroups } from './choice-groups.ts';
import { keyOfPrediction, withOtherMos } from './choose-comparison.ts';

interface ComparisonPickerProps {
  comparison: Comparison;
  sets: MosSet[];
  choices: PredictionChoice[];
  onChange: (part: Record<string, string>) => void;
}

export function ComparisonPicker({ comparison, sets, choices, onChange }: ComparisonPickerProps) {
  const { mosSetId, dimension, prediction } = comparison;
  const usable = sets.filter(({ images }) => images > 0);
  const groups = useChoiceGroups(withOtherMos(choices, sets, comparison), dimension);
  const dimensions = usable.find(({ id }) => id === mosSetId)?.dimensions ?? [];
  return (
    <>
      <NativeSelect
        aria-label="MOS set"
        size="xs"
        value={String(mosSetId)}
        onChange={(event) => onChange({ mos: event.currentTarget.value })}
        data={usable.map(({ id, name, images }) => ({
          value: String(id),
          label: `${name} (${formatCount(images)})`,
        }))}
      />
      <NativeSelect
        aria-label="Dimension"
        size="xs"
        value={dimension}
        onChange={(event) => onChange({ dimension: event.currentTarget.value, prediction: '' })}
        data={dimensions}
      />
      <NativeSelect
        aria-label="Prediction"
        size="xs"
        value={keyOfPrediction(prediction)}
        onChange={(event) => onChange({ prediction: event.currentTarget.value })}
        data={groups}
      />
      {prediction.kind === 'column' && (
        <Checkbox
          size="xs"
          label="Less is better"
          checked={prediction.lowerIsBetter}
          onChange={(event) => onChange({ lower: event.currentTarget.checked ? '1' : '' })}
        />
      )}
    </>
  );
}

/** Chooses the MOS set, the dimension and the prediction (of a pack) of a comparison. */
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Comparison, PredictionChoice } from '../../../contract/agreement.ts';
import type { MosSet } from '../../../contract/mos.ts';
import { orpc } from '../../api/client.ts';
import { formatCount } from '../../shared/format.ts';
import { usePacks } from '../../shared/packs.ts';
import { keyOfPrediction, orderChoices, sourceOf } from './choose-comparison.ts';

interface ComparisonPickerProps {
  comparison: Comparison;
  sets: MosSet[];
  choices: PredictionChoice[];
  onChange: (part: Record<string, string>) => void;
}

export function ComparisonPicker({ comparison, sets, choices, onChange }: ComparisonPickerProps) {
  const { mosSetId, dimension, prediction } = comparison;
  const usable = sets.filter(({ images }) => images > 0);
  const packs = usePacks();
  const heads = useQuery(orpc.heads.list.queryOptions()).data ?? [];
  const nameOf = (choice: PredictionChoice) =>
    sourceOf(choice, packs, heads)?.title ?? 'A pack that was removed';
  const groups = [...Map.groupBy(orderChoices(choices, dimension), nameOf)].map(([group, all]) => ({
    group,
    items: all.map((choice) => ({
      value: keyOfPrediction(choice.prediction),
      label: describeChoice(choice),
    })),
  }));
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
    </>
  );
}

/** `Quality head · active`, `NIQE (lower is better)`. */
export function describeChoice({ label, target, isActive, higherIsBetter }: PredictionChoice): string {
  const kind = target === null ? 'signal' : target;
  const parts = [
    `${label} · ${kind}`,
    ...(isActive ? ['active'] : []),
    ...(higherIsBetter ? [] : ['lower is better']),
  ];
  return parts.join(' · ');
}

/** What can be compared, grouped by where it comes from, for menus. */
import { useQuery } from '@tanstack/react-query';
import type { PredictionChoice } from '../../../contract/agreement.ts';
import { orpc } from '../../api/client.ts';
import { usePacks } from '../../shared/packs.ts';
import { keyOfPrediction, orderChoices, sourceOf } from './choose-comparison.ts';

export interface ChoiceGroup {
  group: string;
  items: { value: string; label: string }[];
}

export function useChoiceGroups(choices: readonly PredictionChoice[], dimension: string): ChoiceGroup[] {
  const packs = usePacks();
  const heads = useQuery(orpc.heads.list.queryOptions()).data ?? [];
  function nameOf(choice: PredictionChoice): string {
    if (choice.prediction.kind === 'column') return 'Imported columns';
    if (choice.prediction.kind === 'mos') return 'Other MOS';
    return sourceOf(choice, packs, heads)?.title ?? 'A pack that was removed';
  }
  return [...Map.groupBy(orderChoices(choices, dimension), nameOf)].map(([group, all]) => ({
    group,
    items: all.map((choice) => ({
      value: keyOfPrediction(choice.prediction),
      label: describeChoice(choice),
    })),
  }));
}

/** `Quality head · quality · active`, `NIQE · signal · lower is better`. */
function describeChoice({ prediction, label, target, isActive, higherIsBetter }: PredictionChoice): string {
  const kind = prediction.kind === 'column' ? 'column' : (target ?? 'signal');
  const parts = [
    `${label} · ${kind}`,
    ...(isActive ? ['active'] : []),
    ...(higherIsBetter ? [] : ['lower is better']),
  ];
  return parts.join(' · ');
}

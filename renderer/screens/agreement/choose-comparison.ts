/** What is compared: from the address bar where it says so, else what is most likely meant. */
import type { Comparison, MosChoice, Prediction, PredictionChoice } from '../../../contract/agreement.ts';
import type { Head } from '../../../contract/heads.ts';
import type { MosSet } from '../../../contract/mos.ts';
import type { PackInfo } from '../../../contract/pack.ts';

/** A prediction as a word for the address bar: `head:3`, `signal:classic:niqe`. */
export function keyOfPrediction(prediction: Prediction): string {
  switch (prediction.kind) {
    case 'head':
      return `head:${prediction.headId}`;
    case 'signal':
      return `signal:${prediction.packId}:${prediction.signal}`;
    case 'mean':
      return `mean:${prediction.packId}`;
    case 'column':
      return `column:${prediction.name}`;
    case 'mos':
      return `mos:${prediction.mosSetId}:${prediction.dimension}`;
  }
}

/** Choices in the order of the menu: the active head of the dimension first, then its other heads, then the rest as given. */
export function orderChoices(choices: readonly PredictionChoice[], dimension: string): PredictionChoice[] {
  const rank = ({ target, isActive }: PredictionChoice) =>
    (target === dimension ? 0 : 2) + (isActive ? 0 : 1) + (target === null ? 2 : 0);
  return choices.toSorted((a, b) => rank(a) - rank(b));
}

/** Where a choice comes from. */
export interface ChoiceSource {
  packId: string;
  /** As menus say it. */
  title: string;
}

/** The pack of a choice; undefined for a head of a pack that is not there any more. */
export function sourceOf(
  { prediction }: PredictionChoice,
  packs: readonly Pick<PackInfo, 'id' | 'title'>[],
  heads: readonly Pick<Head, 'id' | 'packId'>[],
): ChoiceSource | undefined {
  const packId =
    prediction.kind === 'head'
      ? heads.find(({ id }) => id === prediction.headId)?.packId
      : 'packId' in prediction
        ? prediction.packId
        : undefined;
  if (packId === undefined) return undefined;
  const pack = packs.find(({ id }) => id === packId);
  return { packId, title: pack?.title ?? packId };
}

export interface WantedComparison {
  mos: string | null;
  dimension: string | null;
  prediction: string | null;
  /** Whether less is better; asked of imported columns only. */
  isLowerBetter?: boolean;
}

/** The choices and every other MOS, which can be compared with this one as any score can. */
export function withOtherMos(
  choices: readonly PredictionChoice[],
  sets: readonly MosSet[],
  { mosSetId, dimension }: MosChoice,
): PredictionChoice[] {
  const others = sets.flatMap(({ id, name, images, dimensions }) =>
    dimensions
      .filter((one) => images > 0 && !(id === mosSetId && one === dimension))
      .map(
        (one): PredictionChoice => ({
          prediction: { kind: 'mos', mosSetId: id, dimension: one },
          label: name,
          target: one,
          isActive: false,
          higherIsBetter: true,
          images,
        }),
      ),
  );
  return [...choices, ...others];
}

/** The comparison that is wanted, as far as it exists; null where there is nothing to compare. */
export function chooseComparison(
  sets: readonly MosSet[],
  choices: readonly PredictionChoice[],
  wanted: WantedComparison,
): Comparison | null {
  const usable = sets.filter((set) => set.images > 0);
  const set = usable.find(({ id }) => String(id) === wanted.mos) ?? usable[0];
  if (set === undefined) return null;
  const named = set.dimensions.find((dimension) => dimension === wanted.dimension);
  const usual = ['quality', 'alignment', 'overall'].find((dimension) => set.dimensions.includes(dimension));
  const dimension = named ?? usual ?? set.dimensions[0];
  if (dimension === undefined) return null;
  const ordered = orderChoices(choices, dimension);
  const all = withOtherMos(ordered, usable, { mosSetId: set.id, dimension });
  const choice =
    all.find(({ prediction }) => keyOfPrediction(prediction) === wanted.prediction) ?? ordered[0];
  if (choice === undefined) return null;
  const { prediction } = choice;
  const directed =
    prediction.kind === 'column'
      ? { ...prediction, lowerIsBetter: wanted.isLowerBetter ?? false }
      : prediction;
  return { prediction: directed, mosSetId: set.id, dimension };
}

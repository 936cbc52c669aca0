/** What can be compared with MOS, and its values: heads, signals, the mean of Q and S, imported columns, other MOS. */
import type { Prediction, PredictionChoice } from '../contract/agreement.ts';
import { StudioError } from '../contract/errors.ts';
import { listHeads } from '../db/heads.ts';
import type { PredictionColumns, PredictionCounts } from './compute/prediction-values.ts';
import { findMixedBy } from './computed-by.ts';
import { getHeadRow } from './heads.ts';
import { getMosSetCore } from './mos-sets.ts';
import { getPack, refuseUnshown, whyNotShown } from './packs.ts';
import type { Studio } from './studio.ts';

/** Heads with scores, signals and columns with values. */
export async function listPredictionChoices(studio: Studio): Promise<PredictionChoice[]> {
  const { scores, signals, attributes } = await studio.reading.read('countPredictions');
  const shown = signals.filter(({ pack_id: packId }) => whyNotShown(studio, packId) === null);
  const all = [
    ...listHeadChoices(studio, scores),
    ...shown.map((signal) => describeSignal(studio, signal)),
    ...listMeans(shown),
    ...attributes.map(({ name, images }) => describeColumn(name, images)),
  ];
  return all.filter(({ images }) => images > 0);
}

function listHeadChoices(studio: Studio, counts: PredictionCounts['scores']): PredictionChoice[] {
  return listHeads(studio.db)
    .filter((head) => whyNotShown(studio, head.pack_id) === null)
    .map((head) => ({
      prediction: { kind: 'head', headId: head.id },
      label: head.name,
      target: head.target,
      isActive: head.is_active === 1,
      higherIsBetter: true,
      images: counts.get(head.id) ?? 0,
    }));
}

type SignalCount = PredictionCounts['signals'][number];

function describeSignal(studio: Studio, { pack_id: packId, name, images }: SignalCount): PredictionChoice {
  const about = studio.packs.get(packId)?.manifest.signals.find((signal) => signal.name === name);
  return {
    prediction: { kind: 'signal', packId, signal: name },
    label: about?.label ?? name,
    target: null,
    isActive: false,
    higherIsBetter: about?.higherIsBetter ?? true,
    images,
  };
}

/** Packs that have both Q and S. */
function listMeans(signals: readonly SignalCount[]): PredictionChoice[] {
  const byPack = Map.groupBy(signals, ({ pack_id: packId }) => packId);
  return [...byPack].flatMap(([packId, some]) => {
    const images = (['q', 's'] as const).map((name) => some.find((one) => one.name === name)?.images ?? 0);
    const choice: PredictionChoice = {
      prediction: { kind: 'mean', packId },
      label: 'Mean of Q and S',
      target: null,
      isActive: false,
      higherIsBetter: true,
      images: Math.min(...images),
    };
    return images.includes(0) ? [] : [choice];
  });
}

function describeColumn(name: string, images: number): PredictionChoice {
  return {
    prediction: { kind: 'column', name, lowerIsBetter: false },
    label: name,
    target: null,
    isActive: false,
    higherIsBetter: true,
    images,
  };
}

interface PredictionAbout {
  label: string;
  higherIsBetter: boolean;
}

/**
 * The values of a prediction, and what it is called.
 *
 * @throws StudioError `notFound` for a head, pack, signal or column that is not there, `unsupported` where a pack's numbers are not shown
 */
export async function readPrediction(
  studio: Studio,
  prediction: Prediction,
): Promise<PredictionAbout & PredictionColumns> {
  const about = describePrediction(studio, prediction);
  const columns = await studio.reading.read('readPredictionValues', prediction);
  if (!columns.isThere) refuseMissing(studio, prediction);
  return { ...about, ...columns };
}

/** @throws StudioError as `readPrediction`, but for what no value says */
export function describePrediction(studio: Studio, prediction: Prediction): PredictionAbout {
  switch (prediction.kind) {
    case 'head': {
      const head = getHeadRow(studio, prediction.headId);
      refuseUnshown(studio, head.pack_id);
      return { label: head.name, higherIsBetter: true };
    }
    case 'signal': {
      refuseUnshown(studio, prediction.packId);
      const about = findSignal(studio, prediction);
      return { label: about?.label ?? prediction.signal, higherIsBetter: about?.higherIsBetter ?? true };
    }
    case 'mean':
      refuseUnshown(studio, prediction.packId);
      return { label: 'Mean of Q and S', higherIsBetter: true };
    case 'column':
      return { label: prediction.name, higherIsBetter: !prediction.lowerIsBetter };
    case 'mos': {
      const { name } = getMosSetCore(studio, prediction.mosSetId);
      return { label: `MOS ${prediction.dimension} of “${name}”`, higherIsBetter: true };
    }
  }
}

type SignalPrediction = Extract<Prediction, { kind: 'signal' }>;

function findSignal(studio: Studio, { packId, signal }: SignalPrediction) {
  return getPack(studio, packId).manifest.signals.find(({ name }) => name === signal);
}

/** Nothing is stored under that name, and nothing says that there could be. */
function refuseMissing(studio: Studio, prediction: Prediction): void {
  if (prediction.kind === 'column') {
    const { name } = prediction;
    throw new StudioError('notFound', `No image has a column “${name}”.`, { column: name });
  }
  if (prediction.kind !== 'signal' || findSignal(studio, prediction) !== undefined) return;
  const { packId, signal } = prediction;
  throw new StudioError('notFound', `The pack ${packId} has no signal “${signal}”.`, { packId, signal });
}

/** Says so where a pack's numbers of these images were not all computed alike; null where they were, or no pack computed them. */
export async function describeMixedPrediction(
  studio: Studio,
  prediction: Prediction,
  imageIds: Int32Array,
): Promise<string | null> {
  const packId =
    prediction.kind === 'head'
      ? getHeadRow(studio, prediction.headId).pack_id
      : 'packId' in prediction
        ? prediction.packId
        : null;
  return packId === null ? null : await findMixedBy(studio, packId, imageIds);
}

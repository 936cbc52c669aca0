/** What can be compared with MOS, and its values: heads, signals, the mean of Q and S, imported columns, other MOS. */
import type { Prediction, PredictionChoice } from '../contract/agreement.ts';
import { StudioError } from '../contract/errors.ts';
import { countSignals, readSignal } from '../db/features.ts';
import { countScores, listHeads, readScores } from '../db/heads.ts';
import { listNumericAttributes, readAttribute } from '../db/image-fields.ts';
import { mosRows } from '../db/mos.ts';
import { findMixedBy } from './computed-by.ts';
import { getHeadRow } from './heads.ts';
import { averageStandardised } from './maths/average-standardised.ts';
import { getMosSetCore } from './mos-sets.ts';
import { getPack, refuseUnshown, whyNotShown } from './packs.ts';
import type { Studio } from './studio.ts';

/** Heads with scores, signals and columns with values. */
export function listPredictionChoices(studio: Studio): PredictionChoice[] {
  const isShown = ({ pack_id: packId }: { pack_id: string }) => whyNotShown(studio, packId) === null;
  const signals = countSignals(studio.db).filter(isShown);
  const all = [
    ...listHeadChoices(studio),
    ...signals.map((signal) => describeSignal(studio, signal)),
    ...listMeans(signals),
    ...listNumericAttributes(studio.db).map(({ name, images }) => describeColumn(name, images)),
  ];
  return all.filter(({ images }) => images > 0);
}

function listHeadChoices(studio: Studio): PredictionChoice[] {
  const counts = countScores(studio.db);
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

type SignalCount = ReturnType<typeof countSignals>[number];

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

export interface PredictionValues {
  label: string;
  /** As stored: the sign is not turned. */
  values: Map<number, number>;
  higherIsBetter: boolean;
}

/**
 * The values of a prediction by image.
 *
 * @throws StudioError `notFound` for a head, pack, signal or column that is not there, `unsupported` where a pack's numbers are not shown
 */
export function readPrediction(studio: Studio, prediction: Prediction): PredictionValues {
  switch (prediction.kind) {
    case 'head': {
      const head = getHeadRow(studio, prediction.headId);
      refuseUnshown(studio, head.pack_id);
      return {
        label: head.name,
        values: new Map(readScores(studio.db, prediction.headId)),
        higherIsBetter: true,
      };
    }
    case 'signal':
      return readSignalValues(studio, prediction.packId, prediction.signal);
    case 'mean':
      return readMean(studio, prediction.packId);
    case 'column':
      return readColumn(studio, prediction);
    case 'mos': {
      const { name } = getMosSetCore(studio, prediction.mosSetId);
      const rows = mosRows(studio.db, prediction.mosSetId, prediction.dimension);
      return {
        label: `MOS ${prediction.dimension} of “${name}”`,
        values: new Map(rows.map((row) => [row.image_id, row.mean])),
        higherIsBetter: true,
      };
    }
  }
}

/** Says so where a pack's numbers of these images were not all computed alike; null where they were, or no pack computed them. */
export async function describeMixedPrediction(
  studio: Studio,
  prediction: Prediction,
  imageIds: readonly number[],
): Promise<string | null> {
  const packId =
    prediction.kind === 'head'
      ? getHeadRow(studio, prediction.headId).pack_id
      : 'packId' in prediction
        ? prediction.packId
        : null;
  return packId === null ? null : await findMixedBy(studio, packId, imageIds);
}

function readSignalValues(studio: Studio, packId: string, signal: string): PredictionValues {
  refuseUnshown(studio, packId);
  const about = getPack(studio, packId).manifest.signals.find(({ name }) => name === signal);
  const values = new Map(readSignal(studio.db, packId, signal));
  if (about === undefined && values.size === 0)
    throw new StudioError('notFound', `The pack ${packId} has no signal “${signal}”.`, { packId, signal });
  return {
    label: about?.label ?? signal,
    values,
    higherIsBetter: about?.higherIsBetter ?? true,
  };
}

/**
 * (z(Q) + z(S)) / 2, each standardised over the images that have both: Q lies on the MOS scale and S does not, so the plain mean would be
 * S with some noise.
 */
function readMean(studio: Studio, packId: string): PredictionValues {
  refuseUnshown(studio, packId);
  const q = new Map(readSignal(studio.db, packId, 'q'));
  const s = new Map(readSignal(studio.db, packId, 's'));
  const both = [...q.keys()].filter((id) => s.has(id));
  const column = (values: Map<number, number>) => Float64Array.from(both, (id) => values.get(id)!);
  const means = averageStandardised(column(q), column(s));
  return {
    label: 'Mean of Q and S',
    values: new Map(both.map((id, at) => [id, means[at]!])),
    higherIsBetter: true,
  };
}

function readColumn(
  studio: Studio,
  { name, lowerIsBetter }: { name: string; lowerIsBetter: boolean },
): PredictionValues {
  const rows = readAttribute(studio.db, name);
  if (rows.length === 0)
    throw new StudioError('notFound', `No image has a column “${name}”.`, { column: name });
  const numbers = rows
    .map(([id, text]): [number, number] => [id, text.trim() === '' ? Number.NaN : Number(text)])
    .filter(([, value]) => Number.isFinite(value));
  return { label: name, values: new Map(numbers), higherIsBetter: !lowerIsBetter };
}

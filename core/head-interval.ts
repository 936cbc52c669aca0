/** A head's conformal interval: from its own training, else calibrated on labels that it did not learn from; else why there is none. */
import { StudioError } from '../contract/errors.ts';
import type { HeadInterval, LabelSource } from '../contract/heads.ts';
import type { ScaleEnds } from '../contract/mos.ts';
import type { HeadRow } from '../db/schema.ts';
import { distinctLabels, reportOf } from './heads.ts';
import { conformalHalfWidth } from './maths/conformal.ts';
import { coverage } from './maths/fit-head.ts';
import { moveToScale, scaleOfMos } from './mos-scale.ts';
import { describeMosSets, getMosSetCore } from './mos-sets.ts';
import { whyNotShown } from './packs.ts';
import { markSeen } from './seen-images.ts';
import type { Studio } from './studio.ts';
import { describeForgotten, partsOf, predictUnseen } from './unseen-predictions.ts';

/** Fewer labels promise the coverage on average only: that of a single calibration would be anywhere between 75 and 100 %. */
export const fewestToCalibrate = 30;
/** More labels make the interval no better. */
const mostToCalibrate = 5000;

type Means = Pick<Studio, 'db' | 'folder' | 'packs' | 'compute' | 'reading' | 'bus'>;

/** What was found, until labels, heads or scores change. */
const found = new WeakMap<Means['bus'], Map<number, { version: number; interval: Promise<HeadInterval> }>>();

/** An interval that there is; in units of the target's scale. */
export interface ConformalInterval {
  coverage: number;
  halfWidth: number;
}

/** `findInterval` for tables; null where there is none. */
export async function findConformal(studio: Means, row: HeadRow): Promise<ConformalInterval | null> {
  const { coverage: share, halfWidth } = await findInterval(studio, row);
  return halfWidth === null ? null : { coverage: share, halfWidth };
}

export async function findInterval(studio: Means, row: HeadRow): Promise<HeadInterval> {
  const whyNot = whyNotShown(studio, row.pack_id);
  if (whyNot !== null) return noInterval(whyNot);
  const own = ofTraining(row);
  if (own !== null) return own;
  const known = found.get(studio.bus) ?? new Map();
  found.set(studio.bus, known);
  const version = studio.bus.countChanges('mos', 'heads', 'scores');
  const last = known.get(row.id);
  if (last?.version === version) return await last.interval;
  const interval = calibrate(studio, row).catch(whyNone);
  known.set(row.id, { version, interval });
  return await interval;
}

/** Of a head whose pack is gone or has other members now: nothing is known of its values, either. */
function whyNone(error: unknown): HeadInterval {
  if (!(error instanceof StudioError)) throw error;
  return noInterval(error.message);
}

function noInterval(reason: string): HeadInterval {
  return { coverage, halfWidth: null, rows: 0, sentence: `There is no interval: ${reason}` };
}

function ofTraining(row: Pick<HeadRow, 'report'>): HeadInterval | null {
  const conformal = reportOf(row).training?.conformal;
  if (conformal === undefined) return null;
  const { halfWidth, rows } = conformal;
  const sentence =
    halfWidth === null
      ? `There is no interval: its training held out ${rows} images, too few to promise ${percent} of new ones.`
      : `Conformal, from what it was off on the ${rows} images of its training while each was held out.`;
  return { coverage, halfWidth, rows, sentence };
}

const percent = `${Math.round(coverage * 100)} %`;

interface Calibration {
  residuals: Map<number, number>;
  from: string[];
  /** Why labels of some sets do not count. */
  reasons: string[];
}

/** Residuals of predictions that learnt nothing from the labels, on the head's own scale (Vovk et al. 2005, split and cross-conformal). */
async function calibrate(studio: Means, row: HeadRow): Promise<HeadInterval> {
  const into: Calibration = { residuals: new Map(), from: [], reasons: [] };
  for (const source of await labelsFor(studio, row)) await addResiduals(studio, { row, source, into });
  const rows = into.residuals.size;
  const isEnough = rows >= fewestToCalibrate;
  const halfWidth = isEnough
    ? conformalHalfWidth(Float64Array.from(into.residuals.values()), coverage)
    : null;
  const forgotten = describeForgotten(studio, partsOf(studio, row));
  const sentence =
    halfWidth === null
      ? [
          `There is no interval: ${rows === 0 ? 'no' : `only ${rows}`} images with a MOS of ${row.target} could be used that it did not learn from, and ${fewestToCalibrate} are needed.`,
          ...(forgotten === ''
            ? [...into.reasons, 'Rate or import more, then it comes by itself.']
            : [forgotten]),
        ].join(' ')
      : `Conformal, calibrated on ${rows} images of ${into.from.map((name) => `“${name}”`).join(', ')} that it did not learn from.`;
  return { coverage, halfWidth, rows, sentence };
}

/** The labels that its parts learnt from, whose cross-fitted predictions are kept; else all of its target. */
async function labelsFor(studio: Means, row: HeadRow): Promise<LabelSource[]> {
  const learnt = distinctLabels(partsOf(studio, row).flatMap((part) => reportOf(part).labels));
  if (learnt.length > 0) return learnt;
  return (
    (await describeMosSets(studio))
      .filter(({ dimensions }) => dimensions.includes(row.target))
      // An image counts once: with what the largest set says of it.
      .sort((a, b) => b.images - a.images)
      .map(({ id }) => ({ mosSetId: id, dimension: row.target }))
  );
}

async function addResiduals(
  studio: Means,
  { row, source, into }: { row: HeadRow; source: LabelSource; into: Calibration },
): Promise<void> {
  const { name } = getMosSetCore(studio, source.mosSetId);
  const { imageIds, promptIds, means } = await studio.reading.read('sampleLabels', {
    ...{ mosSetId: source.mosSetId, dimension: source.dimension, seed: row.id },
    most: mostToCalibrate - into.residuals.size,
    without: new Set(into.residuals.keys()),
  });
  if (imageIds.length === 0) return;
  const asked = { mosSetIds: [source.mosSetId], imageIds, promptIds };
  const predicted = await predictUnseen(studio, row, asked);
  const used = [...imageIds.keys()].filter((at) => predicted.has(imageIds[at]!));
  if (used.length === 0) {
    const isSeen = !markSeen(studio, row, asked).includes(false);
    into.reasons.push(
      isSeen
        ? whySeen(row, name)
        : `Images of “${name}” that it did not learn from lack its inputs: score them.`,
    );
    return;
  }
  const move = moverTo(
    scaleOfHead(studio, row),
    source.scale ?? scaleOfMos(studio, source),
    used.map((at) => means[at]!),
  );
  if (move === null) {
    into.reasons.push(`The MOS of “${name}” are on a scale that is not known and is not the head’s.`);
    return;
  }
  for (const at of used) {
    const id = imageIds[at]!;
    into.residuals.set(id, move(means[at]!) - predicted.get(id)!);
  }
  into.from.push(name);
}

function whySeen(row: HeadRow, name: string): string {
  return row.is_shipped === 1
    ? `“${name}” is what its pack was trained on.`
    : `It learnt from images or prompts of “${name}”, or nobody knows what it learnt from.`;
}

/** From the labels' scale to the head's; as they are where both are one or neither is known; null where they cannot be compared. */
export function moverTo(
  to: ScaleEnds | null,
  from: ScaleEnds | null,
  values: readonly number[],
): ((value: number) => number) | null {
  if (to === null) return (value) => value;
  if (from !== null) return (value) => moveToScale(value, from, to);
  return values.every((value) => value >= to[0] && value <= to[1]) ? (value) => value : null;
}

export function scaleOfHead(studio: Means, row: HeadRow): ScaleEnds | null {
  if (row.is_shipped === 1) {
    const own = studio.packs
      .get(row.pack_id)
      ?.heads.find(({ about }) => about.target === row.target && about.inputs === row.inputs);
    const [low, high] = own?.about.range ?? [];
    return low == null || high == null ? null : [low, high];
  }
  const [first] = partsOf(studio, row);
  if (first !== undefined) return scaleOfHead(studio, first);
  const [labels] = reportOf(row).labels;
  return labels === undefined ? null : (labels.scale ?? scaleOfMos(studio, labels));
}

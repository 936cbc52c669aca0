/**
 * Fits one head: the parent's predictions brought to the labels' level and scale, plus a small learned correction. Few labels
 * change little of what the parent knows; without a parent the correction starts from the mean label.
 */
import type { HeadKind } from '../../contract/heads.ts';
import { splitIntoFolds } from './folds.ts';
import { type Head, type Member, predictHead } from './head.ts';
import { joinInputs, type QualityFeatures } from './quality-layer.ts';
import { hashSeeds } from './random.ts';
import { fitRidge } from './ridge.ts';
import { clipAt, measureStandardisation, standardiseRows } from './standardise.ts';
import { type NetworkPlan, trainNetwork } from './train-network.ts';

/** Rows with labels; `base` holds the parent's predictions. */
export interface LabelledRows {
  inputs: Float32Array;
  width: number;
  labels: Float64Array;
  groups: string[];
  parent: Head | null;
  base: Float64Array | null;
  isFusion: boolean;
  /** What Q was made from, where the last quality layer may train along. */
  quality: QualityFeatures | null;
}

export interface ResidualPlan {
  kind: HeadKind;
  members: number;
}

/** Penalties tried, from no correction to a weak pull; relative to the number of rows. */
const penalties = [Number.POSITIVE_INFINITY, 1000, 100, 10, 1, 0.1, 0.01];
/** A weaker pull must be better by this share to be taken: ties go to the parent. */
const leastGain = 0.01;
const penaltyFolds = 3;
/** The penalty, relative to the number of rows, changes little beyond this many, and trying takes long (the cube of them). */
const mostRowsToChoose = 900;

/** Training passes of a network, in batches; the same effort for every number of rows. */
const steps = 400;

const featurePlan: Omit<NetworkPlan, 'epochs'> = {
  hidden: [32],
  activation: 'gelu',
  loss: { smoothL1: 1, correlation: 0.1, crossEntropy: 0 },
  dropout: 0.3,
  noise: 0.15,
  mixup: 0.4,
  batch: 64,
  learningRate: 2e-3,
  weightDecay: 0.1,
};

/** Some of the rows, in the given order. */
export function pickRows(rows: LabelledRows, places: readonly number[]): LabelledRows {
  return {
    ...rows,
    inputs: takeRows(rows.inputs, rows.width, places),
    labels: Float64Array.from(places, (at) => rows.labels[at]!),
    groups: places.map((at) => rows.groups[at]!),
    quality: rows.quality && {
      ...rows.quality,
      values: takeRows(rows.quality.values, rows.quality.width, places),
    },
    base: rows.base && Float64Array.from(places, (at) => rows.base![at]!),
  };
}

/** The rows of one fold (`left`), and those of all others (`kept`). */
export function splitRows(
  rows: LabelledRows,
  fold: Uint8Array,
  held: number,
): { kept: LabelledRows; left: LabelledRows } {
  const places = [...fold.keys()];
  return {
    kept: pickRows(
      rows,
      places.filter((at) => fold[at] !== held),
    ),
    left: pickRows(
      rows,
      places.filter((at) => fold[at] === held),
    ),
  };
}

/**
 * A head of the kind, fitted to all rows; the same rows and seed give the same bits.
 *
 * @param plan `members` networks are averaged where the kind is `network`
 */
export function fitResidual(rows: LabelledRows, { kind, members }: ResidualPlan, seed: number): Head {
  const { inputs, width, parent } = rows;
  const { slope, level } = alignParent(rows);
  const gaps = rows.labels.map((label, at) => label - level - slope * (rows.base?.[at] ?? 0));
  const standardisation = parent ?? measureStandardisation(inputs, width);
  const { mean, inverse } = standardisation;
  const clip = parent?.clip ?? clipAt;
  const standard = standardiseRows(inputs, { mean, inverse }, clip);
  const learned = { inputs: standard, width, gaps, groups: rows.groups };
  const correction = kind === 'ridge' ? fitLinear(learned, seed) : fitNetworks(learned, members, seed);
  const kept = (slope === 0 ? [] : (parent?.members ?? [])).map((member) => ({
    ...member,
    weight: member.weight * slope,
  }));
  const offset = level + slope * (parent?.offset ?? 0) + correction.offset;
  return { kind, length: width, mean, inverse, clip, offset, members: [...kept, ...correction.members] };
}

/** label ≈ level + slope · parent by least squares; a parent that points the wrong way is left out. */
export function alignParent({ labels, base }: Pick<LabelledRows, 'labels' | 'base'>): {
  slope: number;
  level: number;
} {
  const middle = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  if (base === null) return { slope: 0, level: middle };
  const centre = base.reduce((sum, value) => sum + value, 0) / base.length;
  let squares = 0;
  let products = 0;
  for (const [at, value] of base.entries()) {
    squares += (value - centre) ** 2;
    products += (value - centre) * (labels[at]! - middle);
  }
  const slope = squares > 1e-9 ? Math.max(0, products / squares) : 0;
  return { slope, level: middle - slope * centre };
}

interface Learned {
  inputs: Float32Array;
  width: number;
  gaps: Float64Array;
  groups: string[];
}

interface Correction {
  offset: number;
  members: Member[];
}

function fitLinear({ inputs, width, gaps, groups }: Learned, seed: number): Correction {
  const penalty = choosePenalty({ inputs, width, gaps, groups }, seed);
  const [fitted] = fitRidge(inputs, gaps, width, [penalty]);
  const { weights, intercept } = fitted!;
  const layers = [
    { inputs: width, outputs: 1, activation: 'none' as const, weights, bias: new Float32Array(1) },
  ];
  return { offset: intercept, members: [{ weight: 1, layers }] };
}

/** The penalty of the least squared error on held-out groups. */
function choosePenalty({ inputs, width, gaps, groups }: Learned, seed: number): number {
  const share = Math.ceil(groups.length / mostRowsToChoose);
  const part = share === 1 ? null : splitIntoFolds(groups, share, hashSeeds(seed, 1));
  const places = [...groups.keys()].filter((at) => part === null || part[at] === 0);
  const fold = splitIntoFolds(
    places.map((at) => groups[at]!),
    penaltyFolds,
    hashSeeds(seed, 2),
  );
  const folds = fold.reduce((a, b) => Math.max(a, b), 0) + 1;
  if (folds < 2) return penalties[0]!;
  const errors = penalties.map(() => 0);
  for (let held = 0; held < folds; held++) {
    const kept = places.filter((_, at) => fold[at] !== held);
    const left = places.filter((_, at) => fold[at] === held);
    const fitted = fitRidge(
      takeRows(inputs, width, kept),
      Float64Array.from(kept, (at) => gaps[at]!),
      width,
      penalties,
    );
    for (const [index, { weights, intercept }] of fitted.entries()) {
      for (const at of left) {
        let value = intercept;
        for (let column = 0; column < width; column++)
          value += weights[column]! * inputs[at * width + column]!;
        errors[index]! += (gaps[at]! - value) ** 2;
      }
    }
  }
  let best = 0;
  for (const [index, error] of errors.entries()) if (error < errors[best]! * (1 - leastGain)) best = index;
  return penalties[best]!;
}

/** Some rows of rows × width numbers, in the given order. */
export function takeRows(
  inputs: Float32Array,
  width: number,
  places: readonly number[],
): Float32Array<ArrayBuffer> {
  const taken = new Float32Array(places.length * width);
  for (const [to, from] of places.entries()) {
    taken.set(inputs.subarray(from * width, (from + 1) * width), to * width);
  }
  return taken;
}

function fitNetworks({ inputs, width, gaps }: Learned, count: number, seed: number): Correction {
  const rows = gaps.length;
  const middle = gaps.reduce((sum, gap) => sum + gap, 0) / rows;
  const sd = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - middle) ** 2, 0) / rows);
  const scale = sd > 1e-9 ? sd : 0;
  const targets = Float32Array.from(gaps, (gap) => (scale === 0 ? 0 : (gap - middle) / scale));
  const epochs = Math.max(
    1,
    Math.round(steps / Math.max(1, Math.floor(rows / Math.min(featurePlan.batch, rows)))),
  );
  const data = { inputs, targets, rows, width, regressions: 1, classes: 0 };
  const members = Array.from({ length: count }, (_, member) => ({
    weight: scale / count,
    layers: trainNetwork(data, { ...featurePlan, epochs }, hashSeeds(seed, 3, member)).layersOf(0),
  }));
  return { offset: middle, members };
}

/** Whether a head reads what rows have: their inputs, or these and the features that Q was made from. */
export function canRead(
  head: Pick<Head, 'length'>,
  { width, quality }: Pick<LabelledRows, 'width' | 'quality'>,
): boolean {
  return head.length === width || (quality !== null && head.length === width + quality.width);
}

/** Predictions of a head for rows that it can read. */
export function predictRows(
  head: Head,
  { inputs, width, labels, quality }: Pick<LabelledRows, 'inputs' | 'width' | 'labels' | 'quality'>,
): Float64Array {
  const read = head.length === width || quality === null ? inputs : joinInputs(inputs, width, quality);
  return Float64Array.from(predictHead(head, read, labels.length));
}

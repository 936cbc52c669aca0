/** Networks on signals [Q, S]: SF-IQA's score fusion, and the fusion of an earlier head trained on, pulled back to its weights. */
import { signalClip } from './closed-forms.ts';
import { pearson } from './correlation.ts';
import { splitIntoFolds } from './folds.ts';
import type { Frame, Head, Layer, Member } from './head.ts';
import { hashSeeds } from './random.ts';
import { alignParent, type LabelledRows, predictRows, splitRows } from './residual-head.ts';
import type { SmallLoss } from './small-loss.ts';
import { type SmallData, type SmallNetwork, type SmallPlan, trainSmall } from './small-network.ts';
import { measureStandardisation, standardiseRows } from './standardise.ts';

/** How a network on signals is trained; absent fields are as §4.2 or as suits a network this small. */
export interface NetworkOptions {
  /** `released`: 2 → 10 → 10 → 1; `paper`: one hidden layer (equations 4 and 5). */
  form: 'released' | 'paper';
  loss: SmallLoss;
  epochs: number;
  /** The last quality layer trains along: rows have the features that Q was made from. */
  isLayered?: boolean;
}

export const defaultNetwork: NetworkOptions = { form: 'released', loss: 'mse', epochs: 100 };

/** Strengths tried of the pull towards the earlier weights, from hardly moving to nearly free. */
const pulls = [300, 30, 3];

const hiddenOf = { released: [10, 10], paper: [10] } as const;

function planOf({ form, loss, epochs }: NetworkOptions): SmallPlan {
  return {
    hidden: hiddenOf[form],
    loss,
    epochs,
    batch: 32,
    learningRate: 5e-3,
    weightDecay: 5e-4,
    anchor: null,
    stopAfter: null,
  };
}

/**
 * SF-IQA's score fusion from random weights; the mean of `members` networks of different seeds. Each stops where an inner held-out
 * fifth of the groups is best, then is trained anew on all rows for as many epochs.
 */
export function fitSignalNetwork(
  rows: LabelledRows,
  options: NetworkOptions & { members: number },
  seed: number,
): Head {
  const frame = measureFrame(rows, options.isLayered === true);
  const { middle, sd } = describeLabels(rows.labels);
  const data = { ...rows, labels: rows.labels.map((label) => (label - middle) / sd) };
  const members = Array.from({ length: options.members }, (_, member) => {
    const network = trainStopped({ rows: data, frame }, planOf(options), hashSeeds(seed, 50, member));
    return scaleToLabels(network, { rows: data, frame });
  });
  return {
    kind: 'network',
    length: frame.mean.length,
    ...frame,
    offset: middle,
    members: members.map((layers) => ({ weight: sd / members.length, layers })),
  };
}

interface Framed {
  rows: LabelledRows;
  /** Of the signals, and of the features after them where the last quality layer trains along. */
  frame: Frame;
}

function measureFrame({ inputs, width, quality }: LabelledRows, isLayered: boolean): Frame {
  const signals = { ...measureStandardisation(inputs, width), clip: signalClip };
  if (!isLayered || quality === null) return signals;
  return appendFrame(signals, measureStandardisation(quality.values, quality.width));
}

/** The frame of signals, with that of features after it. */
function appendFrame({ mean, inverse, clip }: Frame, features: Omit<Frame, 'clip'>): Frame {
  return { mean: join(mean, features.mean), inverse: join(inverse, features.inverse), clip };
}

function join(a: Float32Array, b: Float32Array): Float32Array {
  const joined = new Float32Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** Standardised rows. */
function toData({ rows, frame }: Framed): SmallData {
  const { width, labels, quality } = rows;
  const part = (from: number, to?: number) => ({
    mean: frame.mean.subarray(from, to),
    inverse: frame.inverse.subarray(from, to),
  });
  const isLayered = quality !== null && frame.mean.length > width;
  return {
    inputs: standardiseRows(rows.inputs, part(0, width), frame.clip),
    labels,
    width,
    features: isLayered
      ? { ...quality, values: standardiseRows(quality.values, part(width), frame.clip) }
      : null,
  };
}

function trainStopped({ rows, frame }: Framed, plan: SmallPlan, seed: number): SmallNetwork {
  const fold = splitIntoFolds(rows.groups, 5, hashSeeds(seed, 51));
  const { kept: inner, left: held } = splitRows(rows, fold, 0);
  let stopAfter: number | null = null;
  if (inner.labels.length >= 10 && held.labels.length >= 5) {
    const judged = toData({ rows: held, frame });
    let best = Number.POSITIVE_INFINITY;
    const patience = Math.max(5, Math.ceil(plan.epochs / 5));
    trainSmall(toData({ rows: inner, frame }), plan, hashSeeds(seed, 52), (epoch, network) => {
      const outputs = network.predict(judged);
      const lack =
        plan.loss === 'mse' ? squaredError(outputs, held.labels) : 1 - (pearson(outputs, held.labels) ?? 0);
      if (lack < best * (1 - 1e-4)) {
        best = lack;
        stopAfter = epoch;
      }
      return epoch - (stopAfter ?? 0) >= patience;
    });
  }
  return trainSmall(toData({ rows, frame }), { ...plan, stopAfter }, hashSeeds(seed, 53));
}

function squaredError(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, at) => sum + (value - b[at]!) ** 2, 0) / a.length;
}

/** What was trained for order or correlation lies on no scale: a line in the last layer brings it to that of the labels. */
function scaleToLabels(network: SmallNetwork, framed: Framed): Layer[] {
  const outputs = network.predict(toData(framed));
  const { slope, level } = alignParent({ labels: framed.rows.labels, base: outputs });
  const layers = network.layers();
  return layers.map((layer, at) =>
    at === layers.length - 1
      ? {
          ...layer,
          weights: layer.weights.map((weight) => weight * slope),
          bias: layer.bias.map((bias) => bias * slope + level),
        }
      : layer,
  );
}

/**
 * The parent's networks, trained on and pulled back to their weights: the few labels of a user move them little. The strength of the
 * pull is chosen on held-out groups. Labels on another scale than the parent's are brought to it by a line first.
 *
 * @param rows with a parent whose members are networks that end in one output
 */
export function fitTuned(rows: LabelledRows, options: NetworkOptions, seed: number): Head {
  const pull = choosePull(rows, options, seed);
  return tune(rows, { ...options, pull }, seed);
}

function choosePull(rows: LabelledRows, options: NetworkOptions, seed: number): number {
  const fold = splitIntoFolds(rows.groups, 3, hashSeeds(seed, 60));
  const { kept, left: held } = splitRows(rows, fold, 0);
  if (held.labels.length < 5 || kept.labels.length < 5) return pulls[0]!;
  const errors = pulls.map((pull) => {
    const head = tune(kept, { ...options, epochs: Math.min(options.epochs, 40), pull }, hashSeeds(seed, 61));
    return squaredError(predictRows(head, held), held.labels);
  });
  const best = Math.min(...errors);
  return pulls[errors.findIndex((error) => error <= best * 1.01)]!;
}

function tune(rows: LabelledRows, options: NetworkOptions & { pull: number }, seed: number): Head {
  const parent = rows.parent!;
  const { slope, level } = alignParent(rows);
  const frame = frameToTune(rows, options.isLayered === true);
  if (slope === 0)
    return { ...parent, offset: level, members: parent.members.map((one) => ({ ...one, weight: 0 })) };
  const { features, inputs } = toData({ rows, frame });
  const whole = parent.members.reduce((sum, { weight }) => sum + weight, 0);
  // What the mean of the members should give, in the parent's units.
  const wanted = rows.labels.map((label) => ((label - level) / slope - parent.offset) / whole);
  const members = parent.members.map(({ weight, layers }, member): Member => {
    const plan: SmallPlan = {
      ...planOf(options),
      hidden: layers.slice(isLayered(layers, rows) ? 1 : 0, -1).map(({ outputs }) => outputs),
      loss: 'mse',
      learningRate: 2e-3,
      anchor: { layers, pull: options.pull },
    };
    const data = { inputs, labels: wanted, width: rows.width, features };
    return { weight: weight * slope, layers: trainSmall(data, plan, hashSeeds(seed, 62, member)).layers() };
  });
  return {
    kind: 'network',
    length: frame.mean.length,
    ...frame,
    offset: level + slope * parent.offset,
    members,
  };
}

/** The parent's frame; a parent without a quality layer of its own has none for features. */
function frameToTune({ parent, width, quality }: LabelledRows, hasLayer: boolean): Frame {
  const { mean, inverse, clip } = parent!;
  const frame = { mean, inverse, clip };
  if (!hasLayer || quality === null || mean.length > width) return frame;
  return appendFrame(frame, measureStandardisation(quality.values, quality.width));
}

/** Whether a network begins with a quality layer that trained along. */
function isLayered(layers: readonly Layer[], { width }: Pick<LabelledRows, 'width'>): boolean {
  return layers[0]!.inputs > width && layers[0]!.outputs === width;
}

/** Whether a head's members are networks that `fitTuned` can go on with, a quality layer that trained along before included or not. */
export function isTunable(
  { parent, width }: Pick<LabelledRows, 'parent' | 'width'>,
  hasLayer: boolean,
): boolean {
  if (parent === null || (parent.length > width && !hasLayer)) return false;
  const networks = parent.members.map(({ layers }) =>
    isLayered(layers, { width }) ? layers.slice(1) : layers,
  );
  return (
    networks.length > 0 &&
    parent.members.every(({ frame }) => frame === undefined) &&
    networks.every((layers) =>
      layers.every(({ activation }, at) => activation === (at === layers.length - 1 ? 'none' : 'relu')),
    ) &&
    networks.some((layers) => layers.length > 1)
  );
}

function describeLabels(labels: Float64Array): { middle: number; sd: number } {
  const middle = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const sd = Math.sqrt(labels.reduce((sum, label) => sum + (label - middle) ** 2, 0) / labels.length);
  return { middle, sd: sd > 1e-9 ? sd : 1 };
}

/** Trains a user's head: chooses the method, judges the whole procedure on held-out groups, then fits it to everything. */
import type { CurvePoint, HeadMethod, HeldOutMetrics, TrainingReport } from '../../contract/heads.ts';
import { percentile } from './bootstrap.ts';
import { conformalHalfWidth } from './conformal.ts';
import { spearman } from './correlation.ts';
import { splitIntoFolds } from './folds.ts';
import type { Head } from './head.ts';
import { type Choice, chooseMethod, fitMethod, type MethodOptions, nameOf } from './head-methods.ts';
import { measureHeldOut, withoutHeldOut } from './held-out.ts';
import type { QualityFeatures } from './quality-layer.ts';
import { hashSeeds } from './random.ts';
import { canRead, type LabelledRows, pickRows, predictRows } from './residual-head.ts';
import type { NetworkOptions } from './signal-heads.ts';

export interface FitOrder {
  inputs: Float32Array;
  labels: Float64Array;
  /** Group of each row: rows of one group are held out together. */
  groups: string[];
  width: number;
  parent: Head | null;
  method: HeadMethod | 'auto';
  /** The inputs are the signals [Q, S]. */
  isFusion: boolean;
  /** What Q was made from, where somebody reads it. */
  quality?: QualityFeatures | null;
  /** The last quality layer may train along. */
  withLayer?: boolean;
  /** A simple prediction of the same rows that a head should beat (the mean of Q and S), NaN where it has none; null for none. */
  baseline: Float64Array | null;
  options: NetworkOptions;
  seed: number;
}

const outerFolds = 5;
/** SF-IQA averages four heads; so does a head of networks that is kept. */
export const keptMembers = 4;
/** Networks averaged while judging: fewer than are kept, so the figures are a little modest, and training is quick. */
const judgedMembers = { few: 2, many: 1 };
/** From here on one network is much like another. */
const manyRows = 3000;
/** Coverage of the intervals around predictions. */
export const coverage = 0.9;
/** Numbers of labels of the learning curve, as shares of a training side. */
const curveShares = [0.05, 0.1, 0.2, 0.4, 0.7, 1];
const curveFolds = { few: 3, many: 1 };
/** On the curve a method is chosen anew for at most this many labels; for more, that of the last choice holds. */
const mostToChooseAnew = 1500;
/** A point needs this many rows. */
const fewestOnCurve = 10;

/** The folds of an order; rows of one group are in one fold, by construction. */
export function foldsOf({ groups, seed }: Pick<FitOrder, 'groups' | 'seed'>): Uint8Array {
  return splitIntoFolds(groups, outerFolds, hashSeeds(seed, 10));
}

function rowsOf(order: FitOrder): LabelledRows {
  const { inputs, labels, groups, width, isFusion } = order;
  const quality = (order.withLayer === true ? order.quality : null) ?? null;
  const rows = { inputs, width, labels, groups, isFusion, quality };
  const parent = order.parent !== null && canRead(order.parent, rows) ? order.parent : null;
  return { ...rows, parent, base: parent && predictRows(parent, rows) };
}

/** What one fold's rows are predicted as by the whole procedure on the other folds. */
export function fitFold(order: FitOrder, held: number): { places: number[]; predicted: Float64Array } {
  const fold = foldsOf(order);
  const rows = rowsOf(order);
  const places = [...fold.keys()];
  const kept = places.filter((at) => fold[at] !== held);
  const left = places.filter((at) => fold[at] === held);
  const members = judgedMembers[kept.length < manyRows ? 'few' : 'many'];
  const { head } = fitChosen(pickRows(rows, kept), order, members, hashSeeds(order.seed, 11, held));
  return { places: left, predicted: predictRows(head, pickRows(rows, left)) };
}

/** The head of all rows. */
export function fitFinal(order: FitOrder): { head: Head; choice: Choice } {
  return fitChosen(rowsOf(order), order, keptMembers, hashSeeds(order.seed, 12));
}

function fitChosen(
  rows: LabelledRows,
  order: Pick<FitOrder, 'method' | 'options'>,
  members: number,
  seed: number,
): { head: Head; choice: Choice } {
  const options: MethodOptions = { ...order.options, members };
  const { method } = order;
  const choice =
    method === 'auto'
      ? chooseMethod(rows, options, seed)
      : { method, candidates: [], why: `You chose ${nameOf(method)}.` };
  return { head: fitMethod(rows, choice.method, options, hashSeeds(seed, 20)), choice };
}

/** One curve's part: the held-out SRCC of one fold by heads of more and more of the other folds' labels. */
export function fitCurve(order: FitOrder, held: number): { labels: number; srcc: number }[] {
  const fold = foldsOf(order);
  const rows = rowsOf(order);
  const places = [...fold.keys()];
  const left = pickRows(
    rows,
    places.filter((at) => fold[at] === held),
  );
  const kept = orderByGroup(
    places.filter((at) => fold[at] !== held),
    order.groups,
    hashSeeds(order.seed, 14, held),
  );
  let { method } = order;
  const counts = [...new Set(curveShares.map((share) => Math.round(share * kept.length)))];
  return counts
    .filter((count) => count >= fewestOnCurve)
    .flatMap((count) => {
      const some = pickRows(rows, kept.slice(0, count));
      const isAnew = order.method === 'auto' && (count <= mostToChooseAnew || method === 'auto');
      const how = { options: order.options, method: isAnew ? 'auto' : method } as const;
      const { head, choice } = fitChosen(some, how, 1, hashSeeds(order.seed, 15, held, count));
      method = choice.method;
      const srcc = spearman(predictRows(head, left), left.labels);
      return srcc === null ? [] : [{ labels: count, srcc }];
    });
}

/** Folds that the learning curve is measured on. */
export function curveFoldsOf(order: Pick<FitOrder, 'groups' | 'seed'>): number[] {
  const folds = new Set(foldsOf(order)).size;
  const wanted = curveFolds[order.groups.length < manyRows ? 'few' : 'many'];
  return folds < 2 ? [] : Array.from({ length: Math.min(wanted, folds) }, (_, at) => at);
}

/** Group after group in a drawn order, so that fewer labels are fewer groups, as a user rates them. */
function orderByGroup(places: number[], groups: readonly string[], seed: number): number[] {
  const part = splitIntoFolds(
    places.map((at) => groups[at]!),
    200,
    seed,
  );
  return [...places.keys()].sort((a, b) => part[a]! - part[b]! || a - b).map((at) => places[at]!);
}

/** What all parts come to. */
export function judgeFit(
  order: Pick<FitOrder, 'labels' | 'groups' | 'baseline' | 'seed' | 'method' | 'options'>,
  parts: {
    base: Float64Array | null;
    folds: readonly { places: number[]; predicted: Float64Array }[];
    curves: readonly { labels: number; srcc: number }[][];
    choice: Choice;
  },
): { heldOut: HeldOutMetrics; training: TrainingReport; note: string } {
  const { labels, groups, baseline, seed } = order;
  const predicted = new Float64Array(labels.length).fill(Number.NaN);
  for (const { places, predicted: values } of parts.folds) {
    for (const [index, at] of places.entries()) predicted[at] = values[index]!;
  }
  const isJudged = parts.folds.length > 1;
  const heldOut = isJudged
    ? measureHeldOut({ labels, groups, predicted, parent: parts.base, baseline }, hashSeeds(seed, 13))
    : withoutHeldOut(
        'All images share one prompt, so none can be held out.',
        labels.length,
        new Set(groups).size,
      );
  const residuals = isJudged ? labels.map((label, at) => label - predicted[at]!) : new Float64Array();
  const { method, candidates, why } = parts.choice;
  const training: TrainingReport = {
    method,
    candidates,
    loss: order.options.loss,
    form: order.options.form,
    epochs: order.options.epochs,
    seed,
    folds: parts.folds.map(({ places, predicted: values }) => ({
      rows: places.length,
      srcc: spearman(
        values,
        Float64Array.from(places, (at) => labels[at]!),
      ),
    })),
    curve: averageCurves(parts.curves),
    conformal: { coverage, halfWidth: conformalHalfWidth(residuals, coverage), rows: residuals.length },
  };
  const gain = heldOut.comparisons.map(({ sentence }) => sentence);
  return { heldOut, training, note: [why, ...gain].join(' ') };
}

function averageCurves(curves: readonly { labels: number; srcc: number }[][]): CurvePoint[] {
  const points = curves.flatMap((curve) => curve.map((point, at) => ({ ...point, at: at - curve.length })));
  const byPlace = Map.groupBy(points, ({ at }) => at);
  return [...byPlace]
    .sort(([a], [b]) => a - b)
    .map(([, some]): CurvePoint => {
      const values = Float64Array.from(some, ({ srcc }) => srcc).sort();
      return {
        labels: Math.round(some.reduce((sum, { labels }) => sum + labels, 0) / some.length),
        srcc: values.reduce((sum, value) => sum + value, 0) / values.length,
        low: percentile(values, 0),
        high: percentile(values, 1),
      };
    });
}

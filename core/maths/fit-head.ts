/** Trains a user's head: chooses the kind, judges the whole procedure on held-out prompts, then fits it to everything. */
import type { HeadKind, HeldOutMetrics } from '../../contract/heads.ts';
import { splitIntoFolds } from './folds.ts';
import { type Head, predictHead } from './head.ts';
import { measureHeldOut, withoutHeldOut } from './held-out.ts';
import { hashSeeds } from './random.ts';
import { fitResidual, keptMembers, type LabelledRows, pickRows, predictRows } from './residual-head.ts';

export interface FitOrder {
  inputs: Float32Array;
  labels: Float64Array;
  /** Group of each row: rows of one group are held out together. */
  groups: string[];
  width: number;
  parent: Head | null;
  kind: HeadKind | 'auto';
  /** The inputs are the signals [Q, S]. */
  isFusion: boolean;
  seed: number;
}

export interface FittedHead {
  head: Head;
  kind: HeadKind;
  heldOut: HeldOutMetrics;
  /** Why this kind, and whether it beats its parent. */
  note: string;
}

const outerFolds = 5;
/** Networks averaged while judging: fewer than are kept, so the figures are a little modest, and training is quick. */
const judgedMembers = 2;
const innerFolds = 4;
/** With fewer rows a network of features is not tried: what it could learn is lost in what it could learn wrongly. */
const fewestForNetwork = 100;
/** Kinds are compared on at most this many rows. */
const mostRowsToCompare = 3000;

/**
 * Trains a head on labelled rows. Held-out figures are those of the whole procedure, the choice of the kind included, by
 * cross-validation over groups; the head itself is fitted to all rows. The same order gives the same bits.
 *
 * @param report told how many of `total` fits are done
 */
export function fitHead(order: FitOrder, report: (done: number, total: number) => void): FittedHead {
  const { inputs, labels, groups, width, isFusion, seed } = order;
  const parent = order.parent?.length === width ? order.parent : null;
  const base = parent && Float64Array.from(predictHead(parent, inputs, labels.length));
  const rows: LabelledRows = { inputs, width, labels, groups, parent, base, isFusion };
  const fold = splitIntoFolds(groups, outerFolds, hashSeeds(seed, 10));
  const folds = new Set(fold).size;
  const total = (folds < 2 ? 0 : folds) + 1;
  report(0, total);
  const predicted = new Float64Array(labels.length);
  for (let held = 0; folds > 1 && held < folds; held++) {
    const kept = [...fold.keys()].filter((at) => fold[at] !== held);
    const left = [...fold.keys()].filter((at) => fold[at] === held);
    const { head } = fitChosen(
      pickRows(rows, kept),
      { kind: order.kind, members: judgedMembers },
      hashSeeds(seed, 11, held),
    );
    const values = predictRows(head, pickRows(rows, left));
    for (const [index, at] of left.entries()) predicted[at] = values[index]!;
    report(held + 1, total);
  }
  const { head, why } = fitChosen(rows, { kind: order.kind, members: keptMembers }, hashSeeds(seed, 12));
  report(total, total);
  const heldOut =
    folds > 1
      ? measureHeldOut({ labels, groups, predicted, parent: base }, hashSeeds(seed, 13))
      : withoutHeldOut('All images share one prompt, so none can be held out.', labels.length, folds);
  return { head, kind: head.kind, heldOut, note: `${why} ${describeGain(heldOut)}`.trim() };
}

function fitChosen(
  rows: LabelledRows,
  { kind, members }: { kind: HeadKind | 'auto'; members: number },
  seed: number,
): { head: Head; why: string } {
  const choice = kind === 'auto' ? chooseKind(rows, seed) : { kind, why: `You chose ${nameOf(kind)}.` };
  return { head: fitResidual(rows, { kind: choice.kind, members }, hashSeeds(seed, 20)), why: choice.why };
}

function chooseKind(rows: LabelledRows, seed: number): { kind: HeadKind; why: string } {
  const count = rows.labels.length;
  if (!rows.isFusion && count < fewestForNetwork) {
    return {
      kind: 'ridge',
      why: `Ridge, because a network is only tried from ${fewestForNetwork} images on (there are ${count}).`,
    };
  }
  const errors = compareKinds(rows, seed);
  if (errors === null)
    return { kind: 'ridge', why: 'Ridge, because one prompt alone cannot tell which is better.' };
  const kind = errors.network < errors.ridge ? 'network' : 'ridge';
  const other = kind === 'network' ? 'ridge' : 'network';
  const [better, worse] = [errors[kind], errors[other]].map((error) => error.toPrecision(3));
  const name = kind === 'network' ? 'A network' : 'Ridge';
  return {
    kind,
    why: `${name}, because its error on held-out prompts was smaller (RMSE ${better}; ${nameOf(other)} ${worse}).`,
  };
}

/** RMSE of both kinds on one held-out quarter; null where there is one group only. */
function compareKinds(rows: LabelledRows, seed: number): Record<HeadKind, number> | null {
  const parts = Math.ceil(rows.labels.length / mostRowsToCompare);
  const part = splitIntoFolds(rows.groups, parts, hashSeeds(seed, 30));
  const some = pickRows(
    rows,
    [...part.keys()].filter((at) => part[at] === 0),
  );
  const fold = splitIntoFolds(some.groups, innerFolds, hashSeeds(seed, 31));
  const places = [...fold.keys()];
  const held = pickRows(
    some,
    places.filter((at) => fold[at] === 0),
  );
  const kept = places.filter((at) => fold[at] !== 0);
  if (kept.length === 0) return null;
  const measure = (kind: HeadKind): number => {
    const values = predictRows(
      fitResidual(pickRows(some, kept), { kind, members: 1 }, hashSeeds(seed, 32)),
      held,
    );
    const squares = values.reduce((sum, value, at) => sum + (value - held.labels[at]!) ** 2, 0);
    return Math.sqrt(squares / values.length);
  };
  return { ridge: measure('ridge'), network: measure('network') };
}

function nameOf(kind: HeadKind): string {
  return kind === 'network' ? 'a network' : 'ridge';
}

function describeGain({ srccDifference }: HeldOutMetrics): string {
  if (!('value' in srccDifference)) return '';
  const { low, high } = srccDifference;
  if (low === null || high === null) return 'Too few prompts to tell whether it beats its parent.';
  if (low > 0) return 'On held-out prompts it ranks better than its parent.';
  if (high < 0) return 'On held-out prompts it ranks worse than its parent.';
  return 'The change from its parent is not significant.';
}

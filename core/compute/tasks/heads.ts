/** What compute threads do to train heads, to judge them and to apply them: arithmetic alone. */
import type { HeadKind, HeldOutMetrics } from '../../../contract/heads.ts';
import { type SplitFigures, trainAndMeasure } from '../../maths/evaluate-split.ts';
import { type FitOrder, fitCurve, fitFinal, fitFold, judgeFit } from '../../maths/fit-head.ts';
import { measureSpread, predictHead } from '../../maths/head.ts';
import { decodeHead, encodeHead } from '../../maths/head-codec.ts';
import type { Choice } from '../../maths/head-methods.ts';
import { type HeldOutRows, measureHeldOut } from '../../maths/held-out.ts';
import { canRead, predictRows } from '../../maths/residual-head.ts';

export interface FitTask extends Omit<FitOrder, 'parent'> {
  /** The weights of the head that it starts from, encoded. */
  parent: Uint8Array | null;
  /** Those of the head it is compared with. */
  rival?: Uint8Array | null;
}

function decodeOrder({ parent, rival: _rival, ...order }: FitTask): FitOrder {
  return { ...order, parent: parent && decodeHead(parent) };
}

/** The parts of a training, each a task of its own: folds, parts of the learning curve, the head itself. */
export function trainFold({ order, held }: { order: FitTask; held: number }): ReturnType<typeof fitFold> {
  return fitFold(decodeOrder(order), held);
}
export function trainCurve({ order, held }: { order: FitTask; held: number }): ReturnType<typeof fitCurve> {
  return fitCurve(decodeOrder(order), held);
}
export function trainFinal(order: FitTask): {
  head: Uint8Array<ArrayBuffer>;
  kind: HeadKind;
  choice: Choice;
} {
  const { head, choice } = fitFinal(decodeOrder(order));
  return { head: encodeHead(head), kind: head.kind, choice };
}

/** What the parts of a training come to. */
export function judgeTraining({
  order,
  ...parts
}: { order: FitTask } & Omit<Parameters<typeof judgeFit>[1], 'base'>): ReturnType<typeof judgeFit> {
  const decoded = decodeOrder(order);
  const rows = { ...decoded, quality: decoded.quality ?? null };
  const rival = order.rival == null ? null : decodeHead(order.rival);
  const base = rival !== null && canRead(rival, rows) ? predictRows(rival, rows) : null;
  return judgeFit(decoded, { ...parts, base });
}

/** Predictions that learnt nothing from their labels, beside another head's. */
export function judgeHeldOut(rows: HeldOutRows): HeldOutMetrics {
  return measureHeldOut(rows, 13);
}

/** One repeat of an evaluation, by a head trained on the training side. */
export function evaluateTrained({
  order,
  split,
}: {
  order: FitTask;
  split: Parameters<typeof trainAndMeasure>[1];
}): SplitFigures[] {
  return trainAndMeasure(decodeOrder(order), split);
}

/** Values of a head and how far its networks differ. */
export function predict({ head, inputs, rows }: { head: Uint8Array; inputs: Float32Array; rows: number }): {
  values: Float32Array<ArrayBuffer>;
  spread: Float64Array | null;
} {
  const decoded = decodeHead(head);
  return { values: predictHead(decoded, inputs, rows), spread: measureSpread(decoded, inputs, rows) };
}

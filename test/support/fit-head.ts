/** A whole training in one thread: what the studio's threads do part by part. */
import type { HeadMethod, HeldOutMetrics, TrainingReport } from '../../contract/heads.ts';
import { type FitOrder, fitFinal, fitFold, foldsOf, judgeFit } from '../../core/maths/fit-head.ts';
import type { Head } from '../../core/maths/head.ts';
import { canRead, predictRows } from '../../core/maths/residual-head.ts';

export interface FittedHead {
  head: Head;
  method: HeadMethod;
  heldOut: HeldOutMetrics;
  training: TrainingReport;
  /** Why this method, and whether it beats its parent. */
  note: string;
}

/** Folds, the head of all rows, and what they come to; without a learning curve. */
export function fitHead(order: FitOrder): FittedHead {
  const count = new Set(foldsOf(order)).size;
  const folds = Array.from({ length: count < 2 ? 0 : count }, (_, held) => fitFold(order, held));
  const { head, choice } = fitFinal(order);
  const rows = { ...order, quality: null };
  const base = order.parent !== null && canRead(order.parent, rows) ? predictRows(order.parent, rows) : null;
  return { head, method: choice.method, ...judgeFit(order, { base, folds, curves: [], choice }) };
}

/** One repeat of an evaluation: predictions of the test side of a split against MOS, on all its images and by column. */
import { fewestToCorrelate, pearson, spearman } from './correlation.ts';
import { type FitOrder, fitFinal } from './fit-head.ts';
import { predictHead } from './head.ts';
import { fitLogistic } from './logistic.ts';
import { takeRows } from './residual-head.ts';

export interface SplitFigures {
  srcc: number | null;
  plcc: number | null;
  plccMapped: number | null;
}

export interface SplitTask {
  predicted: Float64Array;
  mos: Float64Array;
  /** Which images are on the test side. */
  isTest: readonly boolean[];
  /** The column of each image beside the first one of all images, from 0; −1 for none. */
  columnOf: readonly number[];
  columns: number;
}

/** Figures of the test side: all images, then each column; null below three images. */
export function measureSplit({ predicted, mos, isTest, columnOf, columns }: SplitTask): SplitFigures[] {
  const places = [...mos.keys()].filter((at) => isTest[at] && Number.isFinite(predicted[at]));
  const parts = Array.from({ length: columns }, (_, column) =>
    places.filter((at) => columnOf[at] === column),
  );
  return [places, ...parts].map((some) => {
    if (some.length < fewestToCorrelate) return { srcc: null, plcc: null, plccMapped: null };
    const x = Float64Array.from(some, (at) => predicted[at]!);
    const y = Float64Array.from(some, (at) => mos[at]!);
    const map = fitLogistic(x, y);
    return {
      srcc: spearman(x, y),
      plcc: pearson(x, y),
      plccMapped: map === null ? null : pearson(x.map(map), y),
    };
  });
}

/** The same with predictions of a head that was trained on the other side alone. */
export function trainAndMeasure(
  order: FitOrder,
  split: Omit<SplitTask, 'predicted' | 'mos'>,
): SplitFigures[] {
  const { inputs, width, labels } = order;
  const kept = [...labels.keys()].filter((at) => !split.isTest[at]);
  const { head } = fitFinal({
    ...order,
    inputs: takeRows(inputs, width, kept),
    labels: Float64Array.from(kept, (at) => labels[at]!),
    groups: kept.map((at) => order.groups[at]!),
  });
  const predicted = Float64Array.from(predictHead(head, inputs, labels.length));
  return measureSplit({ ...split, predicted, mos: labels });
}

/** A rectangle of the scatter and what lies in it. */
import type { AgreementPoints } from '../../../contract/agreement.ts';

export interface Region {
  predicted: [low: number, high: number];
  mos: [low: number, high: number];
}

/** The images in a region, edges included: where model and raters differ most first. */
export function findInRegion(points: AgreementPoints, { predicted, mos }: Region): number[] {
  const gap = (at: number) => Math.abs(points.mapped[at]! - points.mos[at]!);
  const inside = (value: number, [low, high]: [number, number]) => value >= low && value <= high;
  return [...points.imageIds.keys()]
    .filter((at) => inside(points.predicted[at]!, predicted) && inside(points.mos[at]!, mos))
    .sort((a, b) => gap(b) - gap(a))
    .map((at) => points.imageIds[at]!);
}

/** The region between two corners, whichever they are. */
export function spanRegion([x0, y0]: [number, number], [x1, y1]: [number, number]): Region {
  return { predicted: [Math.min(x0, x1), Math.max(x0, x1)], mos: [Math.min(y0, y1), Math.max(y0, y1)] };
}

/** The smallest region that holds every point. */
export function wholeRegion({ predicted, mos }: AgreementPoints): Region {
  const range = (values: number[]): [number, number] =>
    values.reduce<[number, number]>(
      ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    );
  return { predicted: range(predicted), mos: range(mos) };
}

/** Predictions brought to the MOS scale, for the scatter and the largest disagreements. */
import { meanOf } from './correlation.ts';
import { rangeOf } from './histogram.ts';
import { fitLogistic, type Mapping } from './logistic.ts';

/** Points of the drawn curve. */
const curvePoints = 101;

/**
 * Every prediction mapped to the MOS scale (same order) and the mapping for drawing, as pairs of prediction and mapped value in
 * rising order over the range of the predictions. The 4-parameter logistic; the least-squares line where that does not exist
 * (four pairs or fewer); the mean MOS, and a curve of one point, where the predictions do not vary. Without pairs both are empty.
 */
export function mapToMos({ predicted, mos }: { predicted: Float64Array; mos: Float64Array }): {
  mapped: Float64Array;
  curve: [number, number][];
} {
  const range = rangeOf(predicted);
  if (range === null) return { mapped: new Float64Array(), curve: [] };
  const map = fitMapping(predicted, mos);
  const { low, high } = range;
  const steps = low === high ? 0 : curvePoints - 1;
  const curve = Array.from({ length: steps + 1 }, (_, at): [number, number] => {
    const x = at === steps ? high : low + ((high - low) * at) / steps;
    return [x, map(x)];
  });
  return { mapped: predicted.map(map), curve };
}

/** The mapping of `mapToMos`, for one pair or more. */
export function fitMapping(predicted: Float64Array, mos: Float64Array): Mapping {
  return fitLogistic(predicted, mos) ?? fitLine(predicted, mos);
}

function fitLine(predicted: Float64Array, mos: Float64Array): Mapping {
  const middle = mos.reduce((sum, value) => sum + value, 0) / mos.length;
  const centre = meanOf(predicted);
  const squares = predicted.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  if (!(squares > 0)) return () => middle; // all the same, or so near that the square underflows
  const products = predicted.reduce((sum, value, at) => sum + (value - centre) * (mos[at]! - middle), 0);
  return (value) => middle + (products / squares) * (value - centre);
}

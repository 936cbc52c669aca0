/**
 * Logistic curves that map predictions to the MOS scale before PLCC and RMSE, fitted by least squares:
 * with 4 parameters f(x) = b2 + (b1 − b2)/(1 + exp(−(x − b3)/|b4|)) (VQEG FR-TV phase I and II), and
 * with 5 parameters f(x) = b1 (½ − 1/(1 + exp(b2 (x − b3)))) + b4 x + b5 (Sheikh, Sabir and Bovik 2006).
 */
import { isConstant, meanOf, pearson } from './correlation.ts';
import { type Curve, fitFromStarts } from './levenberg-marquardt.ts';

/** Maps one prediction to the MOS scale. */
export type Mapping = (predicted: number) => number;

/** Points beyond which a fit changes next to nothing; more of them are thinned out evenly by rank for finding the optimum. */
const enoughPoints = 1000;
/** From the optimum of some points to that of all. */
const refiningSteps = 20;

/**
 * The fitted 4-parameter mapping, monotone; null for no more pairs than parameters (n ≤ 4), predictions that are all
 * the same, or values so large that no fit is found.
 *
 * Predictions are standardised first. Starts from the literature's values (max, min, mean, SD/4 of the predictions) and from gentler
 * slopes beside them; the best fit counts.
 */
export function fitLogistic(predicted: Float64Array, mos: Float64Array): Mapping | null {
  return fitForm(predicted, mos, { curve: logistic4, parameters: 4, startsOf: starts4 });
}

/** The fitted 5-parameter mapping, which need not be monotone; null for n ≤ 5, predictions that are all the same, or no fit. */
export function fitLogistic5(predicted: Float64Array, mos: Float64Array): Mapping | null {
  return fitForm(predicted, mos, { curve: logistic5, parameters: 5, startsOf: starts5 });
}

interface Scale {
  highest: number;
  lowest: number;
  middle: number;
  isFalling: boolean;
}

interface Form {
  curve: Curve;
  parameters: number;
  startsOf: (scale: Scale) => number[][];
}

function fitForm(
  predicted: Float64Array,
  mos: Float64Array,
  { curve, parameters, startsOf }: Form,
): Mapping | null {
  if (predicted.length <= parameters || isConstant(predicted)) return null;
  const { centre, spread } = standardise(predicted);
  if (!(spread > 0)) return null; // a spread whose square underflows to 0
  const u = predicted.map((value) => (value - centre) / spread);
  const starts = startsOf({
    highest: mos.reduce((a, b) => Math.max(a, b)),
    lowest: mos.reduce((a, b) => Math.min(a, b)),
    middle: mos.reduce((sum, value) => sum + value, 0) / mos.length,
    isFalling: (pearson(predicted, mos) ?? 0) < 0,
  });
  const isMany = u.length > 2 * enoughPoints;
  const near = isMany ? [fitFromStarts(curve, thin(u, mos), starts).parameters] : starts;
  const best = fitFromStarts(curve, { x: u, y: mos }, near, isMany ? refiningSteps : undefined).parameters;
  if (!best.every(Number.isFinite)) return null;
  const slopes = new Float64Array(parameters);
  return (value) => curve((value - centre) / spread, best, slopes);
}

/** Every k-th pair in the order of predictions. */
function thin(u: Float64Array, mos: Float64Array): { x: Float64Array; y: Float64Array } {
  const order = Uint32Array.from(u, (_, at) => at).sort((a, b) => u[a]! - u[b]!);
  const step = Math.floor(u.length / enoughPoints);
  const kept = order.filter((_, at) => at % step === 0);
  return { x: Float64Array.from(kept, (at) => u[at]!), y: Float64Array.from(kept, (at) => mos[at]!) };
}

function standardise(values: Float64Array): { centre: number; spread: number } {
  const centre = meanOf(values);
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length;
  return { centre, spread: Math.sqrt(variance) };
}

function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-Math.max(-500, Math.min(500, z))));
}

/** b1 and b2 in MOS units, b3 and ln |b4| in units of the standardised prediction; the logarithm keeps |b4| above 0. */
function logistic4(u: number, parameters: readonly number[], slopes: Float64Array): number {
  const top = parameters[0]!;
  const bottom = parameters[1]!;
  const width = Math.exp(parameters[3]!);
  const z = (u - parameters[2]!) / width;
  const share = sigmoid(z);
  const steepness = (top - bottom) * share * (1 - share);
  slopes[0] = share;
  slopes[1] = 1 - share;
  slopes[2] = -steepness / width;
  slopes[3] = -steepness * z;
  return bottom + (top - bottom) * share;
}

function starts4({ highest, lowest, isFalling }: Scale): number[][] {
  const [top, bottom] = isFalling ? [lowest, highest] : [highest, lowest];
  return [
    [top, bottom, 0, Math.log(0.25)],
    [top, bottom, 0, 0],
    [top, bottom, -1, Math.log(0.5)],
    [top, bottom, 1, Math.log(0.5)],
  ];
}

function logistic5(u: number, parameters: readonly number[], slopes: Float64Array): number {
  const size = parameters[0]!;
  const steep = parameters[1]!;
  const from = u - parameters[2]!;
  const share = sigmoid(steep * from);
  const slope = size * share * (1 - share);
  slopes[0] = share - 0.5;
  slopes[1] = slope * from;
  slopes[2] = -slope * steep;
  slopes[3] = u;
  slopes[4] = 1;
  return size * (share - 0.5) + parameters[3]! * u + parameters[4]!;
}

function starts5({ highest, lowest, middle, isFalling }: Scale): number[][] {
  const range = highest - lowest;
  const sign = isFalling ? -1 : 1;
  return [
    [range, sign, 0, 0.1, middle],
    [range, 4 * sign, 0, 0.1, middle],
    [range, 2 * sign, -1, 0.1 * sign, middle],
    [range, 2 * sign, 1, 0.1 * sign, middle],
    [range / 4, 10 * sign, -1, 0.3 * sign, middle],
    [range / 4, 10 * sign, 1, 0.3 * sign, middle],
  ];
}

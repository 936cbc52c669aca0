/**
 * The 4-parameter logistic that maps predictions to the MOS scale before PLCC and RMSE (VQEG FR-TV phase I and II):
 * f(x) = b2 + (b1 − b2)/(1 + exp(−(x − b3)/|b4|)), fitted by least squares.
 */
import { isConstant, pearson } from './correlation.ts';

/** Maps one prediction to the MOS scale. */
export type Mapping = (predicted: number) => number;

/** b1 and b2 in MOS units, b3 and ln |b4| in units of the standardised prediction; the logarithm keeps |b4| above 0. */
type Parameters = [top: number, bottom: number, centre: number, logWidth: number];

/**
 * The fitted mapping, monotone; null for no more pairs than parameters (n ≤ 4) or predictions that are all the same.
 *
 * Predictions are standardised first. Levenberg–Marquardt from the literature's start (max, min, mean, SD/4 of the predictions)
 * and from gentler slopes beside it, since one start can end in a worse optimum; the best fit counts.
 */
export function fitLogistic(predicted: Float64Array, mos: Float64Array): Mapping | null {
  if (predicted.length <= 4 || isConstant(predicted)) return null;
  const { centre, spread } = standardise(predicted);
  if (!(spread > 0)) return null; // a spread whose square underflows to 0
  const u = predicted.map((value) => (value - centre) / spread);
  const highest = mos.reduce((a, b) => Math.max(a, b));
  const lowest = mos.reduce((a, b) => Math.min(a, b));
  const isFalling = (pearson(predicted, mos) ?? 0) < 0;
  const [top, bottom] = isFalling ? [lowest, highest] : [highest, lowest];
  const starts: Parameters[] = [
    [top, bottom, 0, Math.log(0.25)],
    [top, bottom, 0, 0],
    [top, bottom, -1, Math.log(0.5)],
    [top, bottom, 1, Math.log(0.5)],
  ];
  const fits = starts.map((start) => descend(u, mos, start));
  const best = fits.reduce((a, b) => (b.squares < a.squares ? b : a)).parameters;
  const logistic = createLogistic(best);
  return (value) => logistic((value - centre) / spread);
}

function standardise(values: Float64Array): { centre: number; spread: number } {
  const origin = values[0]!;
  const centre = origin + values.reduce((sum, value) => sum + (value - origin), 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length;
  return { centre, spread: Math.sqrt(variance) };
}

function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-Math.max(-500, Math.min(500, z))));
}

function createLogistic([top, bottom, centre, logWidth]: Parameters): (u: number) => number {
  const width = Math.exp(logWidth);
  return (u) => bottom + (top - bottom) * sigmoid((u - centre) / width);
}

function sumSquares(u: Float64Array, mos: Float64Array, parameters: Parameters): number {
  const logistic = createLogistic(parameters);
  let squares = 0;
  for (let at = 0; at < u.length; at += 1) {
    const miss = logistic(u[at]!) - mos[at]!;
    squares += miss * miss;
  }
  return squares;
}

/** Levenberg (1944) and Marquardt (1963), damping scaled by the diagonal; ends when three steps in a row bring next to nothing. */
function descend(
  u: Float64Array,
  mos: Float64Array,
  start: Parameters,
): { parameters: Parameters; squares: number } {
  let parameters = start;
  let squares = sumSquares(u, mos, parameters);
  let damping = 1e-2;
  let idleSteps = 0;
  for (let step = 0; step < 200 && idleSteps < 3 && damping < 1e12; step += 1) {
    const { normal, gradient } = normalEquations(u, mos, parameters);
    const move = solve(
      normal.map((row, at) => row.map((v, to) => (at === to ? v * (1 + damping) + 1e-12 : v))),
      gradient,
    );
    const [top, bottom, centre, logWidth] = parameters;
    const next: Parameters = [top + move[0]!, bottom + move[1]!, centre + move[2]!, logWidth + move[3]!];
    const nextSquares = sumSquares(u, mos, next);
    if (!(nextSquares <= squares)) {
      damping *= 4;
      continue;
    }
    idleSteps = squares - nextSquares <= 1e-8 * squares ? idleSteps + 1 : 0;
    parameters = next;
    squares = nextSquares;
    damping = Math.max(1e-12, damping / 5);
  }
  return { parameters, squares };
}

/** JᵀJ and Jᵀ(mos − f) of the four parameters. */
function normalEquations(
  u: Float64Array,
  mos: Float64Array,
  parameters: Parameters,
): { normal: number[][]; gradient: number[] } {
  const [top, bottom, centre, logWidth] = parameters;
  const width = Math.exp(logWidth);
  const lower = new Float64Array(16);
  const gradient = new Float64Array(4);
  const slopes = new Float64Array(4);
  for (let at = 0; at < u.length; at += 1) {
    const z = (u[at]! - centre) / width;
    const share = sigmoid(z);
    const steepness = (top - bottom) * share * (1 - share);
    slopes[0] = share;
    slopes[1] = 1 - share;
    slopes[2] = -steepness / width;
    slopes[3] = -steepness * z;
    const miss = mos[at]! - (bottom + (top - bottom) * share);
    for (let row = 0; row < 4; row += 1) {
      gradient[row]! += slopes[row]! * miss;
      for (let to = 0; to <= row; to += 1) lower[row * 4 + to]! += slopes[row]! * slopes[to]!;
    }
  }
  const sides = [0, 1, 2, 3];
  const normal = sides.map((row) => sides.map((to) => lower[Math.max(row, to) * 4 + Math.min(row, to)]!));
  return { normal, gradient: [...gradient] };
}

/** Gauss's elimination with row exchange; the matrix is small and, damped, regular. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at]!]);
  const size = rows.length;
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < size; row += 1) {
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    }
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let row = column + 1; row < size; row += 1) {
      const factor = rows[row]![column]! / rows[column]![column]!;
      for (let to = column; to <= size; to += 1)
        rows[row]![to] = rows[row]![to]! - factor * rows[column]![to]!;
    }
  }
  const solution = new Array<number>(size).fill(0);
  for (let row = size - 1; row >= 0; row -= 1) {
    let rest = rows[row]![size]!;
    for (let to = row + 1; to < size; to += 1) rest -= rows[row]![to]! * solution[to]!;
    solution[row] = rest / rows[row]![row]!;
  }
  return solution;
}

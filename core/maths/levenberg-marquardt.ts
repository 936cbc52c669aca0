/** Least-squares fits of a curve with few parameters (Levenberg 1944, Marquardt 1963). */

/** The curve's value at x; writes the derivative by each parameter into `slopes`. */
export type Curve = (x: number, parameters: readonly number[], slopes: Float64Array) => number;

export interface CurveFit {
  parameters: number[];
  /** Sum of squared misses. */
  squares: number;
}

/**
 * The fit of each start, the best one counted: one start alone can end in a worse optimum.
 *
 * @param steps at most from each start; few suffice from near the optimum
 */
export function fitFromStarts(
  curve: Curve,
  data: { x: Float64Array; y: Float64Array },
  starts: readonly (readonly number[])[],
  steps = 200,
): CurveFit {
  const fits = starts.map((start) => descend(curve, data, { start, steps }));
  return fits.reduce((a, b) => (b.squares < a.squares ? b : a));
}

/** Damping is scaled by the diagonal; ends when three steps in a row bring next to nothing. */
function descend(
  curve: Curve,
  data: { x: Float64Array; y: Float64Array },
  { start, steps }: { start: readonly number[]; steps: number },
): CurveFit {
  let parameters = [...start];
  let squares = sumSquares(curve, data, parameters);
  let damping = 1e-2;
  let idleSteps = 0;
  let equations = normalEquations(curve, data, parameters);
  for (let step = 0; step < steps && idleSteps < 3 && damping < 1e12; step += 1) {
    const { normal, gradient } = equations;
    const damped = normal.map((row, at) => row.map((v, to) => (at === to ? v * (1 + damping) + 1e-12 : v)));
    const move = solve(damped, gradient);
    const next = parameters.map((value, at) => value + move[at]!);
    const nextSquares = sumSquares(curve, data, next);
    if (!(nextSquares <= squares)) {
      damping *= 4;
      continue;
    }
    idleSteps = squares - nextSquares <= 1e-8 * squares ? idleSteps + 1 : 0;
    parameters = next;
    squares = nextSquares;
    damping = Math.max(1e-12, damping / 5);
    equations = normalEquations(curve, data, parameters);
  }
  return { parameters, squares };
}

function sumSquares(
  curve: Curve,
  { x, y }: { x: Float64Array; y: Float64Array },
  parameters: number[],
): number {
  const slopes = new Float64Array(parameters.length);
  let squares = 0;
  for (let at = 0; at < x.length; at += 1) {
    const miss = curve(x[at]!, parameters, slopes) - y[at]!;
    squares += miss * miss;
  }
  return squares;
}

/** JᵀJ and Jᵀ(y − f). */
function normalEquations(
  curve: Curve,
  { x, y }: { x: Float64Array; y: Float64Array },
  parameters: number[],
): { normal: number[][]; gradient: number[] } {
  const count = parameters.length;
  const lower = new Float64Array(count * count);
  const gradient = new Float64Array(count);
  const slopes = new Float64Array(count);
  for (let at = 0; at < x.length; at += 1) {
    const miss = y[at]! - curve(x[at]!, parameters, slopes);
    for (let row = 0; row < count; row += 1) {
      gradient[row]! += slopes[row]! * miss;
      for (let to = 0; to <= row; to += 1) lower[row * count + to]! += slopes[row]! * slopes[to]!;
    }
  }
  const sides = parameters.map((_, at) => at);
  const normal = sides.map((row) => sides.map((to) => lower[Math.max(row, to) * count + Math.min(row, to)]!));
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

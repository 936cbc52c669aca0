/** Tests of two correlations with the same MOS on the same images (overlapping, dependent correlations). */
import { normalCdf } from './distributions.ts';
import { type Interval, z975 } from './intervals.ts';
import { twoSidedP } from './student-t.ts';

/** Correlations with the MOS of two predictions a and b, and of a with b. */
export interface Correlations {
  n: number;
  a: number;
  b: number;
  ab: number;
}

export interface DependentTests {
  /** Steiger 1980 with the pooled correlation: z and its two-sided p. */
  steiger: { z: number; p: number };
  /** Williams 1959 (T2): t with n − 3 degrees of freedom and its two-sided p. */
  williams: { t: number; df: number; p: number };
  /** Meng, Rosenthal and Rubin 1992: z, p and the 95 % interval of the difference of Fisher's z. */
  meng: { z: number; p: number; interval: Interval };
  /** Zou 2007: 95 % interval of a − b. */
  zou: Interval;
}

/** Nearer to ±1 than this a correlation is ±1 but for rounding. */
const rounding = 1e-12;

/**
 * The tests; null where they do not exist: n ≤ 3, a correlation of ±1, or three that determine one another, so that no chance is left. For
 * Spearman's correlations an approximation.
 */
export function testDependent({ n, a, b, ab }: Correlations): DependentTests | null {
  if (n <= 3 || [a, b, ab].some((r) => !(Math.abs(r) < 1 - rounding))) return null;
  const gap = Math.atanh(a) - Math.atanh(b);
  const tests = {
    steiger: steiger({ n, a, b, ab }, gap),
    williams: williams({ n, a, b, ab }),
    meng: meng({ n, a, b, ab }, gap),
    zou: zou({ n, a, b, ab }),
  };
  const statistics = [tests.steiger.z, tests.williams.t, tests.meng.z, tests.zou.low, tests.zou.high];
  return statistics.every(Number.isFinite) ? tests : null;
}

function steiger({ n, a, b, ab }: Correlations, gap: number): DependentTests['steiger'] {
  const square = ((a + b) / 2) ** 2;
  const covariance = (ab * (1 - 2 * square) - (square * (1 - 2 * square - ab * ab)) / 2) / (1 - square) ** 2;
  const z = (gap * Math.sqrt(n - 3)) / Math.sqrt(2 - 2 * covariance);
  return { z, p: twoSided(z) };
}

function williams({ n, a, b, ab }: Correlations): DependentTests['williams'] {
  const determinant = 1 - a * a - b * b - ab * ab + 2 * a * b * ab;
  const spread = (2 * determinant * (n - 1)) / (n - 3) + ((a + b) ** 2 / 4) * (1 - ab) ** 3;
  const t = (a - b) * Math.sqrt(((n - 1) * (1 + ab)) / spread);
  return { t, df: n - 3, p: twoSidedP(t, n - 3) };
}

function meng({ n, a, b, ab }: Correlations, gap: number): DependentTests['meng'] {
  const square = (a * a + b * b) / 2;
  const f = Math.min(1, (1 - ab) / (2 * (1 - square)));
  const h = (1 - f * square) / (1 - square);
  const error = Math.sqrt((2 * (1 - ab) * h) / (n - 3));
  return {
    z: gap / error,
    p: twoSided(gap / error),
    interval: { low: gap - z975 * error, high: gap + z975 * error },
  };
}

function zou({ n, a, b, ab }: Correlations): Interval {
  const half = z975 / Math.sqrt(n - 3);
  const limits = (r: number) => [Math.tanh(Math.atanh(r) - half), Math.tanh(Math.atanh(r) + half)] as const;
  const [lowA, highA] = limits(a);
  const [lowB, highB] = limits(b);
  const together =
    ((ab - (a * b) / 2) * (1 - a * a - b * b - ab * ab) + ab ** 3) / ((1 - a * a) * (1 - b * b));
  const reach = (x: number, y: number) => Math.sqrt(Math.max(0, x * x + y * y - 2 * together * x * y));
  return {
    low: a - b - reach(a - lowA, highB - b),
    high: a - b + reach(highA - a, b - lowB),
  };
}

function twoSided(z: number): number {
  return 2 * normalCdf(-Math.abs(z));
}

/** Mean, spread, skewness and kurtosis of a sample, from its power sums. */

/** Σd, Σd², Σd³, Σd⁴ of d = x − shift over `count` values. */
export interface PowerSums {
  count: number;
  shift: number;
  first: number;
  second: number;
  third: number;
  fourth: number;
}

export interface Moments {
  mean: number;
  /** sqrt(variance + 1e-8), so that a constant sample divides safely. */
  deviation: number;
  skewness: number;
  kurtosis: number;
}

/** Population moments; the small constants keep skewness and kurtosis finite for constant samples. */
export function momentsOf({ count, shift, first, second, third, fourth }: PowerSums): Moments {
  const offset = first / count;
  const raw2 = second / count;
  const raw3 = third / count;
  const raw4 = fourth / count;
  const square = offset * offset;
  const central2 = Math.max(0, raw2 - square);
  const central3 = raw3 - 3 * offset * raw2 + 2 * square * offset;
  const central4 = Math.max(0, raw4 - 4 * offset * raw3 + 6 * square * raw2 - 3 * square * square);
  const deviation = Math.sqrt(central2 + 1e-8);
  return {
    mean: shift + offset,
    deviation,
    skewness: central3 / deviation ** 3,
    kurtosis: central4 / (deviation ** 4 + 1e-8),
  };
}

/** Arithmetic mean. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Sample standard deviation (n − 1). */
export function sampleDeviationOf(values: ArrayLike<number>): number {
  const mean = meanOf(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

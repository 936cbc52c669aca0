/** Standardised inputs: mean and 1 / SD of every column, and the rows cut to ± a limit. */

/** Mean and 1 / SD by column; a column that hardly varies gets 0, so that it says nothing. */
export interface Standardisation {
  mean: Float32Array;
  inverse: Float32Array;
}

/** Standardised inputs are cut here. */
export const clipAt = 4;

/** Measures the columns of rows × width numbers. */
export function measureStandardisation(inputs: Float32Array, width: number): Standardisation {
  const rows = inputs.length / width;
  const mean = new Float32Array(width);
  const inverse = new Float32Array(width);
  for (let column = 0; column < width; column++) {
    let sum = 0;
    for (let at = column; at < inputs.length; at += width) sum += inputs[at]!;
    const centre = sum / rows;
    let squares = 0;
    for (let at = column; at < inputs.length; at += width) squares += (inputs[at]! - centre) ** 2;
    const sd = Math.sqrt(squares / rows);
    mean[column] = centre;
    inverse[column] = sd > 1e-6 * Math.max(1, Math.abs(centre)) ? 1 / sd : 0;
  }
  return { mean, inverse };
}

/** clip((x − mean) / SD), a new array; the arithmetic is the kernel's, in single precision. */
export function standardiseRows(
  inputs: Float32Array,
  { mean, inverse }: Standardisation,
  clip = clipAt,
): Float32Array {
  const width = mean.length;
  const rows = new Float32Array(inputs.length);
  for (let at = 0; at < inputs.length; at++) {
    const column = at % width;
    const z = Math.fround(Math.fround(inputs[at]! - mean[column]!) * inverse[column]!);
    rows[at] = Math.min(clip, Math.max(-clip, z));
  }
  return rows;
}

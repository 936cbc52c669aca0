/** Solves symmetric positive definite systems. */

/**
 * x of A x = b by Cholesky's A = L Lᵀ, in double precision.
 *
 * @param matrix n × n; only the lower half is read; it stays as it is
 * @param added put on the diagonal first
 * @throws RangeError when the matrix is not positive definite
 */
export function solvePositive(matrix: Float64Array, right: Float64Array, added = 0): Float64Array {
  return substitute(factorise(matrix, right.length, added), right);
}

/**
 * The inverse of A, n × n, symmetric.
 *
 * @param matrix n × n; only the lower half is read; it stays as it is
 * @throws RangeError when the matrix is not positive definite
 */
export function invertPositive(matrix: Float64Array, n: number): Float64Array {
  const lower = factorise(matrix, n, 0);
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const unit = new Float64Array(n);
    unit[i] = 1;
    inverse.set(substitute(lower, unit), i * n);
  }
  return inverse;
}

function factorise(matrix: Float64Array, n: number, added: number): Float64Array {
  const lower = matrix.slice();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const sum = lower[i * n + j]! + (i === j ? added : 0) - multiplyRows(lower, i * n, j * n, j);
      if (i !== j) lower[i * n + j] = sum / lower[j * n + j]!;
      else if (sum > 0) lower[i * n + i] = Math.sqrt(sum);
      else throw new RangeError('The matrix is not positive definite.');
    }
  }
  return lower;
}

/** x of L Lᵀ x = b. */
function substitute(lower: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const x = right.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= lower[i * n + k]! * x[k]!;
    x[i]! /= lower[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= lower[k * n + i]! * x[k]!;
    x[i]! /= lower[i * n + i]!;
  }
  return x;
}

/** Σ a[p + k] · a[q + k] over `count` numbers, in four sums at once, which a processor adds up side by side. */
function multiplyRows(a: Float64Array, p: number, q: number, count: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 3 < count; k += 4) {
    s0 += a[p + k]! * a[q + k]!;
    s1 += a[p + k + 1]! * a[q + k + 1]!;
    s2 += a[p + k + 2]! * a[q + k + 2]!;
    s3 += a[p + k + 3]! * a[q + k + 3]!;
  }
  for (; k < count; k++) s0 += a[p + k]! * a[q + k]!;
  return s0 + s1 + (s2 + s3);
}

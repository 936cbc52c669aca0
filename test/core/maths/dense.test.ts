import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DenseMemory, type Matrix, packedLength, transpose } from '../../../core/maths/dense.ts';
import { createRandom } from '../../../core/maths/random.ts';

function filled(memory: DenseMemory, [rows, columns]: [number, number], seed: number): Matrix {
  const matrix = memory.matrix(rows, columns);
  const random = createRandom(seed);
  for (let i = 0; i < matrix.values.length; i++) matrix.values[i] = random.normal();
  return matrix;
}

function at(matrix: Matrix, row: number, column: number): number {
  return matrix.values[row * matrix.rowStep + column * matrix.columnStep]!;
}

/** a · b + bias in the order in which the kernel sums, rounded to single precision after every step. */
function multiplyPlainly(a: Matrix, b: Matrix, bias: Matrix | null): number[] {
  const values: number[] = [];
  for (let row = 0; row < a.rows; row++) {
    for (let column = 0; column < b.columns; column++) {
      let sum = bias === null ? 0 : bias.values[column]!;
      for (let k = 0; k < a.columns; k++)
        sum = Math.fround(sum + Math.fround(at(a, row, k) * at(b, k, column)));
      values.push(sum);
    }
  }
  return values;
}

const size = fc.integer({ min: 1, max: 21 });

test('a product has the bits of a plain loop, for every shape, transposed or not, with and without bias', () => {
  fc.assert(
    fc.property(
      size,
      size,
      size,
      fc.boolean(),
      fc.boolean(),
      fc.boolean(),
      (n, k, m, turnA, turnB, biased) => {
        const memory = new DenseMemory(n * k + k * m + m + n * m + packedLength(k, m) + 80);
        const a = turnA ? transpose(filled(memory, [k, n], 1)) : filled(memory, [n, k], 1);
        const b = turnB ? transpose(filled(memory, [m, k], 2)) : filled(memory, [k, m], 2);
        const bias = biased ? filled(memory, [1, m], 3) : null;
        const c = memory.matrix(n, m);
        const packed = memory.packed(k, m);
        memory.pack(b, packed);
        memory.multiply(a, packed, bias, c);
        expect([...c.values]).toEqual(multiplyPlainly(a, b, bias));
      },
    ),
  );
});

test('no block is touched by work on another, the first included', () => {
  const memory = new DenseMemory(2000);
  const first = filled(memory, [1, 8], 4);
  const before = [...first.values];
  const a = filled(memory, [5, 3], 5);
  const packed = memory.packed(3, 3);
  const bias = filled(memory, [1, 3], 6);
  const c = memory.matrix(5, 3);
  const last = filled(memory, [1, 8], 7);
  const lastBefore = [...last.values];
  memory.pack(filled(memory, [3, 3], 8), packed);
  memory.multiply(a, packed, bias, c);
  expect([...first.values]).toEqual(before);
  expect([...last.values]).toEqual(lastBefore);
});

test('standardising subtracts, scales and cuts', () => {
  const memory = new DenseMemory(200);
  const x = memory.matrix(2, 3);
  const mean = memory.matrix(1, 3);
  const inverse = memory.matrix(1, 3);
  x.values.set([1, 2, 100, -1, 5, -100]);
  mean.values.set([1, 1, 0]);
  inverse.values.set([1, 0.5, 1]);
  memory.standardise(x, mean, inverse, 4);
  expect([...x.values]).toEqual([0, 0.5, 4, -2, 2, -4]);
});

describe('activations', () => {
  // Φ(x) from tables of the normal distribution (Abramowitz & Stegun, table 26.1).
  const table: [number, number][] = [
    [0, 0.5],
    [0.5, 0.691462461],
    [1, 0.841344746],
    [1.5, 0.933192799],
    [2, 0.977249868],
    [3, 0.998650102],
  ];

  test('GELU is x Φ(x) within 1e-6', () => {
    const memory = new DenseMemory(100);
    const x = memory.matrix(2, table.length);
    x.values.set(table.flatMap(([value]) => [value, -value]));
    memory.activate('gelu', x);
    for (const [at, [value, below]] of table.entries()) {
      expect(Math.abs(x.values[2 * at]! - value * below)).toBeLessThan(1e-6);
      expect(Math.abs(x.values[2 * at + 1]! + value * (1 - below))).toBeLessThan(1e-6);
    }
  });

  test('far out, GELU is the line or nothing', () => {
    const memory = new DenseMemory(100);
    const x = memory.matrix(1, 4);
    x.values.set([40, -40, 1e6, -1e6]);
    memory.activate('gelu', x);
    for (const [at, value] of [40, 0, 1e6, 0].entries())
      expect(Math.abs(x.values[at]! - value)).toBeLessThan(1e-30);
  });

  test.each(['gelu', 'relu'] as const)('the slope of %s is that of its values', (activation) => {
    const memory = new DenseMemory(400);
    const points = Float32Array.from({ length: 40 }, (_, i) => i / 5 - 3.9);
    const step = 1 / 64;
    const [x, low, high, gradient] = [0, -step, step, 0].map((shift) => {
      const matrix = memory.matrix(1, 40);
      matrix.values.set(points.map((value) => value + shift));
      return matrix;
    }) as [Matrix, Matrix, Matrix, Matrix];
    gradient.values.fill(2);
    memory.activateBackward(activation, x, gradient);
    memory.activate(activation, low);
    memory.activate(activation, high);
    for (let i = 0; i < 40; i++) {
      const slope = (high.values[i]! - low.values[i]!) / (2 * step);
      expect(Math.abs(gradient.values[i]! - 2 * slope)).toBeLessThan(1e-3);
    }
  });
});

test('a full memory says so', () => {
  const memory = new DenseMemory(10);
  expect(() => memory.matrix(1000, 1000)).toThrow(RangeError);
});

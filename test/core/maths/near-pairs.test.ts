/** Near pairs are found exactly: the same groups as by all dot products, however the vectors lie. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeBlock, strideOf, type VectorBlock, valuesOf } from '../../../core/maths/dots.ts';
import { findNearPairs, findSketch, sketchRows } from '../../../core/maths/near-pairs.ts';
import { createRandom } from '../../../core/maths/random.ts';
import { UnionFind } from '../../../core/maths/union-find.ts';

/** Vectors of length 1: some drawn alone, some near an earlier one, some equal to one. */
function drawVectors(rows: number, width: number, seed: number): Float32Array[] {
  const random = createRandom(seed);
  const vectors: Float32Array[] = [];
  for (let at = 0; at < rows; at += 1) {
    const base = vectors[Math.floor(random.next() * at)];
    const spread = [0, 0.05, 0.2, 10][Math.floor(random.next() * 4)]!;
    const values = Float32Array.from(
      { length: width },
      (_, k) => (base?.[k] ?? 0) + ((base === undefined ? 10 : spread) * random.normal()) / Math.sqrt(width),
    );
    const length = Math.hypot(...values);
    vectors.push(values.map((value) => value / length));
  }
  return vectors;
}

function asBlock(vectors: readonly Float32Array[], width: number): VectorBlock {
  const block = makeBlock(vectors.length, width);
  const values = valuesOf(block);
  for (const [at, vector] of vectors.entries()) values.set(vector, at * strideOf(width));
  return block;
}

function groupAll(vectors: readonly Float32Array[], threshold: number): number[][] {
  const known = new UnionFind(vectors.length);
  for (const [a, own] of vectors.entries()) {
    for (let b = 0; b < a; b += 1) {
      if (own.reduce((sum, value, k) => sum + value * vectors[b]![k]!, 0) >= threshold) known.join(a, b);
    }
  }
  return known.groups();
}

function groupNear(blocks: VectorBlock[], rows: number, [threshold, perTask]: [number, number]): number[][] {
  const directions = findSketch(blocks);
  const parts = blocks.flatMap((block) => [...sketchRows(block, directions)]);
  const width = directions.length;
  const order = Int32Array.from({ length: rows }, (_, row) => row).sort(
    (a, b) => parts[a * width]! - parts[b * width]!,
  );
  const sketch = Float32Array.from(
    parts,
    (_, at) => parts[order[Math.floor(at / width)]! * width + (at % width)]!,
  );
  const known = new UnionFind(rows);
  for (let first = 0; first < rows; first += perTask) {
    const last = Math.min(rows, first + perTask);
    const pairs = findNearPairs({ blocks, order, sketch, threshold, first, last });
    for (let at = 0; at < pairs.length; at += 2) known.join(pairs[at]!, pairs[at + 1]!);
  }
  return known.groups();
}

describe('Near pairs', () => {
  test('make the groups that all dot products make, over several blocks and tasks', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 120 }),
        fc.constantFrom(3, 16, 82),
        fc.nat(10_000),
        fc.double({ min: 0.8, max: 0.9999, noNaN: true }),
        (rows, width, seed, threshold) => {
          const vectors = drawVectors(rows, width, seed);
          const cut = Math.floor(rows / 3);
          const blocks = [asBlock(vectors.slice(0, cut), width), asBlock(vectors.slice(cut), width)];
          // A product within rounding of the threshold may fall on either side.
          const sure = [threshold - 1e-6, threshold + 1e-6].map((one) => groupAll(vectors, one));
          if (JSON.stringify(sure[0]) !== JSON.stringify(sure[1])) return;
          expect(
            groupNear(
              blocks.filter((block) => block.rows > 0),
              rows,
              [threshold, 37],
            ),
          ).toEqual(sure[0]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('of many equal vectors are as few as hold them together', () => {
    const vectors = Array.from({ length: 400 }, () => Float32Array.from([0.6, 0.8, 0]));
    const blocks = [asBlock(vectors, 3)];
    const directions = findSketch(blocks);
    const sketch = sketchRows(blocks[0]!, directions);
    const order = Int32Array.from({ length: 400 }, (_, row) => row);
    const pairs = findNearPairs({ blocks, order, sketch, threshold: 0.95, first: 0, last: 400 });
    expect(pairs.length / 2).toBe(399);
  });

  test('of vectors without a length there are none', () => {
    const blocks = [
      asBlock([new Float32Array(8), new Float32Array(8), Float32Array.from([1, 0, 0, 0, 0, 0, 0, 0])], 8),
    ];
    expect(groupNear(blocks, 3, [0.95, 10])).toEqual([]);
  });
});

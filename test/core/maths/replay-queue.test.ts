import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { orderQueue, type QueueTask } from '../../../core/maths/coverage-queue.ts';
import { projectRows } from '../../../core/maths/principal-components.ts';
import { createRandom } from '../../../core/maths/random.ts';
import { replayQueue } from '../../../core/maths/replay-queue.ts';
import { measuredOnAgiqa } from '../../../core/rate-next.ts';

/** Numbers made of AGIQA-3K's images and MOS; the file names its source. */
const fixture = z
  .object({
    width: z.int(),
    scales: z.array(z.number()),
    features: z.base64(),
    group: z.array(z.int()),
    quality: z.array(z.number()),
    alignment: z.array(z.number()),
  })
  .parse(
    JSON.parse(readFileSync(new URL('../../fixtures/agiqa3k-components.json', import.meta.url), 'utf8')),
  );
const bytes = new Int8Array(Buffer.from(fixture.features, 'base64'));
const points = Float32Array.from(bytes, (value, at) => value * fixture.scales[at % fixture.width]!);

describe('replayed on AGIQA-3K’s 2,387 images (classic features)', () => {
  function replay(labels: readonly number[], repeats: number) {
    const task = { points, width: fixture.width, queueWidth: 24, groups: fixture.group.map(String), seed: 7 };
    return replayQueue({
      ...task,
      labels: Float64Array.from(labels),
      sizes: [20, 30, 40, 60, 80, 120, 160, 240, 320],
      repeats,
      randomOrders: 3,
    });
  }

  test('the queue takes at least 20 % fewer labels than random order for the same held-out SRCC of quality', () => {
    const { saved, low, points: curve } = replay(fixture.quality, 8);
    expect(saved!).toBeGreaterThanOrEqual(0.2);
    expect(low!).toBeGreaterThan(0);
    // From 40 labels on, and up to where random order has caught up.
    for (const { labels, queue, random } of curve) {
      if (labels >= 40 && labels <= 160) expect(queue, `${labels} labels`).toBeGreaterThan(random);
    }
    // What the studio says, of 60 repeats, lies within what these few give.
    expect(measuredOnAgiqa.quality.low).toBeGreaterThanOrEqual(0.2);
    expect(Math.abs(measuredOnAgiqa.quality.saved - saved!)).toBeLessThan(0.12);
  });

  test('for alignment, where the interval reaches below a fifth, nothing is claimed', () => {
    expect(measuredOnAgiqa.alignment.low).toBeLessThan(0.2);
  });
});

function makeTask(change: Partial<QueueTask> = {}): QueueTask {
  const random = createRandom(2);
  const rows = 90;
  // Three clouds of 60, 20 and 10 images.
  const centres = Array.from({ length: rows }, (_, row) => (row < 60 ? 0 : row < 80 ? 20 : 40));
  return {
    points: Float32Array.from({ length: rows * 2 }, (_, at) => centres[at >> 1]! + random.normal()),
    width: 2,
    weights: new Float64Array(rows).fill(1),
    known: new Float64Array(rows),
    isCandidate: centres.map(() => true),
    count: 3,
    ...change,
  };
}

const cloudOf = (row: number) => (row < 60 ? 0 : row < 80 ? 1 : 2);

describe('the queue', () => {
  test('takes one image of each cloud before a second of any', () => {
    const queue = orderQueue(makeTask());
    expect(new Set(queue.map(({ row }) => cloudOf(row)))).toEqual(new Set([0, 1, 2]));
    const gains = queue.map(({ gain }) => gain);
    expect(gains).toEqual([...gains].sort((a, b) => b - a));
    expect(orderQueue(makeTask())).toEqual(queue);
  });

  test('is what trying every image at every place gives', () => {
    const task = makeTask({ count: 6 });
    const chosen: number[] = [];
    const distance = (a: number, b: number) =>
      Math.hypot(
        task.points[2 * a]! - task.points[2 * b]!,
        task.points[2 * a + 1]! - task.points[2 * b + 1]!,
      );
    const [first, ...rest] = orderQueue(task).map(({ row }) => row);
    chosen.push(first!);
    for (const row of rest) {
      const left = (more: number) =>
        task.weights.reduce(
          (sum, _, at) => sum + Math.min(...[...chosen, more].map((one) => distance(at, one))),
          0,
        );
      const best = Math.min(...[...task.weights.keys()].map(left));
      expect(left(row)).toBeLessThan(best + 1e-3);
      chosen.push(row);
    }
  });

  test('leaves alone what is rated, turns to what matters more, asks only for what may be asked', () => {
    const known = new Float64Array(90);
    known[5] = 1;
    const queue = orderQueue(makeTask({ known }));
    expect(queue.map(({ row }) => row)).not.toContain(5);
    expect(cloudOf(queue[0]!.row)).not.toBe(0);
    const weights = new Float64Array(90).fill(1);
    weights.fill(50, 80);
    expect(cloudOf(orderQueue(makeTask({ known, weights }))[0]!.row)).toBe(2);
    const isCandidate = Array.from({ length: 90 }, (_, row) => row === 7 || row === 8);
    expect(
      orderQueue(makeTask({ isCandidate }))
        .map(({ row }) => row)
        .sort(),
    ).toEqual([7, 8]);
  });

  test('an image with few votes comes again before one in its place that is fully known', () => {
    const known = new Float64Array(90).fill(1);
    known[70] = 0.2;
    expect(orderQueue(makeTask({ known })).map(({ row }) => row)).toEqual([70]);
  });
});

test('principal components keep the distances of rows that differ in a few directions only', () => {
  const random = createRandom(4);
  const hidden = Array.from({ length: 200 }, () => [3 * random.normal(), random.normal()]);
  const mixing = Array.from({ length: 30 }, () => [random.normal(), random.normal()]);
  const inputs = Float32Array.from({ length: 200 * 30 }, (_, at) => {
    const [a, b] = hidden[Math.floor(at / 30)]!;
    const [p, q] = mixing[at % 30]!;
    return 5 + p! * a! + q! * b!;
  });
  const { points: two, width } = projectRows(inputs, 30, 2);
  expect(width).toBe(2);
  const { points: five } = projectRows(inputs, 30, 5);
  const distance = (of: Float32Array, wide: number, a: number, b: number) =>
    Math.sqrt(
      Array.from({ length: wide }, (_, k) => (of[a * wide + k]! - of[b * wide + k]!) ** 2).reduce(
        (s, v) => s + v,
        0,
      ),
    );
  for (const [a, b] of [
    [0, 1],
    [5, 90],
    [120, 7],
  ] as const) {
    expect(distance(two, 2, a, b) / distance(five, 5, a, b)).toBeGreaterThan(0.98);
  }
});

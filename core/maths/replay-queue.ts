/** Replays a labelled set as if it were rated image by image: how many labels an order needs for a held-out SRCC that random order reaches. */
import { fitTerms } from './closed-forms.ts';
import { spearman } from './correlation.ts';
import { orderQueue } from './coverage-queue.ts';
import { splitOnce } from './folds.ts';
import { createRandom, hashSeeds, shuffle } from './random.ts';

export interface ReplayTask {
  points: Float32Array;
  width: number;
  /** Of the components, how many the queue measures distances in. */
  queueWidth: number;
  labels: Float64Array;
  groups: readonly string[];
  /** Numbers of labels, rising. */
  sizes: readonly number[];
  repeats: number;
  /** Random orders a repeat. */
  randomOrders: number;
  seed: number;
}

export interface Replay {
  points: { labels: number; queue: number; random: number }[];
  /** Mean share of labels saved over the sizes, and its 95 % interval over repeats; null where random order never gets there. */
  saved: number | null;
  low: number | null;
  high: number | null;
  repeats: number;
}

/**
 * In each repeat a quarter of the groups is held out; the rest is labelled in the order of the queue (which sees no label) and in random
 * orders; after each size ridge on the components is fitted anew and judged on the held-out side.
 */
export function replayQueue(task: ReplayTask): Replay {
  const { sizes, repeats } = task;
  const curves = Array.from({ length: repeats }, (_, repeat) =>
    replayOnce(task, hashSeeds(task.seed, repeat)),
  );
  const mean = (of: (curve: Curves) => number[], some: readonly Curves[]) =>
    sizes.map((_, at) => some.reduce((sum, curve) => sum + of(curve)[at]!, 0) / some.length);
  const savedOf = (some: readonly Curves[]) =>
    measureSaving(
      sizes,
      mean(({ queue }) => queue, some),
      mean(({ random }) => random, some),
    );
  const random = createRandom(hashSeeds(task.seed, 99));
  const draws = Array.from({ length: 1000 }, () =>
    savedOf(curves.map(() => curves[random.below(curves.length)]!)),
  )
    .filter((value) => value !== null)
    .sort((a, b) => a - b);
  const queue = mean(({ queue: values }) => values, curves);
  const drawn = mean(({ random: values }) => values, curves);
  return {
    points: sizes.map((labels, at) => ({ labels, queue: queue[at]!, random: drawn[at]! })),
    saved: savedOf(curves),
    low: draws[Math.floor(0.025 * draws.length)] ?? null,
    high: draws[Math.floor(0.975 * draws.length)] ?? null,
    repeats,
  };
}

interface Curves {
  queue: number[];
  random: number[];
}

function replayOnce(task: ReplayTask, seed: number): Curves {
  const { points, width, queueWidth, labels, groups, sizes, randomOrders } = task;
  const isHeld = splitOnce(groups, 0.25, seed);
  const pool = [...labels.keys()].filter((at) => !isHeld[at]);
  const held = [...labels.keys()].filter((at) => isHeld[at]);
  const most = sizes.at(-1)!;
  const near = new Float32Array(pool.length * queueWidth);
  for (const [to, from] of pool.entries()) {
    near.set(points.subarray(from * width, from * width + queueWidth), to * queueWidth);
  }
  const queue = orderQueue({
    points: near,
    width: queueWidth,
    weights: new Float64Array(pool.length).fill(1),
    known: new Float64Array(pool.length),
    isCandidate: pool.map(() => true),
    count: most,
  }).map(({ row }) => pool[row]!);
  const random = createRandom(hashSeeds(seed, 1));
  const orders = Array.from({ length: randomOrders }, () => {
    const order = [...pool];
    shuffle(order, random);
    return order;
  });
  const judge = (order: readonly number[], size: number) => judgeLabels(task, order.slice(0, size), held);
  return {
    queue: sizes.map((size) => judge(queue, size)),
    random: sizes.map((size) => orders.reduce((sum, order) => sum + judge(order, size), 0) / orders.length),
  };
}

function judgeLabels(
  { points, width, labels, groups }: ReplayTask,
  rated: readonly number[],
  held: readonly number[],
): number {
  const row = (at: number) => [...points.subarray(at * width, (at + 1) * width)];
  const own = Float64Array.from(rated, (at) => labels[at]!);
  const { weights, intercept } = fitTerms(
    rated.map(row),
    { labels: own, groups: rated.map((at) => groups[at]!) },
    1,
  );
  const predicted = Float64Array.from(held, (at) =>
    row(at).reduce((sum, value, k) => sum + value * weights[k]!, intercept),
  );
  return (
    spearman(
      predicted,
      Float64Array.from(held, (at) => labels[at]!),
    ) ?? 0
  );
}

/** Mean of 1 − n(queue) / n(random) for the same SRCC, over the sizes that random order reaches too. */
function measureSaving(
  sizes: readonly number[],
  queue: readonly number[],
  random: readonly number[],
): number | null {
  const shares = sizes.flatMap((size, at) => {
    const needed = labelsFor(queue[at]!, sizes, random);
    return needed === null ? [] : [1 - size / needed];
  });
  return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** Where the random curve, made never to fall, first reaches a value; linear between sizes; null where it does not. */
function labelsFor(value: number, sizes: readonly number[], random: readonly number[]): number | null {
  let before = { labels: sizes[0]!, value: random[0]! };
  if (value <= before.value) return before.labels;
  for (let at = 1; at < sizes.length; at += 1) {
    const here = { labels: sizes[at]!, value: Math.max(before.value, random[at]!) };
    if (here.value >= value) {
      const part = (value - before.value) / (here.value - before.value);
      return before.labels + part * (here.labels - before.labels);
    }
    before = here;
  }
  return null;
}

/**
 * What to rate next: images that stand for many others. Each image is as well known as the nearest rated one is near to it in the space of
 * features; the next image is the one that brings the rated ones nearest to all (facility location, greedy: Nemhauser, Wolsey and Fisher
 * 1978; lazy: Minoux 1978).
 */

export interface QueueTask {
  /** rows × width: a few numbers that say how images look (principal components of the features). */
  points: Float32Array;
  width: number;
  /** How much it matters that an image is known; 0 for one that is not to be thought of. */
  weights: Float64Array;
  /** How well each image is known by its own votes: 1 fully, 0 not at all. */
  known: Float64Array;
  /** Which images may be asked for. */
  isCandidate: readonly boolean[];
  count: number;
}

export interface QueueItem {
  row: number;
  /** Share of all that is not known yet which rating this image takes away, at its place in the order. */
  gain: number;
}

/** The order, the most gain first; the same task gives the same order. */
export function orderQueue(task: QueueTask): QueueItem[] {
  const { points, width, weights, known, isCandidate, count } = task;
  const rows = weights.length;
  const squares = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) {
    for (let at = row * width; at < (row + 1) * width; at += 1) squares[row]! += points[at]! ** 2;
  }
  const distances = (row: number) => measureDistances(points, width, squares, row);
  const unknown = startDistances(task, distances);
  const whole = weights.reduce((sum, weight, row) => sum + weight * unknown[row]!, 0);
  const gains = new Float64Array(rows).fill(-1);
  const cached = new Map<number, Float32Array>();
  const at = (row: number) => {
    const found = cached.get(row) ?? distances(row);
    cached.set(row, found);
    return found;
  };
  const gainOf = (row: number) => {
    const own = at(row);
    let gain = 0;
    for (let other = 0; other < rows; other += 1) {
      const fall = unknown[other]! - own[other]!;
      if (fall > 0) gain += weights[other]! * fall;
    }
    return gain;
  };
  for (let row = 0; row < rows; row += 1) if (isCandidate[row] && known[row]! < 1) gains[row] = gainOf(row);
  const queue: QueueItem[] = [];
  while (queue.length < count) {
    const best = takeBest(gains, gainOf);
    if (best === null || !(whole > 0)) break;
    queue.push({ row: best, gain: gains[best]! / whole });
    const own = at(best);
    for (let other = 0; other < rows; other += 1) unknown[other] = Math.min(unknown[other]!, own[other]!);
    gains[best] = -1;
    cached.delete(best);
  }
  return queue;
}

/** Gains only fall as more is known: what is still best after being computed anew is the best of all. */
function takeBest(gains: Float64Array, gainOf: (row: number) => number): number | null {
  for (;;) {
    let best = -1;
    for (let row = 0; row < gains.length; row += 1) {
      if (gains[row]! >= 0 && (best < 0 || gains[row]! > gains[best]!)) best = row;
    }
    if (best < 0) return null;
    const now = gainOf(best);
    if (now >= gains[best]! * (1 - 1e-9)) return best;
    gains[best] = now;
  }
}

/** The distance to the nearest rated image; an image rated by few is as far as the part that its votes leave open. */
function startDistances(
  { weights, known }: QueueTask,
  distances: (row: number) => Float32Array,
): Float64Array {
  const unknown = new Float64Array(weights.length).fill(Number.POSITIVE_INFINITY);
  const rated = [...known.keys()].filter((row) => known[row]! > 0);
  let farthest = 0;
  for (const row of rated) {
    const own = distances(row);
    for (let other = 0; other < unknown.length; other += 1) farthest = Math.max(farthest, own[other]!);
  }
  for (const row of rated) {
    const own = distances(row);
    const open = (1 - known[row]!) * farthest;
    for (let other = 0; other < unknown.length; other += 1) {
      unknown[other] = Math.min(unknown[other]!, own[other]! + open);
    }
  }
  if (rated.length > 0) return unknown;
  // Nothing is rated: everything is as far as the two farthest images are apart, about.
  const fromFirst = weights.length === 0 ? new Float32Array() : distances(0);
  return unknown.fill(2 * fromFirst.reduce((most, one) => Math.max(most, one), 0));
}

function measureDistances(
  points: Float32Array,
  width: number,
  squares: Float64Array,
  row: number,
): Float32Array {
  const rows = squares.length;
  const result = new Float32Array(rows);
  const own = row * width;
  for (let other = 0; other < rows; other += 1) {
    let product = 0;
    for (let at = 0, to = other * width; at < width; at += 1, to += 1)
      product += points[own + at]! * points[to]!;
    result[other] = Math.sqrt(Math.max(0, squares[row]! + squares[other]! - 2 * product));
  }
  return result;
}

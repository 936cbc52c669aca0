/** Compares all stored vectors of a kind with each other on the compute threads, and gives the images that hang together. */
import type { VectorSource } from '../db/features.ts';
import { type JobContext, stopIfCancelled } from './jobs.ts';
import { countRows, sketchWidth } from './maths/near-pairs.ts';
import { UnionFind } from './maths/union-find.ts';
import { forEachInParallel } from './parallel.ts';
import type { Studio } from './studio.ts';

/** Tasks that the comparing is cut into: enough to tell how far it is. */
const tasks = 96;

/**
 * Groups of images that are connected by pairs of at least `threshold` (cosine), in the order of ids. Memory: the vectors once, in shared
 * blocks that searching by looks uses too, and about a hundred bytes an image.
 *
 * @throws StudioError `cancelled`
 */
export async function compareAll(
  studio: Studio,
  { source, threshold }: { source: VectorSource; threshold: number },
  context: JobContext,
): Promise<{ groups: number[][]; images: number }> {
  const { signal } = context;
  context.report({ phase: 'reading vectors', done: 0, total: null });
  const { imageIds, blocks } = await studio.embeddings.hold(studio, source);
  const rows = countRows(blocks);
  if (rows < 2) return { groups: [], images: rows };
  const directions = await studio.compute.run('findSketch', blocks, { signal });
  const parts = await Promise.all(
    blocks.map((block) => studio.compute.run('sketchRows', { block, directions }, { signal })),
  );
  stopIfCancelled(signal);
  const width = Math.min(sketchWidth, source.length);
  const { order, sketch } = sortRows(parts, rows, width);
  const known = new UnionFind(rows);
  let done = 0;
  // Early rows have more to be compared with than late ones, so that tasks of equal rows end with a smooth tail.
  const perTask = Math.ceil(rows / tasks);
  const starts = Array.from({ length: Math.ceil(rows / perTask) }, (_, at) => at * perTask);
  await forEachInParallel(starts, { limit: studio.workers, signal }, async (first) => {
    const last = Math.min(rows, first + perTask);
    const task = { blocks, order, sketch, threshold, first, last };
    const pairs = await studio.compute.run('findNearPairs', task, { signal });
    for (let at = 0; at < pairs.length; at += 2) known.join(pairs[at]!, pairs[at + 1]!);
    done += last - first;
    context.report({ phase: 'comparing', done, total: rows });
  });
  const groups = known.groups().map((group) => group.map((row) => imageIds[row]!));
  return { groups, images: rows };
}

/** Rows by their first coordinate, and all coordinates in that order, in memory that threads share. */
function sortRows(
  parts: readonly Float32Array[],
  rows: number,
  width: number,
): { order: Int32Array; sketch: Float32Array } {
  const all = new Float32Array(rows * width);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  const order = new Int32Array(new SharedArrayBuffer(rows * 4));
  for (let row = 0; row < rows; row += 1) order[row] = row;
  order.sort((a, b) => all[a * width]! - all[b * width]!);
  const sketch = new Float32Array(new SharedArrayBuffer(rows * width * 4));
  for (const [place, row] of order.entries()) {
    sketch.set(all.subarray(row * width, (row + 1) * width), place * width);
  }
  return { order, sketch };
}

/** What compute threads work out of what to rate next: arithmetic alone. */
import { orderQueue, type QueueItem, type QueueTask } from '../../maths/coverage-queue.ts';
import { projectRows } from '../../maths/principal-components.ts';
import { type Replay, replayQueue } from '../../maths/replay-queue.ts';

/** Components that distances between images are measured in, and that a replay's heads read. */
const queueWidth = 24;
const replayWidth = 48;
const replaySizes = [20, 30, 40, 60, 80, 120, 160, 240, 320];

/** What to rate next, in the space of the features' principal components. */
export function queueRating({
  inputs,
  width,
  ...task
}: Omit<QueueTask, 'points'> & { inputs: Float32Array }): QueueItem[] {
  return orderQueue({ ...task, ...projectRows(inputs, width, queueWidth) });
}

/** The replay of a rated set. */
export function replayRating(task: {
  inputs: Float32Array;
  width: number;
  labels: Float64Array;
  groups: string[];
  repeats: number;
  seed: number;
}): Replay {
  const projected = projectRows(task.inputs, task.width, replayWidth);
  const most = 0.6 * task.labels.length;
  return replayQueue({
    ...task,
    ...projected,
    queueWidth: Math.min(queueWidth, projected.width),
    sizes: replaySizes.filter((size) => size <= most),
    randomOrders: 3,
  });
}

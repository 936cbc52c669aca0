/** The re-score stage: applies a head to all stored features or signals, then makes it the active one. No pixel is read. */
import type { Job, JobSummary } from '../contract/jobs.ts';
import { saveScores, setActiveHead } from '../db/heads.ts';
import type { HeadRow } from '../db/schema.ts';
import { readInputBlocks } from './head-inputs.ts';
import { type JobContext, stopIfCancelled } from './jobs.ts';
import { getPack } from './packs.ts';
import type { Studio } from './studio.ts';

/** Rows a block: enough to keep a thread busy, few enough that no vote waits for the reading or writing of one. */
const blockRows = 2000;

/** Starts re-scoring as a job. Until the last score is stored the old head stays the active one. */
export function startRescoring(studio: Studio, head: HeadRow): Job {
  return studio.jobs.start({
    kind: 'rescore',
    title: `Use head “${head.name}” for ${head.target}`,
    params: { headId: head.id },
    work: (context) => rescore(studio, head, context),
  });
}

/** Applies a head to everything that is stored; gives the number of scores. */
export async function rescore(studio: Studio, head: HeadRow, context: JobContext): Promise<JobSummary> {
  const { db, bus, now, compute } = studio;
  const pack = getPack(studio, head.pack_id);
  const underWay = new Set<Promise<void>>();
  let done = 0;
  async function score(imageIds: number[], values: Float32Array<ArrayBuffer>): Promise<void> {
    const task = { head: head.weights, headHash: head.weights_hash, values, rows: imageIds.length };
    const scores = await compute.run('predict', task, { signal: context.signal, transfer: [values.buffer] });
    db.transaction(() => saveScores(db, head.id, imageIds, scores));
    done += imageIds.length;
    context.report({ phase: 'scoring', done });
  }
  for (const { imageIds, values } of readInputBlocks(studio, { pack, inputs: head.inputs }, blockRows)) {
    stopIfCancelled(context.signal);
    const block = score(imageIds, values).finally(() => underWay.delete(block));
    underWay.add(block);
    if (underWay.size > studio.workers) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  db.transaction(() => setActiveHead(db, head, now()));
  bus.changed('heads', 'scores', 'images');
  return { rows: done, headId: head.id };
}

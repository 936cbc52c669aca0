/** The re-score stage: applies a head to all stored features or signals, then makes it the active one. No pixel is read. */
import { StudioError } from '../contract/errors.ts';
import type { Job, JobSummary } from '../contract/jobs.ts';
import type { IdRange } from '../db/features.ts';
import { saveScores, setActiveHead } from '../db/heads.ts';
import { imageIdRange } from '../db/images.ts';
import type { HeadRow } from '../db/schema.ts';
import { type InputSource, sourceOfHead } from './head-inputs.ts';
import { type JobContext, stopIfCancelled } from './jobs.ts';
import { decodeHead } from './maths/head-codec.ts';
import { getPack } from './packs.ts';
import { forEachInParallel } from './parallel.ts';
import type { Studio } from './studio.ts';

/** Ids a range: enough to keep a thread busy, few enough that no vote waits for the writing of one. */
const rangeLength = 2000;

/**
 * Starts re-scoring as a job. Until the last score is stored the old head stays the active one.
 *
 * @throws StudioError `notFound` where its pack is gone, `conflict` where it reads other inputs than the pack gives
 */
export function startRescoring(studio: Studio, head: HeadRow): Job {
  findSource(studio, head);
  return studio.jobs.start({
    packId: head.pack_id,
    kind: 'rescore',
    title: `Use head “${head.name}” for ${head.target}`,
    params: { headId: head.id },
    work: (context) => rescore(studio, head, context),
  });
}

/** What a head reads. @throws StudioError `notFound`, `conflict` */
export function findSource(studio: Pick<Studio, 'packs'>, head: HeadRow): InputSource {
  const { manifest } = getPack(studio, head.pack_id);
  const { length } = decodeHead(head.weights);
  const source = sourceOfHead(manifest, { inputs: head.inputs, length });
  if (source !== undefined) return source;
  throw new StudioError(
    'conflict',
    `“${head.name}” was made for other members of the pack “${manifest.id}” than it has now: train a new head.`,
    { headId: head.id },
  );
}

/** Applies a head to everything that is stored; gives the number of scores. */
export async function rescore(studio: Studio, head: HeadRow, context: JobContext): Promise<JobSummary> {
  const { db, bus, now, compute, workers } = studio;
  const source = findSource(studio, head);
  const ranges = splitIds(imageIdRange(db));
  const total = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  let rows = 0;
  let done = 0;
  const bounds = { limit: workers + 1, signal: context.signal };
  await forEachInParallel(ranges, bounds, async (range) => {
    const task = { database: db.sqlite.name, headId: head.id, source, range };
    const { imageIds, scores } = await compute.run('rescore', task, { signal: context.signal });
    db.transaction(() => saveScores(db, head.id, imageIds, scores));
    rows += imageIds.length;
    done += range.last - range.first + 1;
    context.report({ phase: 'scoring', done, total });
  });
  stopIfCancelled(context.signal);
  db.transaction(() => setActiveHead(db, head, now()));
  bus.changed('heads', 'scores', 'images');
  return { rows, headId: head.id };
}

/** All ids in ranges. */
function splitIds(all: IdRange | null): IdRange[] {
  if (all === null) return [];
  const ranges: IdRange[] = [];
  for (let first = all.first; first <= all.last; first += rangeLength) {
    ranges.push({ first, last: Math.min(all.last, first + rangeLength - 1) });
  }
  return ranges;
}

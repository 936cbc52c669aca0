/** Heads as the screens show them; activating one re-scores everything from stored features. */
import { z } from 'zod';
import { StudioError } from '../contract/errors.ts';
import { Head, HeldOutMetrics, LabelSource, TrainingReport } from '../contract/heads.ts';
import type { Job } from '../contract/jobs.ts';
import { type HeadSummary, headById, listHeads, renameHead } from '../db/heads.ts';
import type { HeadRow } from '../db/schema.ts';
import { startRescoring } from './rescore.ts';
import type { Studio } from './studio.ts';

/** What is kept of a training with its head. */
export const HeadReport = z.object({
  heldOut: HeldOutMetrics.nullable(),
  trainedOn: Head.shape.trainedOn,
  /** Null for heads that came with a pack or from a file. */
  training: TrainingReport.nullable().default(null),
  ensembleOf: Head.shape.ensembleOf.default([]),
  /** The MOS it learnt from; none where nobody knows, or where it came with a pack or is an average. */
  labels: z.array(LabelSource).default([]),
  note: z.string(),
});
export type HeadReport = z.infer<typeof HeadReport>;

export function reportOf(row: Pick<HeadRow, 'report'>): HeadReport {
  return HeadReport.parse(JSON.parse(row.report));
}

/** Each of some labels once. */
export function distinctLabels(labels: readonly LabelSource[]): LabelSource[] {
  return [...new Map(labels.map((label) => [`${label.mosSetId} ${label.dimension}`, label])).values()];
}

/** All heads with lineage and figures, the oldest first. */
export function describeHeads(studio: Studio): Head[] {
  return listHeads(studio.db).map(describe);
}

/** One head with its weights. @throws StudioError `notFound` */
export function getHeadRow(studio: Pick<Studio, 'db'>, id: number): HeadRow {
  const row = headById(studio.db, id);
  if (row === undefined) throw new StudioError('notFound', `There is no head ${id}.`, { headId: id });
  return row;
}

/** Starts to re-score with a head; it is the active one of its target once every score is there. */
export function activateHead(studio: Studio, id: number): Job {
  return startRescoring(studio, getHeadRow(studio, id));
}

/** Gives a head another name. */
export function changeHeadName(studio: Studio, id: number, name: string): Head {
  getHeadRow(studio, id);
  renameHead(studio.db, id, name);
  studio.bus.changed('heads');
  return describeHeads(studio).find((head) => head.id === id)!;
}

function describe(row: HeadSummary): Head {
  const { heldOut, trainedOn, training, ensembleOf, note } = reportOf(row);
  return {
    id: row.id,
    packId: row.pack_id,
    name: row.name,
    kind: row.kind,
    inputs: row.inputs,
    target: row.target,
    parentId: row.parent_id,
    isShipped: row.is_shipped === 1,
    isActive: row.is_active === 1,
    createdAt: row.created_at,
    dataHash: row.data_hash,
    trainedOn,
    heldOut,
    training,
    ensembleOf,
    note,
  };
}

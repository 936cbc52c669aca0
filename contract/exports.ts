/** Exports: tables that load in other people's tools. */
import { z } from 'zod';
import { Id } from './common.ts';
import { PackId, Target } from './targets.ts';

/** How a table is written. */
export const TableFormat = z.enum(['csv', 'xlsx', 'jsonl', 'parquet']);
export type TableFormat = z.infer<typeof TableFormat>;

/** Of those that are tables; CSV where absent. */
const format = TableFormat.optional();

/**
 * `mos`: AGIQA-3K's columns; `votes`: raw votes in long form; `scores`: one row a file; `challenge`: the lines `name,score` that NTIRE's
 * quality challenge takes, in the order of the prompt list that was imported last (`info_test.xlsx`). `matrix`: one row an image, one
 * column a rater; `p910`: the same as bare numbers, as the toolkit of ITU-T P.910 reads them; `sureal`: the JSON dataset of Netflix's
 * sureal; these three of one dimension. `pairs`: choices between pairs in long form. `results`: all that was rated, for the library in
 * which the study was made; `estimates`: one row an image with the MOS under each method beside the plain one, z-MOS and DMOS, each with
 * its interval; `comparison`: one row a method, how much it changes; `screening`: one row a rater, every doubt and decision; these three of
 * one dimension. `pairScores`: one row an image of a study of pairs. `design`: what the study is, frozen or as it stands, images by their SHA-256.
 */
export const ExportRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('mos'), mosSetId: Id, format }),
  z.object({ kind: z.literal('votes'), studyId: Id, format }),
  z.object({
    kind: z.literal('scores'),
    packId: PackId.default('classic'),
    /** Only files below this folder. */
    folder: z.string().optional(),
    format,
  }),
  z.object({ kind: z.literal('challenge'), packId: PackId }),
  z.object({ kind: z.literal('matrix'), studyId: Id, dimension: Target.optional(), format }),
  z.object({ kind: z.literal('p910'), studyId: Id, dimension: Target.optional() }),
  z.object({ kind: z.literal('sureal'), studyId: Id, dimension: Target.optional() }),
  z.object({ kind: z.literal('estimates'), studyId: Id, dimension: Target.optional(), format }),
  z.object({ kind: z.literal('comparison'), studyId: Id, dimension: Target.optional(), format }),
  z.object({ kind: z.literal('screening'), studyId: Id, dimension: Target.optional(), format }),
  z.object({ kind: z.literal('pairs'), studyId: Id, format }),
  z.object({ kind: z.literal('pairScores'), studyId: Id, dimension: Target.optional(), format }),
  z.object({ kind: z.literal('results'), studyId: Id }),
  z.object({ kind: z.literal('design'), studyId: Id }),
]);
export type ExportRequest = z.infer<typeof ExportRequest>;

/** Exports whose numbers are worked out first, off the engine's thread. */
export const computedExports = ['estimates', 'comparison', 'screening', 'pairScores'] as const;
export type ComputedExport = Extract<ExportRequest, { kind: (typeof computedExports)[number] }>;
export type ExportRequestInput = z.input<typeof ExportRequest>;

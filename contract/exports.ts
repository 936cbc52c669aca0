/** Exports: tables that load in other people's tools. */
import { z } from 'zod';
import { Id } from './common.ts';
import { PackId } from './targets.ts';

/**
 * `mos`: AGIQA-3K's columns; `votes`: raw votes in long form; `scores`: one row a file; `challenge`: the lines `name,score` that NTIRE's
 * quality challenge takes, in the order of the prompt list that was imported last (`info_test.xlsx`).
 */
export const ExportRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('mos'), mosSetId: Id }),
  z.object({ kind: z.literal('votes'), studyId: Id }),
  z.object({
    kind: z.literal('scores'),
    packId: PackId.default('classic'),
    /** Only files below this folder. */
    folder: z.string().optional(),
  }),
  z.object({ kind: z.literal('challenge'), packId: PackId }),
]);
export type ExportRequest = z.infer<typeof ExportRequest>;
export type ExportRequestInput = z.input<typeof ExportRequest>;

/** Exports: tables that load in other people's tools. */
import { z } from 'zod';
import { Id } from './common.ts';
import { PackId } from './targets.ts';

/** `mos`: AGIQA-3K's columns; `votes`: raw votes in long form; `scores`: one row a file. */
export const ExportRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('mos'), mosSetId: Id }),
  z.object({ kind: z.literal('votes'), studyId: Id }),
  z.object({
    kind: z.literal('scores'),
    packId: PackId.default('classic'),
    /** Only files below this folder. */
    folder: z.string().optional(),
  }),
]);
export type ExportRequest = z.infer<typeof ExportRequest>;
export type ExportRequestInput = z.input<typeof ExportRequest>;

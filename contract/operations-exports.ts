/** The operations that take images and what is known of them out of the library. */
import { z } from 'zod';
import { Id, Name } from './common.ts';
import {
  ExportColumn,
  ExportFormat,
  ExportOptions,
  ExportPreset,
  ExportPreview,
  ImageExport,
  ImageTable,
} from './export-images.ts';
import { SidecarExport } from './export-sidecars.ts';
import { Job } from './jobs.ts';
import { ask, read, write } from './operation.ts';
import { PackId } from './targets.ts';

export const exportOperations = {
  options: read('/exports', 'Columns that can be exported, and sets of them')
    .input(z.object({ packId: PackId.optional(), mosSetId: Id.optional() }))
    .output(ExportOptions),
  preview: ask('/exports/preview', 'The first rows of an export').input(ImageTable).output(ExportPreview),
  start: write('/exports', 'Write images’ names, prompts, scores, MOS … as a table or a data set')
    .input(ImageExport)
    .output(Job),
  sidecars: write('/exports/sidecars', 'Write scores and MOS into XMP sidecars beside the images')
    .input(SidecarExport)
    .output(Job),
  savePreset: write('/exports/presets', 'Save a set of columns under a name; one of that name is replaced')
    .input(z.object({ title: Name, format: ExportFormat, columns: z.array(ExportColumn).min(1).max(300) }))
    .output(z.array(ExportPreset)),
  forgetPreset: write('/exports/presets/forget', 'Forget a saved set of columns')
    .input(z.object({ title: Name }))
    .output(z.array(ExportPreset)),
};

/** What is chosen in the export dialog, kept in this browser from one export to the next. */
import { z } from 'zod';
import { ExportColumn, ExportFormat, ImagePlacing, MetadataFormat } from '../../../contract/export-images.ts';

/** What can be made: tables, a data set, sidecars, and lines that are not of the dialog's images. */
export const DialogFormat = z.enum([...ExportFormat.options, 'xmp', 'challenge']);
export type DialogFormat = z.infer<typeof DialogFormat>;

export const ExportDraft = z.object({
  format: DialogFormat,
  presetId: z.string(),
  /** Null: those of the preset, whatever they are with another pack or MOS set. */
  columns: z.array(ExportColumn).nullable(),
  rows: z.enum(['images', 'files']),
  images: ImagePlacing,
  metadata: MetadataFormat,
  place: z.enum(['download', 'folder']),
  /** The folder of the last export. */
  folder: z.string().nullable(),
});
export type ExportDraft = z.infer<typeof ExportDraft>;

export const firstDraft: ExportDraft = {
  ...{ format: 'xlsx', presetId: 'overview', columns: null, rows: 'images' },
  ...{ images: 'copy', metadata: 'jsonl', place: 'download', folder: null },
};

/** What was stored, as this version understands it. */
export function readDraft(text: string | undefined): ExportDraft {
  try {
    return ExportDraft.safeParse(JSON.parse(text ?? '')).data ?? firstDraft;
  } catch {
    return firstDraft;
  }
}

/** A file's or folder's name with the ending of its format; an ending that is one of another format goes. */
export function nameFor(format: DialogFormat, name: string): string {
  const stem = name.replace(/\.(csv|xlsx|jsonl|parquet)$/i, '');
  return format === 'folder' ? stem : `${stem}.${format === 'challenge' ? 'txt' : format}`;
}

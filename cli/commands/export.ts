/** `sfiqa export`: tables and data sets out. */
import { extname, resolve } from 'node:path';
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { StudioError } from '../../contract/errors.ts';
import {
  ExportColumn,
  ExportFormat,
  type ImageChoice,
  type ImageExportInput,
  ImagePlacing,
  type ImageTableInput,
  MetadataFormat,
} from '../../contract/export-images.ts';
import { type ExportRequestInput, TableFormat } from '../../contract/exports.ts';
import { ImageQuery } from '../../contract/images.ts';
import { followJob } from '../follow-job.ts';
import { withLibrary } from '../library-session.ts';
import type { LibrarySession } from '../open-session.ts';
import { addLibraryOption, parseId, parseList, parseScale } from '../options.ts';
import { exportSidecars, type SidecarOptions, sidecarNaming } from './export-sidecars.ts';

interface ExportOptions extends SidecarOptions {
  library?: string;
  out: string;
  format?: ExportFormat;
  study?: number;
  dimension?: string;
  folder?: string;
  query?: string;
  columns?: ExportColumn[];
  preset?: string;
  rows: 'images' | 'files';
  images: ImagePlacing;
  metadata: MetadataFormat;
}

const exportKinds = [
  'images',
  'xmp',
  'mos',
  'votes',
  'matrix',
  'p910',
  'sureal',
  'estimates',
  'comparison',
  'screening',
  'pairs',
  'pairScores',
  'results',
  'design',
  'scores',
  'challenge',
] as const;
type ExportKind = (typeof exportKinds)[number];

/** Adds the command; `sfiqa export --help` is its description. */
export function addExportCommand(program: Command): void {
  addLibraryOption(program.command('export'))
    .description(
      'write a table, or a data set of images (the format follows the ending of --out); xmp: sidecars beside the images',
    )
    .addArgument(new Argument('<what>', 'what is written').choices(exportKinds))
    .option('--out <path>', 'where to (“-”: standard output)', '-')
    .addOption(
      new Option('--format <format>', 'how (p910, sureal, results and design have their own)').choices(
        ExportFormat.options,
      ),
    )
    .option(
      '--mos <id>',
      'MOS set (default: the newest; images, xmp: the one that the library shows; see mos-sets)',
      parseId,
    )
    .option(
      '--study <id>',
      'study (default: the newest; see studies); images, xmp: those of this study',
      parseId,
    )
    .option('--dimension <key>', 'of tables of one dimension (default: the study’s first)')
    .option('--pack <id>', 'model of the scores (default: classic; images: the one that the library shows)')
    .option('--folder <folder>', 'scores of files below this folder only')
    .option('--query <query>', 'images, xmp: those that it finds, e.g. "mos:>4 flag:pick" (default: all)')
    .option('--preset <id>', 'images: a set of columns: overview, agiqa-3k, pandas, dataset, or a saved one')
    .option(
      '--columns <list>',
      'images: columns, e.g. name,prompt,score:quality,mos:quality=quality_mos',
      parseColumns,
    )
    .addOption(
      new Option('--rows <what>', 'images: one row an image or a file')
        .choices(['images', 'files'])
        .default('images'),
    )
    .addOption(
      new Option('--images <how>', 'images in a folder are copied or linked')
        .choices(ImagePlacing.options)
        .default('copy'),
    )
    .addOption(
      new Option('--metadata <format>', 'of a folder').choices(MetadataFormat.options).default('jsonl'),
    )
    .addOption(sidecarNaming)
    .option('--rating <dimension>', 'xmp: make its MOS the stars of other programs, from 1 to 5')
    .option('--rating-scale <low:high>', 'xmp: of that MOS, where the studio does not know it', parseScale)
    .action((what: ExportKind, options: ExportOptions) =>
      withLibrary(options, async (session) => {
        if (what === 'images') await exportImages(session, options);
        else if (what === 'xmp') await exportSidecars(session, choiceOf(options), options);
        else await exportTable(session, what, options);
      }),
    );
}

function parseColumns(text: string): ExportColumn[] {
  return parseList(text).map((part) => {
    const [, key, name] = /^(.*?)(?:=(.*))?$/s.exec(part) ?? [];
    const column = ExportColumn.safeParse({ key, ...(name === undefined ? {} : { name }) });
    if (column.success) return column.data;
    throw new InvalidArgumentError(`“${part}” is not a column: ${column.error.issues[0]?.message}`);
  });
}

/** What was said, else what the ending says, else what standard output takes. */
function formatOf({ format, out }: ExportOptions): ExportFormat {
  if (format !== undefined) return format;
  if (out === '-') return 'csv';
  const ending = TableFormat.safeParse(extname(out).slice(1).toLowerCase());
  if (ending.success) return ending.data;
  return extname(out) === '' ? 'folder' : 'csv';
}

async function exportImages(session: LibrarySession, options: ExportOptions): Promise<void> {
  const { client, studio } = session;
  const format = formatOf(options);
  const { packId, mosSetId } = { packId: options.pack, mosSetId: options.mos };
  const table: ImageTableInput = {
    choice: choiceOf(options),
    columns: options.columns ?? (await columnsOfPreset(session, options, format)),
    rows: options.rows,
    ...(packId === undefined ? {} : { packId }),
    ...(mosSetId === undefined ? {} : { mosSetId }),
  };
  if (options.out === '-') {
    const { printImageTable } = await import('../write-table.ts');
    return await printImageTable(studio, table, format);
  }
  const order: ImageExportInput = {
    ...table,
    format,
    images: options.images,
    metadata: options.metadata,
    destination: resolve(options.out),
    overwrite: true,
  };
  const { summary } = await followJob(session, await client.exports.start(order));
  for (const { message, count } of summary.reasons ?? []) console.error(`${count} × ${message}`);
  for (const note of summary.notes ?? []) console.error(note);
  console.error(`Written: ${summary.path} (${summary.rows} rows)`);
}

function choiceOf({ study, query }: ExportOptions): ImageChoice {
  if (study !== undefined && query !== undefined) {
    throw new StudioError('badInput', 'Say either --study or --query, not both.');
  }
  if (study !== undefined) return { kind: 'study', studyId: study };
  return { kind: 'query', query: ImageQuery.parse(query === undefined ? {} : { filter: { query } }) };
}

/** @throws StudioError `badInput` for a preset that does not exist */
async function columnsOfPreset(
  { client }: LibrarySession,
  { preset }: ExportOptions,
  format: ExportFormat,
): Promise<ExportColumn[]> {
  const { presets } = await client.exports.options({});
  const id = preset ?? (format === 'folder' ? 'dataset' : 'overview');
  const found = presets.find((one) => one.id === id || one.title === id);
  if (found !== undefined) return found.columns;
  const known = presets.map((one) => (one.isOwn ? one.title : one.id)).join(', ');
  throw new StudioError('badInput', `There is no set of columns “${id}” (there are ${known}).`);
}

async function exportTable(
  { client, studio }: LibrarySession,
  what: Exclude<ExportKind, 'images' | 'xmp'>,
  options: ExportOptions,
): Promise<void> {
  const format = TableFormat.safeParse(formatOf(options)).data ?? 'csv';
  async function write(request: ExportRequestInput): Promise<void> {
    const { writeTable } = await import('../write-table.ts');
    await writeTable(studio, request, options.out);
  }
  switch (what) {
    case 'mos': {
      const mosSetId = options.mos ?? (await client.mos.sets())[0]?.id;
      if (mosSetId === undefined) throw new StudioError('notFound', 'This library has no MOS set yet.');
      return await write({ kind: 'mos', mosSetId, format });
    }
    case 'votes':
    case 'estimates':
    case 'comparison':
    case 'screening':
    case 'pairs':
    case 'pairScores':
    case 'results':
    case 'design':
    case 'matrix':
    case 'p910':
    case 'sureal': {
      const studyId = options.study ?? (await client.studies.list())[0]?.id;
      if (studyId === undefined) throw new StudioError('notFound', 'This library has no study yet.');
      return await write({ kind: what, studyId, dimension: options.dimension, format });
    }
    case 'scores': {
      const folder = options.folder === undefined ? {} : { folder: resolve(options.folder) };
      return await write({ kind: 'scores', packId: options.pack ?? 'classic', format, ...folder });
    }
    case 'challenge':
      return await write({ kind: 'challenge', packId: options.pack ?? 'classic' });
  }
}

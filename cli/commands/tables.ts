/** `sfiqa import`, `import-mos`, `import-scores`, `import-prompts`, `mos-sets` and `studies`: tables in, and what there is. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { StudioError } from '../../contract/errors.ts';
import {
  MosMapping,
  type MosSet,
  type ScaleEnds,
  type TableSource,
  TextEncoding,
} from '../../contract/mos.ts';
import { finishJob, followSimilarity } from '../follow-job.ts';
import { withLibrary } from '../library-session.ts';
import type { LibrarySession } from '../open-session.ts';
import { addLibraryOption, parseScale } from '../options.ts';
import { formatTable } from '../print-table.ts';
import { describeScales } from './mos-scale.ts';

interface LibraryOption {
  library?: string;
}

export function addTableCommands(program: Command): void {
  addLibraryOption(program.command('import-mos <table>'))
    .description('import a table of MOS (CSV, XLSX, JSON, JSONL, Parquet); names are matched to files')
    .option('--name <name>', 'name of the MOS set (default: the file’s)')
    .option('--mapping <file>', 'JSON that says which column is what, where the layout is not a known one')
    .option('--scale <low:high>', 'lowest and highest value of the scale it was rated on', parseScale)
    .option('--lower-is-better', 'the lowest value is the best: means are turned round on their scale')
    .option('--leave-out-twins', 'of rows with one picture only the first counts, instead of none at all')
    .addOption(
      new Option('--encoding <name>', 'of the text (default: found out)').choices(TextEncoding.options),
    )
    .option('--sheet <name>', 'of a workbook (default: the first with rows below its header)')
    .action((table: string, options: ImportMosOptions) =>
      withLibrary(options, (session) => importMos(session, table, options)),
    );
  addLibraryOption(program.command('import-scores <table>'))
    .description('take in the scores of other metrics for images of the library: every column of numbers')
    .option('--skip-unknown', 'pass over names that no image has, instead of refusing the table')
    .option('--leave-out-twins', 'of rows with one picture only the first counts, instead of none at all')
    .action((table: string, options: ImportScoresOptions) =>
      withLibrary(options, (session) => importScores(session, table, options)),
    );
  addLibraryOption(program.command('import <dataset>'))
    .description('take in a public data set (a folder or a file of it), recognised by its files')
    .option('--preview', 'say what it holds, and take nothing in')
    .option('--name <name>', 'name of the MOS set (default: the data set’s)')
    .option(
      '--scale <low:high>',
      'its lowest and highest value, where its authors do not say them',
      parseScale,
    )
    .option('--no-score', 'do not score the images of the folder first')
    .option('--pack <id>', 'the model they are scored with', 'classic')
    .action((path: string, options: ImportOptions) =>
      withLibrary(options, (session) => importDataset(session, resolve(path), options)),
    );
  addLibraryOption(program.command('import-prompts <list>'))
    .description('take prompts from a CSV or XLSX list with the columns name and prompt')
    .action((list: string, options: LibraryOption) =>
      withLibrary(options, async (session) => {
        const taken = await session.client.library.importPrompts({ source: { path: resolve(list) } });
        console.log(`${taken.matched} of ${taken.rows} names found.`);
        for (const name of taken.unmatched) console.error(`not found: ${name}`);
        await followSimilarity(session);
      }),
    );
  addLibraryOption(program.command('mos-sets'))
    .description('list MOS sets, of studies and imported')
    .action((options: LibraryOption) => withLibrary(options, listMosSets));
  addLibraryOption(program.command('studies'))
    .description('list studies')
    .action((options: LibraryOption) => withLibrary(options, listStudies));
}

interface ImportMosOptions extends LibraryOption {
  name?: string;
  mapping?: string;
  scale?: ScaleEnds;
  lowerIsBetter?: true;
  leaveOutTwins?: true;
  encoding?: TextEncoding;
  sheet?: string;
}

interface ImportScoresOptions extends LibraryOption {
  skipUnknown?: true;
  leaveOutTwins?: true;
}

interface ImportOptions extends LibraryOption {
  preview?: true;
  name?: string;
  scale?: ScaleEnds;
  score: boolean;
  pack: string;
}

async function importDataset(session: LibrarySession, path: string, options: ImportOptions): Promise<void> {
  const { client } = session;
  const found = await client.mos.previewDataset({ path });
  console.log(`${found.title}: ${found.method}.`);
  console.log(`${found.images} images (${found.knownImages} in the library), ${found.prompts} prompts.`);
  if (found.generators.length > 0) console.log(`Generators: ${found.generators.join(', ')}.`);
  for (const { dimension, images, low, high } of found.dimensions) {
    console.log(`${dimension}: ${images} means${low === null ? '' : ` from ${low} to ${high}`}.`);
  }
  if (found.scale !== null) console.log(`On a scale of ${found.scale.join(' to ')}.`);
  if (options.preview) return;
  if (options.score && statSync(path).isDirectory()) {
    await finishJob(session, await client.library.score({ folder: path, packId: options.pack }));
  }
  const { name, scale } = options;
  const said = { ...(name === undefined ? {} : { name }), ...(scale === undefined ? {} : { scale }) };
  reportSet(await client.mos.importDataset({ path, ...said }));
  await followSimilarity(session);
}

async function importMos(session: LibrarySession, table: string, options: ImportMosOptions): Promise<void> {
  const { encoding, sheet } = options;
  const source = {
    path: resolve(table),
    ...(encoding === undefined ? {} : { encoding }),
    ...(sheet === undefined ? {} : { sheet }),
  };
  const mapping = await findMapping(session, source, options);
  const set = await session.client.mos.import({
    source,
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(mapping === undefined ? {} : { mapping }),
    twins: options.leaveOutTwins ? 'leaveOut' : 'refuse',
  });
  reportSet(set);
  await followSimilarity(session);
}

/** The mapping that was given, else the studio's own, with the scale that was said for all of its dimensions; undefined where nothing was. */
async function findMapping(
  { client }: LibrarySession,
  source: TableSource,
  { mapping: file, scale, lowerIsBetter }: ImportMosOptions,
): Promise<MosMapping | undefined> {
  const given = file === undefined ? undefined : readMapping(file);
  if (scale === undefined && lowerIsBetter === undefined) return given;
  const mapping = given ?? (await client.mos.preview({ source })).suggested;
  if (mapping === null) return undefined;
  const said = { ...(scale && { scale }), ...(lowerIsBetter && { lowerIsBetter }) };
  return { ...mapping, mos: mapping.mos.map((one) => ({ ...one, ...said })) };
}

async function importScores(
  { client }: LibrarySession,
  table: string,
  options: ImportScoresOptions,
): Promise<void> {
  const { columns, images, unknown, leftOut } = await client.agreement.importColumns({
    source: { path: resolve(table) },
    skipsUnknown: options.skipUnknown === true,
    twins: options.leaveOutTwins ? 'leaveOut' : 'refuse',
  });
  console.log(`${columns.join(', ')}: scores of ${images} images.`);
  if (unknown > 0) console.log(`Passed over: ${unknown} rows whose names no image has.`);
  if (leftOut > 0) console.log(`Left out: ${leftOut} rows whose pictures stand in earlier rows.`);
}

function reportSet({ id, name, images, withFiles, dimensions, leftOutRows }: MosSet): void {
  console.log(
    `MOS set ${id} “${name}”: ${images} images (${withFiles} of them with files here), ${dimensions.join(', ')}.`,
  );
  if (leftOutRows > 0) console.log(`Left out: ${leftOutRows} rows whose pictures stand in earlier rows.`);
}

function readMapping(path: string): MosMapping {
  try {
    return MosMapping.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError('badInput', `${path} is not a mapping of columns: ${reason}`, { path });
  }
}

async function listMosSets({ client }: LibrarySession): Promise<void> {
  const rows = (await client.mos.sets()).map((set) => [
    String(set.id),
    set.name,
    set.kind,
    describeScales(set),
    String(set.images),
    String(set.withFiles),
  ]);
  console.log(formatTable(['id', 'name', 'kind', 'dimensions and scales', 'images', 'with files'], rows));
}

async function listStudies({ client }: LibrarySession): Promise<void> {
  const rows = (await client.studies.list()).map((study) => [
    String(study.id),
    study.name,
    study.design.dimensions.map(({ key }) => key).join(', '),
    String(study.stimuli),
    String(study.raters),
    String(study.votes),
    String(study.mosSetId),
  ]);
  console.log(formatTable(['id', 'name', 'dimensions', 'images', 'raters', 'votes', 'MOS set'], rows));
}

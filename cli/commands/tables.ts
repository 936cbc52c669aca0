/** `sfiqa import-mos`, `import-prompts`, `mos-sets`, `studies` and `export`: tables in and out. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Argument, type Command } from 'commander';
import { StudioError } from '../../contract/errors.ts';
import { MosMapping } from '../../contract/mos.ts';
import { followSimilarity } from '../follow-job.ts';
import { type LibrarySession, withLibrary } from '../library-session.ts';
import { addLibraryOption, parseId } from '../options.ts';
import { formatTable } from '../print-table.ts';
import { writeTable } from '../write-table.ts';

interface LibraryOption {
  library?: string;
}

export function addTableCommands(program: Command): void {
  addLibraryOption(program.command('import-mos <table>'))
    .description('import a CSV or XLSX table of MOS; names are matched to files')
    .option('--name <name>', 'name of the MOS set (default: the file’s)')
    .option('--mapping <file>', 'JSON that says which column is what, where the layout is not a known one')
    .action((table: string, options: LibraryOption & { name?: string; mapping?: string }) =>
      withLibrary(options, (session) => importMos(session, table, options)),
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
  addExportCommand(program);
}

interface ExportOptions extends LibraryOption {
  out: string;
  mos?: number;
  study?: number;
  dimension?: string;
  pack: string;
  folder?: string;
}

const exportKinds = [
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

function addExportCommand(program: Command): void {
  addLibraryOption(program.command('export'))
    .description('write a table as CSV, or JSON for sureal and results')
    .addArgument(new Argument('<what>', 'which table').choices(exportKinds))
    .option('--out <file>', 'where to (“-”: standard output)', '-')
    .option('--mos <id>', 'MOS set (default: the newest; see mos-sets)', parseId)
    .option('--study <id>', 'study (default: the newest; see studies)', parseId)
    .option('--dimension <key>', 'of tables of one dimension (default: the study’s first)')
    .option('--pack <id>', 'model of the scores', 'classic')
    .option('--folder <folder>', 'scores of files below this folder only')
    .action((what: ExportKind, options: ExportOptions) =>
      withLibrary(options, (session) => exportTable(session, what, options)),
    );
}

async function importMos(
  session: LibrarySession,
  table: string,
  options: { name?: string; mapping?: string },
): Promise<void> {
  const set = await session.client.mos.import({
    source: { path: resolve(table) },
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.mapping === undefined ? {} : { mapping: readMapping(options.mapping) }),
  });
  const withFiles = `${set.withFiles} of them with files here`;
  console.log(
    `MOS set ${set.id} “${set.name}”: ${set.images} images (${withFiles}), ${set.dimensions.join(', ')}.`,
  );
  await followSimilarity(session);
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
    set.dimensions.join(', '),
    String(set.images),
    String(set.withFiles),
  ]);
  console.log(formatTable(['id', 'name', 'kind', 'dimensions', 'images', 'with files'], rows));
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

async function exportTable(
  { client, studio }: LibrarySession,
  what: ExportKind,
  options: ExportOptions,
): Promise<void> {
  switch (what) {
    case 'mos': {
      const mosSetId = options.mos ?? (await client.mos.sets())[0]?.id;
      if (mosSetId === undefined) throw new StudioError('notFound', 'This library has no MOS set yet.');
      return await writeTable(studio, { kind: 'mos', mosSetId }, options.out);
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
      const { dimension } = options;
      return await writeTable(studio, { kind: what, studyId, dimension }, options.out);
    }
    case 'scores': {
      const folder = options.folder === undefined ? {} : { folder: resolve(options.folder) };
      return await writeTable(studio, { kind: 'scores', packId: options.pack, ...folder }, options.out);
    }
    case 'challenge':
      return await writeTable(studio, { kind: 'challenge', packId: options.pack }, options.out);
  }
}

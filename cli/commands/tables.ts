/** `sfiqa import-mos`, `import-prompts`, `mos-sets` and `studies`: tables in, and what there is. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { StudioError } from '../../contract/errors.ts';
import { MosMapping } from '../../contract/mos.ts';
import { followSimilarity } from '../follow-job.ts';
import { type LibrarySession, withLibrary } from '../library-session.ts';
import { addLibraryOption } from '../options.ts';
import { formatTable } from '../print-table.ts';

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

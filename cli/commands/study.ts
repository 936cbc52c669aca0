/** `sfiqa study …`: raters are invited, studies go to other machines and come back, raw votes of other tools are taken in. */
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { Target } from '../../contract/targets.ts';
import { followJob } from '../follow-job.ts';
import { withLibrary } from '../library-session.ts';
import type { LibrarySession } from '../open-session.ts';
import { addLibraryOption, parseId } from '../options.ts';
import { formatTable } from '../print-table.ts';

interface LibraryOption {
  library?: string;
}

export function addSubjectiveCommands(program: Command): void {
  const study = program
    .command('study')
    .description('raters, packs for other machines, votes of other tools');
  addInvite(study);
  addPackCommands(study);
  addLibraryOption(study.command('import <votes>'))
    .description('take raw votes in as a study: long table, rater matrix, P.910 numbers, JSON of sureal')
    .option('--name <name>', 'name of the study (default: the file’s)')
    .option('--dimension <key>', 'what the votes are on, where the table does not say it', parseDimension)
    .action((votes: string, options: LibraryOption & { name?: string; dimension?: string }) =>
      withLibrary(options, (session) => importVotes(session, votes, options)),
    );
  addLibraryOption(study.command('methods').argument('<study>', 'its id (see `studies`)', parseId))
    .description('print a paragraph and a table for a paper')
    .action((studyId: number, options: LibraryOption) =>
      withLibrary(options, async ({ client }) => {
        const { paragraph, table } = await client.studies.methods({ studyId });
        console.log(`${paragraph}\n\n${table}`);
      }),
    );
  addLibraryOption(study.command('check').argument('<study>', 'its id (see `studies`)', parseId))
    .description('what ITU-T P.910 and ITU-R BT.500 ask, met or not')
    .action((studyId: number, options: LibraryOption) =>
      withLibrary(options, async ({ client }) => {
        const { sentence, items } = await client.studies.checklist({ studyId });
        console.log(sentence);
        for (const { state, title, sentence: found } of items) {
          console.log(`  ${marks[state]} ${title}: ${found}`);
        }
      }),
    );
}

const marks = { met: '✓', notMet: '✗', notApplicable: '–' } as const;

function addInvite(study: Command): void {
  addLibraryOption(study.command('invite').argument('<study>', 'its id (see `studies`)', parseId))
    .description('print join codes: one for everybody, or one for each rater named')
    .option('--rater <name...>', 'a rater who gets a code of their own')
    .option('--days <number>', 'how long codes are valid', parseId, 14)
    .action((studyId: number, options: LibraryOption & { rater?: string[]; days: number }) =>
      withLibrary(options, async ({ client }) => {
        const order = { studyId, raterNames: options.rater ?? [], validDays: options.days };
        const made = await client.studies.invite(order);
        const rows = made.map(({ raterName, code, path }) => [raterName ?? '(everybody)', code, path]);
        console.log(formatTable(['rater', 'code', 'page'], rows));
        console.error('Raters join at these pages of the addresses that `sfiqa serve --lan` prints.');
      }),
    );
}

function addPackCommands(study: Command): void {
  addLibraryOption(
    study
      .command('pack')
      .argument('<study>', 'its id (see `studies`)', parseId)
      .argument('<path>', 'a file that ends in .sfiqa-study or .zip, or a folder'),
  )
    .description('put a study with its images into one file or a folder, to be rated on another machine')
    .requiredOption('--rater <name...>', 'who rates there')
    .action((studyId: number, path: string, options: LibraryOption & { rater: string[] }) =>
      withLibrary(options, async (session) => {
        const order = { studyId, path: resolve(path), raterNames: options.rater };
        const { summary } = await followJob(session, await session.client.studies.exportPack(order));
        console.log(`${summary.rows ?? 0} images and the design are in ${order.path}.`);
      }),
    );
  addLibraryOption(study.command('take-in <pack>'))
    .description('take a study pack in, a file or a folder, to rate it in this library')
    .action((path: string, options: LibraryOption) =>
      withLibrary(options, async (session) => {
        const job = await session.client.studies.importPack({ path: resolve(path) });
        const { summary } = await followJob(session, job);
        console.log(`Study ${summary.studyId}: ${summary.rows ?? 0} images.`);
      }),
    );
  addLibraryOption(study.command('merge <results...>'))
    .description(
      'take in what was rated on other machines (`export results` there); any order, any number of times',
    )
    .action((files: string[], options: LibraryOption) =>
      withLibrary(options, async ({ client }) => {
        for (const file of files) {
          const { votes, known, contentHash } = await client.studies.merge({
            source: { path: resolve(file) },
          });
          console.log(`${file}: ${votes} new votes, ${known} known. Content ${contentHash.slice(0, 16)}`);
        }
      }),
    );
}

function parseDimension(text: string): string {
  const dimension = Target.safeParse(text);
  if (!dimension.success) throw new InvalidArgumentError('It must be a word such as quality.');
  return dimension.data;
}

async function importVotes(
  session: LibrarySession,
  votes: string,
  { name, dimension }: { name?: string; dimension?: string },
): Promise<void> {
  const { client } = session;
  const job = await client.studies.importVotes({
    source: { path: resolve(votes) },
    ...(name === undefined ? {} : { name }),
    ...(dimension === undefined ? {} : { dimension }),
  });
  const { summary } = await followJob(session, job);
  const study = (await client.studies.list()).find(({ id }) => id === summary.studyId)!;
  console.log(
    `Study ${study.id} “${study.name}”: ${study.votes} votes of ${study.raters} raters on ${study.stimuli} images, MOS set ${study.mosSetId}.`,
  );
}

/** `sfiqa score`: scores a folder, then writes the scores of its files where `--out` says. */
import { resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { describeComputed, describeStoredBy } from '../../contract/computed-words.ts';
import type { JobSummary } from '../../contract/jobs.ts';
import type { Provider } from '../../contract/pack.ts';
import { exitCodes } from '../exit-codes.ts';
import { followJob, followSimilarity } from '../follow-job.ts';
import { withLibrary } from '../library-session.ts';
import type { LibrarySession } from '../open-session.ts';
import { addLibraryOption, parseProviders } from '../options.ts';
import { describeDuration } from '../progress-line.ts';

interface ScoreOptions {
  library?: string;
  out?: string;
  recursive: boolean;
  prompts?: string;
  pack: string;
  provider?: Provider[];
  again?: true;
  plan?: true;
}

export function addScoreCommand(program: Command): void {
  addLibraryOption(program.command('score <folder>'))
    .description('score the images of a folder; run again, it goes on with what is not yet done')
    .option('--out <file>', 'write the scores of the folder as CSV (“-”: standard output)')
    .option('--recursive', 'take sub-folders, too (the default)', true)
    .option('--no-recursive', 'leave sub-folders out')
    .option('--prompts <list>', 'take prompts from a CSV or XLSX list with the columns name and prompt')
    .option('--pack <id>', 'the model (see models list)', 'classic')
    .option(
      '--provider <names>',
      'where networks run, in this order, e.g. cuda,cpu (default: automatic)',
      parseProviders,
    )
    .option('--again', 'compute again what another runtime, provider or precision has computed')
    .option('--plan', 'only say what it would compute with, and what was computed otherwise')
    .action((folder: string, options: ScoreOptions) =>
      withLibrary(options, (session) =>
        options.plan ? plan(session, options) : score(session, folder, options),
      ),
    );
}

async function score(session: LibrarySession, folder: string, options: ScoreOptions): Promise<void> {
  const { client, studio } = session;
  const path = resolve(folder);
  const startedAt = Date.now();
  const order = {
    folder: path,
    recursive: options.recursive,
    packId: options.pack,
    again: options.again ?? false,
    ...(options.provider === undefined ? {} : { providers: options.provider }),
  };
  const { wasStopped, summary } = await followJob(session, await client.library.score(order));
  console.error(describeSummary(summary, Date.now() - startedAt));
  if (wasStopped) {
    console.error('Stopped. Run the same command again to go on.');
    process.exitCode = exitCodes.stopped;
    return;
  }
  if (options.prompts !== undefined) await takePrompts(session, options.prompts);
  if (options.out !== undefined) {
    const { writeTable } = await import('../write-table.ts');
    await writeTable(studio, { kind: 'scores', packId: options.pack, folder: path }, options.out);
  }
  if ((summary.failed ?? 0) > 0) {
    await listFailures(session, path);
    process.exitCode = exitCodes.someFilesFailed;
  }
}

/** Network numbers depend a little on what computes them: those of another runtime or provider are told of before they are mixed. */
async function plan({ client }: LibrarySession, { pack, provider }: ScoreOptions): Promise<void> {
  const { uses, others } = await client.packs.planRun({ id: pack, providers: provider });
  if (uses === null) return console.log(`“${pack}” has no networks: it computes the same everywhere.`);
  const [wished = uses.provider] = provider ?? [];
  const instead = wished === uses.provider ? '' : `; ${wished} cannot be used here, sfiqa doctor says why`;
  console.log(`It would compute with ${describeComputed(uses)}${instead}.`);
  if (others.length === 0) return console.log('Nothing that is stored was computed otherwise.');
  console.log('Computed otherwise, and kept unless --again computes it again:');
  for (const stored of others) console.log(`  ${describeStoredBy(stored)}`);
}

/** E.g. `280 scored, 12 skipped (done before), 8 failed in 15 s`, with a line a reason. */
function describeSummary(summary: JobSummary, durationMs: number): string {
  const { scored = 0, skipped = 0, failed = 0, missing = 0 } = summary;
  const lost = missing === 0 ? '' : `, ${missing} missing (no longer there)`;
  const head = `${scored} scored, ${skipped} skipped (done before), ${failed} failed${lost} in ${describeDuration(durationMs)}`;
  const reasons = (summary.reasons ?? []).map(({ code, count }) => `  ${count} × ${code}`);
  return [head, ...reasons, ...(summary.notes ?? [])].join('\n');
}

/** Each failed file of the folder with its reason. */
async function listFailures({ client }: LibrarySession, folder: string): Promise<void> {
  for (const { path, message } of await client.library.failures()) {
    if (path.startsWith(folder + sep) || folder === sep)
      console.error(`${path.replaceAll(/\p{Cc}/gu, '?')}: ${message}`);
  }
}

async function takePrompts(session: LibrarySession, list: string): Promise<void> {
  const { client } = session;
  const { rows, matched, unmatched } = await client.library.importPrompts({
    source: { path: resolve(list) },
  });
  console.error(`Prompts: ${matched} of ${rows} names found.`);
  if (unmatched.length > 0)
    console.error(`  not found: ${unmatched.slice(0, 5).join(', ')}${unmatched.length > 5 ? ', …' : ''}`);
  await followSimilarity(session);
}

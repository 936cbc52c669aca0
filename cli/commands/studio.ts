/** `sfiqa serve`, `doctor` and `version`: the studio itself. */
import type { Command } from 'commander';
import type { DoctorReport } from '../../contract/doctor.ts';
import { resolveLibraryFolder } from '../../core/library-folder.ts';
import { studioVersion } from '../../core/version.ts';
import { exitCodes } from '../exit-codes.ts';
import { withLibrary } from '../library-session.ts';
import { addLibraryOption, parsePort } from '../options.ts';

interface ServeOptions {
  library?: string;
  port?: number;
  host?: string;
  lan?: true;
  open: boolean;
}

export function addStudioCommands(program: Command): void {
  addLibraryOption(program.command('serve').alias('studio'))
    .description('open the studio in a browser (web door) until Ctrl-C')
    .option('--port <number>', 'this port or none (default: the first free one from 7430)', parsePort)
    .option('--host <address>', 'address to listen on (default: this machine only)')
    .option('--lan', 'let raters on this network join; prints the link')
    .option('--no-open', 'do not start a browser')
    .action(async ({ library, port, open, ...address }: ServeOptions) => {
      const { hostOf, serveUntilStopped } = await import('../../web/serve.ts');
      await serveUntilStopped({
        libraryFolder: resolveLibraryFolder(library),
        ...(port === undefined ? {} : { port }),
        ...hostOf(address),
        opensBrowser: open,
      });
    });
  addLibraryOption(program.command('doctor'))
    .description('what runs here, with which versions, and why something is not usable')
    .option('--json', 'as JSON')
    .action((options: { library?: string; json?: true }) =>
      withLibrary(options, async ({ client }) => {
        const report = await client.doctor.report();
        console.log(options.json ? JSON.stringify(report, null, 2) : formatReport(report));
        if (hasProblem(report)) process.exitCode = exitCodes.failed;
      }),
    );
  program
    .command('version')
    .description('print the version')
    .action(() => console.log(studioVersion));
}

const marks = { ok: '✓', note: '–', problem: '✗' } as const;

function formatReport({ sections }: DoctorReport): string {
  return sections
    .map(({ title, lines }) => {
      const width = Math.max(...lines.map(({ name }) => name.length));
      const shown = lines.map(({ name, state, value, advice }) => {
        const main = `  ${marks[state]} ${name.padEnd(width)}  ${value}`;
        return advice === null ? main : `${main}\n      ${advice}`;
      });
      return [title, ...shown].join('\n');
    })
    .join('\n\n');
}

function hasProblem({ sections }: DoctorReport): boolean {
  return sections.some(({ lines }) => lines.some(({ state }) => state === 'problem'));
}

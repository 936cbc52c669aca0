/** `sfiqa backup`, `backups`, `restore`, `relink` and `take-out`: keeping a library. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { StudioError } from '../../contract/errors.ts';
import { resolveLibraryFolder } from '../../core/library-folder.ts';
import { finishJob } from '../follow-job.ts';
import { withLibrary } from '../library-session.ts';
import { addLibraryOption } from '../options.ts';

interface LibraryOptions {
  library?: string;
}

export function addKeepCommands(program: Command): void {
  addLibraryOption(program.command('backup'))
    .description('make a backup of the database (one a day is made by itself)')
    .action((options: LibraryOptions) =>
      withLibrary(options, async ({ client }) => console.log((await client.library.backUp()).name)),
    );
  addLibraryOption(program.command('backups'))
    .description('list the backups, the newest first')
    .action(async ({ library }: LibraryOptions) => {
      const { listBackups } = await import('../../core/backup-folder.ts');
      for (const { name, sizeBytes } of listBackups(resolveLibraryFolder(library))) {
        console.log(`${name}  ${(sizeBytes / 1e6).toFixed(1)} MB`);
      }
    });
  addLibraryOption(program.command('restore [backup]'))
    .description('go back to a backup: a name of the list, a path, or the newest whole one')
    .action(async (backup: string | undefined, { library }: LibraryOptions) => {
      const { restoreLibrary } = await import('../../core/restore.ts');
      const { from, replaced } = restoreLibrary(resolveLibraryFolder(library), backup, Date.now);
      console.log(`Restored from ${from}.`);
      if (replaced !== null) console.log(`What it replaced is kept as ${replaced}.`);
    });
  addLibraryOption(program.command('relink <from> <to>'))
    .description('say where folders lie now that moved to another disk or machine')
    .action((from: string, to: string, options: LibraryOptions) =>
      withLibrary(options, async ({ client }) => {
        for (const root of (await client.library.relink({ from, to })).roots) {
          console.log(
            `${root.from} → ${root.to} (${root.found} of ${root.looked} files looked for are there)`,
          );
        }
      }),
    );
  addLibraryOption(program.command('take-out <folder>'))
    .description('take a folder out of the library: files stay on disk, and their images come back with them')
    .action((folder: string, options: LibraryOptions) =>
      withLibrary(options, async (session) => {
        const { library } = session.client;
        const root = (await library.roots()).find(({ path }) => path === resolve(folder));
        if (root === undefined)
          throw new StudioError('notFound', `${resolve(folder)} is no folder of this library.`);
        const { images, elsewhere } = await library.planTakeOut({ id: root.id });
        await finishJob(session, await library.takeOut({ id: root.id }));
        console.log(`Images not shown any more: ${images}. In another folder, too, and shown: ${elsewhere}.`);
      }),
    );
}

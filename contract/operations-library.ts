/** The operations that keep a library: backups, restoring, relinking. */
import { z } from 'zod';
import { Backup, Backups, Relink, Relinked } from './keep.ts';
import { read, write } from './operation.ts';

export const keepOperations = {
  backups: read('/library/backups', 'Backups of the database, the newest first').output(Backups),
  backUp: write('/library/backups', 'Make a backup of the database now, while the studio goes on').output(
    Backup,
  ),
  restore: write(
    '/library/restore',
    'Go back to a backup when the library is next opened; null takes that back',
  )
    .input(z.object({ name: z.string().max(200).nullable() }))
    .output(Backups),
  relink: write('/library/relink', 'Say where folders lie now that moved to another disk or machine')
    .input(Relink)
    .output(Relinked),
};

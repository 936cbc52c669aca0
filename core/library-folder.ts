/** Where the library lies when nobody says: the folder of `SFIQA_LIBRARY`, or the place the system keeps a program's data. */
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';

/** The library folder: `given`, else `SFIQA_LIBRARY`, else `library` in the user's data folder of the studio. */
export function resolveLibraryFolder(given?: string): string {
  const named = given ?? process.env['SFIQA_LIBRARY'];
  if (named !== undefined && named !== '') return resolve(named);
  return join(envPaths('sf-iqa-studio', { suffix: '' }).data, 'library');
}

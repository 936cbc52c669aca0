/** Starts the web door by itself: `node web/main.ts [--library <folder>] [--port <number>] [--host <address>] [--lan] [--no-open]`. */
import { parseArgs } from 'node:util';
import { toStudioError } from '../contract/errors.ts';
import { resolveLibraryFolder } from '../core/library-folder.ts';
import { hostOf, serveUntilStopped } from './serve.ts';

try {
  const { values } = parseArgs({
    options: {
      library: { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string' },
      lan: { type: 'boolean', default: false },
      open: { type: 'boolean', default: true },
    },
    allowNegative: true,
  });
  await serveUntilStopped({
    libraryFolder: resolveLibraryFolder(values.library),
    ...(values.port === undefined ? {} : { port: Number(values.port) }),
    ...hostOf(values),
    opensBrowser: values.open,
  });
} catch (error) {
  console.error(toStudioError(error).message);
  process.exitCode = 1;
}

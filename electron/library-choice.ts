/** Which library folder the window opens: `--library <folder>`, else the one chosen last, else the usual place. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { app } from 'electron';
import { z } from 'zod';
import { resolveLibraryFolder } from '../core/library-folder.ts';

const Remembered = z.object({ library: z.string().min(1) });

export class LibraryChoice {
  readonly #file = join(app.getPath('userData'), 'window.json');
  #folder: string;

  constructor() {
    this.#folder = resolveLibraryFolder(readArgument() ?? this.#read());
  }

  get folder(): string {
    return this.#folder;
  }

  /** Opens this folder from now on. */
  remember(folder: string): void {
    this.#folder = resolve(folder);
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, JSON.stringify({ library: this.#folder } satisfies z.infer<typeof Remembered>));
  }

  #read(): string | undefined {
    // An explicit environment variable is meant for this start, as on the command line.
    if (process.env['SFIQA_LIBRARY'] !== undefined) return undefined;
    try {
      return Remembered.parse(JSON.parse(readFileSync(this.#file, 'utf8'))).library;
    } catch {
      return undefined;
    }
  }
}

/** Other switches are Chromium's own. */
function readArgument(): string | undefined {
  const { values } = parseArgs({
    args: process.argv.slice(1),
    options: { library: { type: 'string' } },
    strict: false,
  });
  return typeof values.library === 'string' ? values.library : undefined;
}

/** A folder in the place of Electron's own, so that a package can be assembled and looked at without fetching Electron. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The mark that the fuses follow in Electron's binary, then version 1, the number of fuses, and one character a fuse. */
const fuseMark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const fuseCount = 9;

/** Makes a runtime for Linux whose `electron` holds nothing but the fuses, all as Electron ships them: on or off, never absent. */
export function makeStandInRuntime(folder: string, version: string): string {
  mkdirSync(join(folder, 'resources'), { recursive: true });
  mkdirSync(join(folder, 'locales'), { recursive: true });
  const wire = Buffer.concat([
    Buffer.from(`stand-in ${fuseMark}`),
    Buffer.from([1, fuseCount]),
    Buffer.from('101100010'.slice(0, fuseCount)),
    Buffer.from(' end of stand-in'),
  ]);
  writeFileSync(join(folder, 'electron'), wire, { mode: 0o755 });
  writeFileSync(join(folder, 'chrome-sandbox'), '', { mode: 0o755 });
  writeFileSync(join(folder, 'version'), version);
  writeFileSync(join(folder, 'LICENSE'), '');
  writeFileSync(join(folder, 'LICENSES.chromium.html'), '');
  writeFileSync(join(folder, 'locales/en-US.pak'), '');
  return folder;
}

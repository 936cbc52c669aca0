/** A folder for one test file, gone after it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** @param parent where it is made, for tests of other disks */
export function makeTempFolder(parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, 'sfiqa-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

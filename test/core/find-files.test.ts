/** A walk over a folder gives every file a path of its own, whatever bytes their names are of. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findImageFiles } from '../../core/find-files.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

test.skipIf(process.platform !== 'linux')(
  'a name that is not UTF-8 and the name that it would be shown by lie side by side',
  async () => {
    const folder = makeTempFolder();
    const at = (...parts: string[]) => Buffer.from(join(folder, ...parts), 'latin1');
    for (const name of ['d\xff', 'd%FF']) mkdirSync(at(name));
    const paths = [['a\xff.png'], ['a%FF.png'], ['b\xe9.png'], ['d\xff', 'c.png'], ['d%FF', 'c.png']];
    for (const parts of paths) writeFileSync(at(...parts), 'x');
    const names: string[] = [];
    for await (const found of findImageFiles({ folder, recursive: true }))
      if ('file' in found) names.push(found.file.path);
    expect(names.sort()).toEqual(['a%%FF.png', 'a%FF.png', 'b%E9.png', 'd%%FF/c.png', 'd%FF/c.png']);
  },
);

import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../core/make-folder.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const folder = makeTempFolder();

test('makes a folder and those above it; one that is there stays', () => {
  const deep = join(folder, 'a', 'b', 'c');
  makeFolder(deep);
  writeFileSync(join(deep, 'kept'), '');
  makeFolder(deep);
  expect(statSync(join(deep, 'kept')).isFile()).toBe(true);
});

test('a file in the way is told of', () => {
  writeFileSync(join(folder, 'file'), '');
  for (const path of [join(folder, 'file'), join(folder, 'file', 'below')]) {
    expect(() => makeFolder(path)).toThrowError(/^The folder .*file.* cannot be made: /);
  }
});

test.skipIf(!existsSync('/proc/self'))('where the system takes no folders, it says so and returns', () => {
  expect(() => makeFolder('/proc/x/y')).toThrowError(
    /^The folder \/proc\/x\/y cannot be made: .*Choose another place/,
  );
});

/** Names of an export's columns: each its own, the studio's own before those that were imported. */
import { expect, test } from 'vitest';
import { findTwice, nameApart, nameBeside } from '../../contract/column-names.ts';

const own = (usual: string) => ({ key: `own-${usual}`, usual });
const imported = (usual: string) => ({ key: `attribute:${usual}`, usual });
const namesOf = (...columns: Parameters<typeof nameApart>[0][number][]) =>
  nameApart(columns).map(({ name }) => name);

test('an imported column gives way to one of the studio’s own, wherever the two stand', () => {
  expect(namesOf(imported('mos_quality'), own('mos_quality'))).toEqual([
    'imported_mos_quality',
    'mos_quality',
  ]);
});

test('an imported column whose name nobody has keeps it', () => {
  expect(namesOf(own('name'), imported('aesthetic'))).toEqual(['name', 'aesthetic']);
});

test('an imported column that is called so already keeps its name: the other is counted', () => {
  expect(namesOf(imported('votes'), own('votes'), imported('imported_votes'))).toEqual([
    'imported_votes_2',
    'votes',
    'imported_votes',
  ]);
});

test('names that differ by spaces around them alone are one name to those who read the file', () => {
  expect(namesOf(own('votes'), imported('votes '))).toEqual(['votes', 'imported_votes ']);
});

test('two of the studio’s own under one name are counted', () => {
  expect(
    nameApart([
      { key: 'signal:niqe', usual: 'niqe' },
      { key: 'score:niqe', usual: 'niqe' },
    ]),
  ).toEqual([
    { key: 'signal:niqe', name: 'niqe' },
    { key: 'score:niqe', name: 'niqe_2' },
  ]);
});

test('a name that a person gave stays, also where an imported column is called so', () => {
  expect(namesOf({ ...own('prompt'), name: 'style' }, imported('style'))).toEqual([
    'style',
    'imported_style',
  ]);
});

test('a name that two columns have is found, also where spaces around it are all that differs', () => {
  expect(findTwice(['votes', 'Votes', 'prompt'])).toBeUndefined();
  expect(findTwice(['votes', 'prompt', ' votes'])).toBe(' votes');
});

test('a name beside others is counted where one of them is the same', () => {
  expect(nameBeside('mos_align', ['name'])).toBe('mos_align');
  expect(nameBeside('mos_align', ['mos_align ', 'mos_align_2'])).toBe('mos_align_3');
});

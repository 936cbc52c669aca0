/** What the dialog says of a folder that the library has something of. */
import { expect, test } from 'vitest';
import { describeKnown } from '../../../../renderer/screens/library/known-folder.ts';

const roots = [
  { path: '/pics', recursive: true },
  { path: '/top', recursive: false },
];

test('a folder of the library, one inside one, one around some, and one that is new', () => {
  const describe = (path: string, recursive = true) => describeKnown({ path, recursive }, roots);
  expect(describe('/pics')).toContain('is in the library');
  expect(describe('/pics/2024')).toContain('part of /pics');
  expect(describe('/')).toContain('2 folders of the library lie inside');
  expect(describeKnown({ path: '/pics', recursive: true }, [{ path: '/pics/a', recursive: true }])).toMatch(
    /^\/pics\/a, a folder/,
  );
  expect(describe('/top')).toContain('is in the library');
  expect(describe('/top', false)).toContain('is in the library');
  expect(describe('/top/deep')).toBeNull();
  expect(describe('/else')).toBeNull();
});

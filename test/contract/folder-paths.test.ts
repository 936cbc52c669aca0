/** Whether folders lie inside each other, by their paths. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isCovered, restBelow } from '../../contract/folder-paths.ts';

describe('What lies below a folder', () => {
  test('is found by whole names, on Windows whatever the case and the slashes', () => {
    expect(restBelow('/a/b/c', '/a/')).toEqual(['b', 'c']);
    expect(restBelow('/a/b', '/a/b')).toEqual([]);
    expect(restBelow('/a/bc', '/a/b')).toBeNull();
    expect(restBelow('/a', '/a/b')).toBeNull();
    expect(restBelow('D:\\Pics\\run 1', 'd:/pics')).toEqual(['run 1']);
  });

  test('is what was put below it', () => {
    const names = fc.array(fc.stringMatching(/^[\w .-]+$/), { maxLength: 4 });
    fc.assert(
      fc.property(names, names, (above, below) => {
        expect(restBelow(`/${[...above, ...below].join('/')}`, `/${above.join('/')}`)).toEqual(below);
      }),
    );
  });
});

describe('A folder is covered', () => {
  const pics = { path: '/pics', recursive: true };
  const top = { path: '/pics', recursive: false };

  test('by one around it that is looked through with all inside, and by itself', () => {
    expect(isCovered({ path: '/pics/a', recursive: true }, pics)).toBe(true);
    expect(isCovered(top, pics)).toBe(true);
    expect(isCovered(top, top)).toBe(true);
  });

  test('neither by one that is less deep, nor from above, nor where hidden folders are between', () => {
    expect(isCovered(pics, top)).toBe(false);
    expect(isCovered({ path: '/pics/a', recursive: false }, top)).toBe(false);
    expect(isCovered(pics, { path: '/pics/a', recursive: true })).toBe(false);
    expect(isCovered({ path: '/pics/.kept/a', recursive: true }, pics)).toBe(false);
  });
});

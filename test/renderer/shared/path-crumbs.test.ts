import { describe, expect, test } from 'vitest';
import { crumbsOf, joinPath } from '../../../renderer/shared/path-crumbs.ts';

describe('A path as the folders it leads through', () => {
  test('on Linux and macOS', () => {
    expect(crumbsOf('/home/ana/out')).toEqual([
      { name: '/', path: '/' },
      { name: 'home', path: '/home' },
      { name: 'ana', path: '/home/ana' },
      { name: 'out', path: '/home/ana/out' },
    ]);
    expect(crumbsOf('/')).toEqual([{ name: '/', path: '/' }]);
  });

  test('on Windows, where a drive keeps its backslash', () => {
    expect(crumbsOf('C:\\ComfyUI\\output')).toEqual([
      { name: 'C:', path: 'C:\\' },
      { name: 'ComfyUI', path: 'C:\\ComfyUI' },
      { name: 'output', path: 'C:\\ComfyUI\\output' },
    ]);
  });
});

describe('A name in a folder', () => {
  test('is joined as the folder’s system writes paths', () => {
    expect(joinPath('/home/ana', 'out')).toBe('/home/ana/out');
    expect(joinPath('/', 'out')).toBe('/out');
    expect(joinPath('C:\\ComfyUI', 'out')).toBe('C:\\ComfyUI\\out');
    expect(joinPath('C:\\', 'out')).toBe('C:\\out');
    expect(joinPath('\\\\server\\share', 'out')).toBe('\\\\server\\share\\out');
  });
});

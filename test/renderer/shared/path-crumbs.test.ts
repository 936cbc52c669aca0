import { describe, expect, test } from 'vitest';
import { crumbsOf } from '../../../renderer/shared/path-crumbs.ts';

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

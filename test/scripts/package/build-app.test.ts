import { describe, expect, test } from 'vitest';
import { stripTypes } from '../../../scripts/package/build-app.ts';

describe('the program as JavaScript', () => {
  test('imports, re-exports, dynamic imports and file URLs lead to .js; every line stays where it was', () => {
    const source = [
      "import { a, type B } from './a.ts';",
      "import type { C } from '../c.ts';",
      "export { d } from './d.ts';",
      "const e = await import('./e.ts');",
      "const f = new URL('./f.ts', import.meta.url);",
      'export function g(one: B, two?: C): string {',
      '  return a(one, two);',
      '}',
    ].join('\n');
    const lines = stripTypes('x/y.ts', source).split('\n');
    expect(lines.map((line) => line.replaceAll(/ +/g, ' ').trim())).toEqual([
      "import { a, } from './a.js';",
      '',
      "export { d } from './d.js';",
      "const e = await import('./e.js');",
      "const f = new URL('./f.js', import.meta.url);",
      'export function g(one , two ) {',
      'return a(one, two);',
      '}',
    ]);
  });

  test('other text that ends in .ts is left alone', () => {
    const source =
      "import x from 'pkg/x.ts';\nexport const text = './not-an-import.ts';\nexport const y = x;\n";
    expect(stripTypes('x.ts', source)).toBe(source);
  });

  test('plain JavaScript keeps every byte but its imports', () => {
    expect(stripTypes('main.js', "/** Why. */\nimport './door.ts';\n")).toBe(
      "/** Why. */\nimport './door.js';\n",
    );
  });

  test('a file that does not parse is named', () => {
    expect(() => stripTypes('broken.js', 'const = 1;')).toThrow('broken.js');
  });
});

/**
 * Writes the program as plain JavaScript to `dist/app`, the tree that packages carry: Node refuses to strip types inside a package,
 * so they are stripped here. Every file keeps its place and its line numbers.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Node, parseSync } from 'oxc-parser';

const project = fileURLToPath(new URL('../../', import.meta.url));
const folders = ['contract', 'db', 'native-models', 'core', 'electron'];

/** TypeScript as JavaScript that imports `.js` where the source imports `.ts`. @throws Error where the source does not parse */
export function stripTypes(path: string, source: string): string {
  const code = path.endsWith('.ts') ? stripTypeScriptTypes(source) : source;
  const { program, errors } = parseSync(path.replace(/\.ts$/, '.js'), code, { sourceType: 'module' });
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`);
  const ends: number[] = [];
  visitSpecifiers(program, (literal) => {
    if (/^\.\.?\/.*\.ts$/.test(literal.value)) ends.push(literal.end);
  });
  let out = code;
  // From the back, so that earlier positions stay true: `….ts'` becomes `….js'`.
  for (const end of ends.sort((a, b) => b - a)) out = `${out.slice(0, end - 3)}js${out.slice(end - 1)}`;
  return out;
}

/** Writes `dist/app` anew; returns its path. */
export function buildApp(): string {
  const target = join(project, 'dist/app');
  rmSync(target, { recursive: true, force: true });
  for (const folder of folders) for (const path of listFiles(folder)) writeFile(target, path);
  cpSync(join(project, 'packs'), join(target, 'packs'), { recursive: true });
  mkdirSync(join(target, 'build'));
  cpSync(join(project, 'build/icon.png'), join(target, 'build/icon.png'));
  return target;
}

function listFiles(folder: string): string[] {
  return readdirSync(join(project, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !/\.(as|d)\.ts$|tsconfig\.json$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(project.length));
}

function writeFile(target: string, path: string): void {
  const to = join(target, path.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(to), { recursive: true });
  if (/\.(ts|js)$/.test(path)) {
    writeFileSync(to, stripTypes(path, readFileSync(join(project, path), 'utf8')));
  } else cpSync(join(project, path), to);
}

/** Calls `visit` with what names another file: sources of imports and exports, and `new URL('…', import.meta.url)`. */
function visitSpecifiers(value: unknown, visit: (literal: { value: string; end: number }) => void): void {
  if (Array.isArray(value)) for (const item of value) visitSpecifiers(item, visit);
  else if (typeof value === 'object' && value !== null) {
    const literal = specifierOf(value as Node);
    if (literal?.type === 'Literal' && typeof literal.value === 'string') {
      visit({ value: literal.value, end: literal.end });
    }
    for (const child of Object.values(value)) visitSpecifiers(child, visit);
  }
}

function specifierOf(node: Node): Node | null | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
      return node.source;
    case 'NewExpression':
      return node.callee.type === 'Identifier' && node.callee.name === 'URL' ? node.arguments[0] : null;
    default:
      return null;
  }
}

if (import.meta.main) console.log(buildApp());

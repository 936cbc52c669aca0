/** Executes the table of `docs/architecture.md`: who may import whom, where SQL may be, and that every file says what it is for. */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Node, parseSync } from 'oxc-parser';
import { describe, expect, test } from 'vitest';

const project = fileURLToPath(new URL('../', import.meta.url));

interface Import {
  /** A package's name, `node`, or the folder and path of a file of ours. */
  to: string;
  isType: boolean;
}
interface Source {
  path: string;
  text: string;
  imports: Import[];
  /** Every string and template text. */
  strings: string[];
}

/** What a folder may import beside itself; `types:` allows types only. */
const mayImport: Record<string, string[]> = {
  contract: ['zod', '@orpc/contract'],
  db: ['contract', 'node', 'better-sqlite3', 'kysely', 'zod'],
  'native-models': [
    'contract',
    'node',
    'sharp',
    'onnxruntime-node',
    'piscina',
    'zod',
    // Readers and writers of files.
    'cborg',
    'exifreader',
    'protobufjs',
    // CLIP's byte pairs.
    '@huggingface/tokenizers',
    'yauzl',
  ],
  core: [
    'contract',
    'db',
    'node',
    'types:native-models',
    'package.json',
    'zod',
    'piscina',
    'env-paths',
    'csv-parse',
    'csv-stringify',
    'read-excel-file',
    'hyparquet',
    'hyparquet-writer',
    'yauzl',
    'yazl',
    // Sidecars, which are XML.
    '@xmldom/xmldom',
    // The hub's client.
    '@huggingface/hub',
    // The system's trash, by the system's own means.
    'trash',
    // The system's word that files changed.
    '@parcel/watcher',
    '@orpc/server',
    '@orpc/openapi',
    '@orpc/zod',
    '@orpc/json-schema',
    'types:better-sqlite3',
  ],
  web: ['contract', 'core', 'node', 'zod', '@hono/node-server', 'open', 'types:native-models'],
  cli: [
    ...['contract', 'core', 'node', 'zod', 'commander', '@orpc/server', 'web', 'types:native-models'],
    // Which node the command goes on in is known to the scripts.
    'scripts/own-node.js',
  ],
  electron: ['contract', 'core', 'node', 'zod', 'electron', 'types:native-models'],
  renderer: ['contract', 'ui', 'zod'],
};

const uiLibraries =
  /^(react|react-dom|wouter|echarts|@mantine\/.+|@tabler\/.+|@tanstack\/.+|@orpc\/(client|contract|tanstack-query)|@fontsource.*|uqr|diff)$/;
const serverFolders = ['contract', 'db', 'native-models', 'core', 'web', 'cli', 'electron'];

function listFiles(folder: string): string[] {
  return readdirSync(project + folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|js|cjs)$/.test(entry.name))
    .map((entry) => `${entry.parentPath.slice(project.length)}/${entry.name}`)
    .filter((path) => !path.endsWith('.as.ts') && !path.endsWith('.d.ts'));
}

/** `node:fs` → node, `kysely/x` → kysely, `../db/lock.ts` → db/lock.ts. */
function nameTarget(specifier: string, from: string): string {
  if (specifier.startsWith('.')) return posix.normalize(posix.join(dirname(from), specifier));
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return 'node';
  const [scope, name] = specifier.split('/');
  return specifier.startsWith('@') ? `${scope}/${name}` : scope!;
}

function readSource(path: string): Source {
  const text = readFileSync(project + path, 'utf8');
  const { program, module, errors } = parseSync(path, text, {
    sourceType: path.endsWith('.cjs') ? 'commonjs' : 'module',
  });
  expect(errors, `${path} does not parse`).toEqual([]);
  const imports: Import[] = [];
  const strings: string[] = [];
  function add(specifier: string, isType: boolean): void {
    imports.push({ to: nameTarget(specifier, path), isType });
  }
  for (const { moduleRequest, entries } of module.staticImports) {
    add(moduleRequest.value, entries.length > 0 && entries.every((entry) => entry.isType));
  }
  for (const { entries } of module.staticExports) {
    for (const entry of entries)
      if (entry.moduleRequest !== null) add(entry.moduleRequest.value, entry.isType);
  }
  walk(program, (node) => {
    switch (node.type) {
      case 'ImportExpression':
        add(node.source.type === 'Literal' ? String(node.source.value) : '(computed)', false);
        break;
      case 'TSImportType':
        add(node.source.value, true);
        break;
      case 'CallExpression': {
        const [first] = node.arguments;
        const isRequire = node.callee.type === 'Identifier' && node.callee.name === 'require';
        if (isRequire && first?.type === 'Literal') add(String(first.value), false);
        break;
      }
      case 'Literal':
        if (typeof node.value === 'string') strings.push(node.value);
        break;
      case 'TemplateElement':
        strings.push(node.value.raw);
        break;
      default:
        break;
    }
  });
  return { path, text, imports, strings };
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (typeof value === 'object' && value !== null) {
    if ('type' in value && typeof value.type === 'string') visit(value as Node);
    for (const child of Object.values(value)) walk(child, visit);
  }
}

function isAllowed(folder: string, { to, isType }: Import): boolean {
  const top = to.split('/')[0]!;
  if (top === folder) return true;
  const allowed = mayImport[folder]!;
  if (allowed.includes(to) || allowed.includes(top)) return true;
  if (isType && (allowed.includes(`types:${to}`) || allowed.includes(`types:${top}`))) return true;
  return allowed.includes('ui') && (uiLibraries.test(to) || to.endsWith('.css'));
}

const files = [...serverFolders, 'renderer'].flatMap(listFiles);
const sources = files.map(readSource);

function offences(find: (source: Source) => string[]): string[] {
  return sources.flatMap((source) => find(source).map((what) => `${source.path}: ${what}`));
}

describe('layers', () => {
  test('the test sees the whole program', () => {
    expect(files.length).toBeGreaterThan(150);
    for (const folder of [...serverFolders, 'renderer']) {
      expect(files.filter((path) => path.startsWith(`${folder}/`)).length, folder).toBeGreaterThan(3);
    }
    const imports = sources.flatMap((source) => source.imports);
    expect(imports.length).toBeGreaterThan(500);
    expect(imports.some(({ to, isType }) => isType && to.startsWith('native-models/'))).toBe(true);
    expect(imports.some(({ to }) => to === 'electron')).toBe(true);
  });

  test('a layer imports only what the table allows', () => {
    const found = offences(({ path, imports }) => {
      const folder = path.split('/')[0]!;
      const isBuildFile = path.endsWith('vite.config.ts');
      return imports
        .filter((one) => !isBuildFile && !isAllowed(folder, one))
        .map(({ to, isType }) => `imports ${isType ? 'types of ' : ''}${to}`);
    });
    expect(found).toEqual([]);
  });

  test('core takes nothing but message types from the models process', () => {
    const taken = offences(({ path, imports }) =>
      path.startsWith('core/')
        ? imports
            .map(({ to }) => to)
            .filter((to) => to.startsWith('native-models/') && to !== 'native-models/messages.ts')
        : [],
    );
    expect(taken).toEqual([]);
  });

  test('arithmetic reads and writes nothing', () => {
    const reading = /node:(fs|child_process|net|http)|better-sqlite3/;
    const found = sources
      // What holds a kernel reads it, and nothing else.
      .filter(({ path, text }) => path.startsWith('core/maths/') && !text.includes("new URL('./kernels/"))
      .filter(({ text }) => reading.test(text))
      .map(({ path }) => path);
    expect(found).toEqual([]);
  });

  test('only electron/ imports electron', () => {
    const found = offences(({ path, imports }) =>
      path.startsWith('electron/') ? [] : imports.map(({ to }) => to).filter((to) => to === 'electron'),
    );
    expect(found).toEqual([]);
    const scripts = listFiles('scripts').map(readSource);
    expect(
      scripts.filter(({ imports }) => imports.some(({ to }) => to === 'electron')).map(({ path }) => path),
    ).toEqual([]);
  });

  test('SQL is in db/ only', () => {
    const sql =
      /\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX|TRIGGER)|PRAGMA\s+\w+)\b/s;
    const found = offences(({ path, strings }) =>
      path.startsWith('db/') ? [] : strings.filter((text) => sql.test(text)).map((text) => text.slice(0, 60)),
    );
    expect(found).toEqual([]);
    const inDb = sources.filter(
      ({ path, strings }) => path.startsWith('db/') && strings.some((text) => sql.test(text)),
    );
    expect(inDb.length, 'the pattern knows SQL when it sees it').toBeGreaterThan(3);
  });

  test('every file opens with a sentence that says what it is for', () => {
    const opening = /^(#!.*\n)?\/\*\*\s+(\* )?\S.{10,}?[.:;`].*?\*\//s;
    expect(offences(({ text }) => (opening.test(text) ? [] : ['opens without its sentence']))).toEqual([]);
  });
});

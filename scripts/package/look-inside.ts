/** Looks at an assembled package: which files are packed, which lie unpacked, and which imports lead nowhere. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseSync } from 'oxc-parser';

/** Every file below a folder, relative, with `/`. */
export function listTree(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
}

/** Bytes below a folder. */
export function measureTree(folder: string): number {
  return listTree(folder).reduce((sum, path) => sum + statSync(join(folder, path)).size, 0);
}

/** Magic numbers of compiled code that Linux does not run: Windows (MZ) and macOS (Mach-O, thin and fat). */
const foreignMagic = /^(4d5a|cffaedfe|cefaedfe|feedfacf|feedface|cafebabe)/;

/** Compiled files that are not Linux's, or not of this processor. */
export function findForeignBinaries(folder: string): string[] {
  const machine = process.arch === 'arm64' ? 0xb7 : 0x3e;
  return listTree(folder).filter((path) => {
    const head = readFileSync(join(folder, path)).subarray(0, 20);
    if (head.subarray(0, 4).toString('latin1') === '\x7fELF') return head.readUInt16LE(18) !== machine;
    return foreignMagic.test(head.toString('hex')) && /\.(node|dll|exe|dylib)$/.test(path);
  });
}

/**
 * Follows every import from the entry files and gives those that lead nowhere inside `folder`.
 *
 * Imports of packages are looked up as node does, but not followed: a package's own files are the package's business, and running
 * the engine (`run-packaged-engine.ts`) shows whether they are there.
 */
export function findBrokenImports(folder: string, entries: string[]): { seen: number; broken: string[] } {
  const broken: string[] = [];
  const seen = new Set<string>();
  const waiting = entries.map((entry) => join(folder, entry));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    if (!existsSync(path)) broken.push(path.slice(folder.length + 1));
    else if (/\.c?js$/.test(path)) {
      for (const specifier of readSpecifiers(path)) {
        if (specifier.startsWith('.')) waiting.push(fileURLToPath(new URL(specifier, pathToFileURL(path))));
        else if (!canResolve(specifier, path, folder)) {
          broken.push(`${path.slice(folder.length + 1)} → ${specifier}`);
        }
      }
    }
  }
  return { seen: seen.size, broken };
}

function readSpecifiers(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  const { module } = parseSync(path, text, { sourceType: path.endsWith('.cjs') ? 'commonjs' : 'module' });
  const dynamic = module.dynamicImports.map(({ moduleRequest }) =>
    text.slice(moduleRequest.start + 1, moduleRequest.end - 1),
  );
  const urls = [...text.matchAll(/new URL\(\s*'(\.[^']+\.(?:js|cjs|wasm|json|png))'/g)].map(
    (match) => match[1]!,
  );
  const required = path.endsWith('.cjs')
    ? [...text.matchAll(/require\('([^']+)'\)/g)].map((match) => match[1]!)
    : [];
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap((entry) => entry.moduleRequest?.value ?? []),
    ),
    ...dynamic,
    ...urls,
    ...required,
  ];
}

function canResolve(specifier: string, from: string, folder: string): boolean {
  if (isBuiltin(specifier) || specifier === 'electron') return true;
  const parts = specifier.split('/');
  const name = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!;
  const places = createRequire(from).resolve.paths(specifier) ?? [];
  return places.some((place) => place.startsWith(folder) && existsSync(join(place, name)));
}

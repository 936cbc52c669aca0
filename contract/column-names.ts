/** What the columns of an export are called: each by a name of its own, whatever was imported. */
import type { ExportColumn } from './export-images.ts';

/** A column with the name that it has where nobody gives it one. */
type NamedColumn = ExportColumn & { usual: string };

/**
 * The columns with their names, which are the given or else the usual ones. Imported columns give way: where such a column's name is taken by
 * another one, it is called `imported_…`. What is taken even then is counted: `…_2`, `…_3`. Names that a person gave are as given, so two of
 * them, or one of them and a usual name of the studio's own, can still be the same.
 */
export function nameApart(columns: readonly NamedColumn[]): { key: string; name: string }[] {
  const taken = new Set<string>();
  const isFree = (name: string) => !taken.has(bare(name));
  const names = new Map<string, string>();
  const call = ({ key }: NamedColumn, name: string) => {
    names.set(key, name);
    taken.add(bare(name));
  };
  const usual = columns.filter(({ name }) => name === undefined);
  const own = usual.filter(({ key }) => !isImported(key));
  for (const column of own) call(column, firstFree(column.usual, isFree));
  for (const column of columns) if (column.name !== undefined) call(column, column.name);
  const imported = usual.filter(({ key }) => isImported(key));
  for (const column of imported) if (isFree(column.usual)) call(column, column.usual);
  for (const column of imported) {
    if (!names.has(column.key)) call(column, firstFree(`imported_${column.usual}`, isFree));
  }
  return columns.map(({ key }) => ({ key, name: names.get(key)! }));
}

/** The first name that an earlier column has as well, whatever the spaces around it; undefined where each has its own. */
export function findTwice(names: readonly string[]): string | undefined {
  return names.find((name, at) => names.findIndex((other) => bare(other) === bare(name)) < at);
}

/** The name, or counted where it is one of those that are taken: `…_2`, `…_3`. */
export function nameBeside(name: string, taken: readonly string[]): string {
  const known = new Set(taken.map(bare));
  return firstFree(name, (one) => !known.has(bare(one)));
}

/** As people compare names: spaces around one are not seen. */
function bare(name: string): string {
  return name.trim();
}

function isImported(key: string): boolean {
  return key.startsWith('attribute:');
}

function firstFree(name: string, isFree: (name: string) => boolean): string {
  if (isFree(name)) return name;
  let at = 2;
  while (!isFree(`${name}_${at}`)) at += 1;
  return `${name}_${at}`;
}

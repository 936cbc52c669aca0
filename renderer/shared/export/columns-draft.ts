/** The columns of an export while they are chosen: pure functions over them in their order. */
import type { ColumnInfo, ExportColumn } from '../../../contract/export-images.ts';

/** The columns with one more at the end, or without it. */
export function toggleColumn(columns: readonly ExportColumn[], key: string): ExportColumn[] {
  return columns.some((column) => column.key === key)
    ? columns.filter((column) => column.key !== key)
    : [...columns, { key }];
}

/** With all of these, the new ones at the end; or without any of them. */
export function setColumns(
  columns: readonly ExportColumn[],
  keys: readonly string[],
  isWanted: boolean,
): ExportColumn[] {
  if (!isWanted) return columns.filter(({ key }) => !keys.includes(key));
  const known = new Set(columns.map(({ key }) => key));
  return [...columns, ...keys.filter((key) => !known.has(key)).map((key) => ({ key }))];
}

/** One column `by` places further down; the first and the last stay where they are. */
export function moveColumn(columns: readonly ExportColumn[], key: string, by: number): ExportColumn[] {
  const from = columns.findIndex((column) => column.key === key);
  const to = Math.min(columns.length - 1, Math.max(0, from + by));
  if (from === -1 || from === to) return [...columns];
  const moved = columns.toSpliced(from, 1);
  return moved.toSpliced(to, 0, columns[from]!);
}

/** A column under a name of one's own; its usual one where that is empty. */
export function renameColumn(columns: readonly ExportColumn[], key: string, name: string): ExportColumn[] {
  return columns.map((column) =>
    column.key === key ? { key, ...(name.trim() === '' ? {} : { name }) } : column,
  );
}

/** Columns that can be chosen and match what was typed, by label, name or group, in their groups. */
export function findColumns(all: readonly ColumnInfo[], text: string): [group: string, ColumnInfo[]][] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = all.filter(({ label, name, group }) => {
    const told = `${label} ${name} ${group}`.toLowerCase();
    return words.every((word) => told.includes(word));
  });
  return [...Map.groupBy(matching, ({ group }) => group)];
}

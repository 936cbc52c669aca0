/** The shapes in which programs write a table as one JSON value, pandas' `orient`s among them, as one object a row. */
import { z } from 'zod';

const Row = z.record(z.string(), z.unknown());
type Row = z.infer<typeof Row>;
const Rows = z.array(Row);
const Cells = z.array(z.unknown());
const Names = z.array(z.string());

/** The rows of a value, or null where it is no table that is known; a plain object is one row. */
export function rowsOf(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return fromLists(value) ?? value;
  const fields = Row.safeParse(value).data;
  if (fields === undefined) return null;
  return fromSplit(fields) ?? fromField(fields) ?? fromColumns(fields) ?? fromNamed(fields) ?? [fields];
}

/** `[["name", "mos"], ["a.png", 3]]` */
function fromLists(list: readonly unknown[]): Row[] | null {
  const [first, ...rest] = list;
  const names = Names.safeParse(first).data;
  const rows = z.array(Cells).safeParse(rest).data;
  return names === undefined || rows === undefined ? null : zip(names, rows);
}

/** `{"columns": ["name", "mos"], "data": [["a.png", 3]]}` */
function fromSplit(fields: Row): Row[] | null {
  const names = Names.safeParse(fields['columns']).data;
  const rows = z.array(Cells).safeParse(fields['data']).data;
  return names === undefined || rows === undefined ? null : zip(names, rows);
}

function zip(names: readonly string[], rows: readonly unknown[][]): Row[] {
  return rows.map((cells) => Object.fromEntries(names.map((name, at) => [name, cells[at]])));
}

/** `{"version": 1, "data": [{"name": "a.png", "mos": 3}]}`: the only list of objects. */
function fromField(fields: Row): Row[] | null {
  const lists = Object.values(fields).filter(
    (value) => Array.isArray(value) && value.length > 0 && Rows.safeParse(value).success,
  );
  return lists.length === 1 ? Rows.parse(lists[0]) : null;
}

/** `{"name": ["a.png"], "mos": [3]}`, or each column by the numbers of its rows: `{"name": {"0": "a.png"}, "mos": {"0": 3}}`. */
function fromColumns(fields: Row): Row[] | null {
  const names = Object.keys(fields);
  const lists = z.array(Cells).safeParse(Object.values(fields)).data;
  const numbered = z
    .array(z.record(z.string().regex(/^\d+$/), z.unknown()))
    .safeParse(Object.values(fields)).data;
  const length = lists?.[0]?.length ?? 0;
  if (lists !== undefined && length > 0 && lists.every((list) => list.length === length))
    return lists[0]!.map((_, at) => Object.fromEntries(names.map((name, by) => [name, lists[by]![at]])));
  const ids = Object.keys(numbered?.[0] ?? {});
  if (numbered === undefined || ids.length === 0) return null;
  return ids.map((id) => Object.fromEntries(names.map((name, by) => [name, numbered[by]![id]])));
}

/** `{"a.png": {"mos": 3}}`, or `{"a.png": 3}`. */
function fromNamed(fields: Row): Row[] | null {
  const entries = Object.entries(fields);
  if (entries.length === 0 || !entries.every(([name]) => /\.(png|jpe?g|webp|avif|tiff?|gif)$/i.test(name)))
    return null;
  return entries.map(([name, about]) => {
    const told = Row.safeParse(about).data ?? { mos: about };
    return { name, ...told };
  });
}

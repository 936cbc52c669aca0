/** Reads a table of images for a study: which images it names, what it says of them, and which lines do not fit. */
import type { LineProblem, Manifest, ManifestMapping, ReadManifest } from '../contract/study-files.ts';
import { CheckItem, type ImageLabel, type StudyItems } from '../contract/study-plan.ts';
import type { Studio } from './studio.ts';
import { locateColumns } from './tables/locate-columns.ts';
import { createNameIndex, type NameIndex } from './tables/name-index.ts';
import { plainName } from './tables/plain-name.ts';
import { readNumber } from './tables/read-number.ts';
import { type RawTable, readTable, type TableRow } from './tables/read-table.ts';
import { RowError, readEachRow } from './tables/row-problems.ts';

const previewRows = 20;

/** Words by which columns are recognised, the first that fits. */
const words: Record<keyof ManifestMapping, readonly string[]> = {
  name: ['name', 'image', 'image_name', 'filename', 'file_name', 'file', 'path', 'stimulus', 'item'],
  prompt: ['prompt', 'text', 'caption', 'text_prompt'],
  generator: ['generator', 'model', 'method', 'source_model'],
  group: ['group', 'content', 'prompt_id', 'scene', 'src'],
  reference: ['reference', 'reference_name', 'ref', 'hidden_reference'],
  role: ['role'],
  dimension: ['dimension'],
  expected: ['expected', 'gold', 'expected_value'],
  tolerance: ['tolerance'],
};

/**
 * A table of images as a study takes it. Every line that cannot be used is told; whoever creates a study from it decides.
 *
 * @throws StudioError as `readTable`; `badInput` for a column of the mapping that is not there
 */
export async function readManifest(studio: Studio, { source, mapping }: ReadManifest): Promise<Manifest> {
  const table = await readTable(source);
  const used = mapping ?? suggestManifestMapping(table.header);
  const read = used === null ? emptyRead() : readRows(table, used, createNameIndex(studio.db));
  return {
    fileName: table.fileName,
    header: table.header,
    rows: table.rows.slice(0, previewRows).map(({ cells }) => table.header.map((_, at) => cells[at] ?? '')),
    rowCount: table.rows.length,
    mapping: used,
    ...read,
  };
}

/** Null where no column looks like names. */
export function suggestManifestMapping(header: readonly string[]): ManifestMapping | null {
  const plain = header.map(plainName);
  const found = Object.entries(words).flatMap(([part, candidates]) => {
    const word = candidates.find((candidate) => plain.includes(candidate));
    return word === undefined ? [] : [[part, header[plain.indexOf(word)]!]];
  });
  const mapping: Partial<ManifestMapping> = Object.fromEntries(found);
  return mapping.name === undefined ? null : { ...mapping, name: mapping.name };
}

interface Read {
  imageIds: number[];
  labels: ImageLabel[];
  items: StudyItems;
  problems: LineProblem[];
}

function emptyRead(): Read {
  const items = { training: [], stabilising: [], gold: [], traps: [] };
  return { imageIds: [], labels: [], items, problems: [] };
}

function readRows(table: RawTable, mapping: ManifestMapping, index: NameIndex): Read {
  const at = locateColumns(table, mapping);
  const cellOf = ({ cells }: TableRow, part: keyof ManifestMapping) =>
    (cells[at.get(part) ?? -1] ?? '').trim();
  const read = emptyRead();
  const seen = new Map<number, number>();
  read.problems = readEachRow(table, (row) => {
    const imageId = findImage(index, cellOf(row, 'name'));
    const role = cellOf(row, 'role').toLowerCase();
    if (role === '' || role === 'main') {
      const before = seen.get(imageId);
      if (before !== undefined) throw new RowError(`the same image stands on line ${before} already`);
      seen.set(imageId, row.line);
      read.imageIds.push(imageId);
      const label = readLabel(imageId, (part) => cellOf(row, part), index);
      if (Object.keys(label).length > 1) read.labels.push(label);
    } else addItem(read.items, { imageId, role }, (part) => cellOf(row, part));
  });
  return read;
}

function findImage(index: NameIndex, name: string): number {
  if (name === '') throw new RowError('the name is empty');
  const ids = index.find(name);
  if (ids.length === 0) throw new RowError(`no image of the library is called “${name}”`);
  if (ids.length > 1) throw new RowError(`${ids.length} images are called “${name}”: say the folder, too`);
  return ids[0]!;
}

function readLabel(
  imageId: number,
  cell: (part: keyof ManifestMapping) => string,
  index: NameIndex,
): ImageLabel {
  const label: ImageLabel = { imageId };
  const reference = cell('reference');
  if (cell('prompt') !== '') label.prompt = cell('prompt');
  if (cell('generator') !== '') label.generator = cell('generator');
  if (cell('group') !== '') label.group = cell('group');
  if (reference !== '') {
    const referenceId = findImage(index, reference);
    // A table may name a reference as its own.
    if (referenceId !== imageId) label.referenceId = referenceId;
  }
  return label;
}

function addItem(
  items: StudyItems,
  { imageId, role }: { imageId: number; role: string },
  cell: (part: keyof ManifestMapping) => string,
): void {
  if (role === 'training' || role === 'stabilising') {
    items[role].push(imageId);
    return;
  }
  if (role !== 'gold' && role !== 'trap') throw new RowError(`“${role}” is not a role`);
  const check = CheckItem.safeParse({
    imageId,
    dimension: cell('dimension') === '' ? 'quality' : cell('dimension'),
    expected: readNumber(cell('expected')) ?? Number.NaN,
    tolerance: readNumber(cell('tolerance')) ?? 0,
  });
  if (!check.success) throw new RowError(`a ${role} item needs an expected value and a tolerance`);
  items[role === 'gold' ? 'gold' : 'traps'].push(check.data);
}

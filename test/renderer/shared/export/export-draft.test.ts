/** What the export dialog keeps, and what files are called. */
import { expect, test } from 'vitest';
import { firstDraft, nameFor, readDraft } from '../../../../renderer/shared/export/export-draft.ts';

test('what another version stored begins anew; what this one stored is read', () => {
  const draft = { ...firstDraft, format: 'parquet' as const, columns: [{ key: 'name' }] };
  expect(readDraft(JSON.stringify(draft))).toEqual(draft);
  for (const text of [undefined, '', '{', '{"format":"pdf"}']) expect(readDraft(text)).toEqual(firstDraft);
});

test('a name takes the ending of its format, a data set none', () => {
  expect(nameFor('parquet', 'best.of.csv')).toBe('best.of.parquet');
  expect(nameFor('folder', 'images.xlsx')).toBe('images');
  expect(nameFor('csv', 'images')).toBe('images.csv');
});

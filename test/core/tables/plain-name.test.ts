/** One rule for words in headers, wherever a table is understood by them. */
import { describe, expect, test } from 'vitest';
import { suggestManifestMapping } from '../../../core/read-manifest.ts';
import { suggestMapping } from '../../../core/tables/mos-layout.ts';
import { plainName } from '../../../core/tables/plain-name.ts';

test('case, spaces around a name and what parts its words make no difference', () => {
  expect([' File Name ', 'file-name', 'FILE_NAME'].map(plainName)).toEqual(Array(3).fill('file_name'));
});

describe('a header with spaces around its words, as JSON and Parquet can have them', () => {
  test('says the columns of a MOS table', () => {
    const header = [' Image Name', 'Caption ', ' MOS Visual Appeal ', 'Std-Visual Appeal '];
    expect(suggestMapping({ header, fileName: 'rated.json' }).mapping).toEqual({
      name: ' Image Name',
      prompt: 'Caption ',
      mos: [{ dimension: 'visual_appeal', mean: ' MOS Visual Appeal ', sd: 'Std-Visual Appeal ' }],
    });
  });

  test('says the columns of a study’s images', () => {
    expect(suggestManifestMapping([' file ', 'prompt'])).toMatchObject({ name: ' file ' });
  });
});

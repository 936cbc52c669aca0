/** A known data set's columns are found by whatever case and separators their words have. */
import { expect, test } from 'vitest';
import { suggestMapping } from '../../../core/tables/mos-layout.ts';

test.each([
  ['name', 'prompt', 'adj1', 'adj2', 'style', 'mos_quality', 'std_quality', 'mos_align', 'std_align'],
  ['Name', 'Prompt', 'Adj1', 'Adj2', 'Style', 'MOS quality', 'STD-quality', 'MOS  align', 'std_Align'],
])('AGIQA-3K’s: %s', (...header) => {
  const { layout, mapping } = suggestMapping({ header, fileName: 'labels.csv' });
  expect(layout).toBe('AGIQA-3K');
  expect(mapping).toMatchObject({
    name: header[0],
    mos: [
      { dimension: 'quality', mean: header[5], sd: header[6] },
      { dimension: 'alignment', mean: header[7], sd: header[8] },
    ],
  });
});

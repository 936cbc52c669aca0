/** A row that does not fit its header is named by its line at every edge that takes tables, and nothing of the table is taken in. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeWorkbook } from '../../support/make-workbook.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';

let opened: TestStudio;
beforeAll(() => {
  opened = openTestStudio();
});
afterAll(() => opened.close());

function source(text: string | Uint8Array<ArrayBuffer>, fileName = 'table.csv') {
  return { fileName, file: new Blob([text]) };
}

const columns = 'name,prompt,adj1,adj2,style,mos_quality,std_quality,mos_align,std_align';
const good = 'sd1.5_a_000.jpg,"a fox, red",,,,3.5,0.4,2.5,0.2';
const split = 'sd1.5_a_001.jpg,a fox, red, in the snow,,,,3.5,0.4,2.5,0.2';
const agiqa = [columns, good, split].join('\n');
const told = 'line 3: 11 cells, the first line names 9: is a comma inside a text without quotation marks?';

async function writeTable(name: string, text: string): Promise<string> {
  const path = join(opened.folder(name), 'data.csv');
  writeFileSync(path, text);
  return path;
}

describe('a comma in a text without quotation marks', () => {
  const votes = ['name,rater,score', 'a.png,R1,3', 'b, red.png,R1,4'].join('\n');
  test.each<[string, (text: string) => Promise<unknown>]>([
    ['looking at a MOS table', (text) => opened.client.mos.preview({ source: source(text) })],
    ['importing it', (text) => opened.client.mos.import({ source: source(text) })],
    [
      'looking at a data set',
      async (text) => opened.client.mos.previewDataset({ path: await writeTable('look', text) }),
    ],
    [
      'importing a data set',
      async (text) => opened.client.mos.importDataset({ path: await writeTable('take', text) }),
    ],
    [
      'scores of other metrics',
      (text) => opened.client.agreement.importColumns({ source: source(text), skipsUnknown: true }),
    ],
    ['a list of prompts', (text) => opened.client.library.importPrompts({ source: source(text) })],
    [
      'looking before an evaluation',
      (text) => opened.client.agreement.checkEvaluation({ protocol: 'agiqa-3k', source: source(text) }),
    ],
    [
      'an evaluation',
      (text) => opened.client.agreement.prepareEvaluation({ protocol: 'agiqa-3k', source: source(text) }),
    ],
  ])('is told by its line when %s', async (_what, take) => {
    const before = await opened.client.mos.sets();
    await expect(take(agiqa)).rejects.toMatchObject({
      code: 'badInput',
      message: expect.stringContaining(told),
    });
    expect(await opened.client.mos.sets()).toEqual(before);
    expect((await opened.client.images.query({})).ids).toEqual([]);
  });

  test('is told among the lines of votes and of a manifest', async () => {
    const reason = '4 cells, the first line names 3: is a comma inside a text without quotation marks?';
    const looked = await opened.client.studies.previewVotes({ source: source(votes), dimension: 'quality' });
    expect(looked.problems).toEqual([{ line: 3, reason }]);
    const manifest = await opened.client.studies.readManifest({ source: source(agiqa) });
    expect(manifest.problems).toContainEqual({ line: 3, reason: told.slice('line 3: '.length) });
  });

  test('is seen where the cells at the end were empty, too', async () => {
    const take = (lines: string[]) => opened.client.mos.preview({ source: source(lines.join('\n')) });
    const header = 'name,prompt,clip,mos,note';
    await expect(take([header, 'a.png,a fox, red,0.31,3.5,'])).rejects.toThrow('line 2: 6 cells');
    await expect(take([`${header},,`, 'a.png,a fox, red,0.31,3.5,x,'])).rejects.toThrow('line 2: 7 cells');
    await expect(take(['name;prompt;mos', 'a.png;fox; red;3'])).rejects.toThrow(
      'is a semicolon inside a text without quotation marks?',
    );
  });
});

describe('as spreadsheets write it', () => {
  test('a row may have empty cells beyond the header, or lack those at its end', async () => {
    const lines = ['name,mos,std,n', 'a.png,3,,,,', 'b.png, 4, 1, 12,,', 'c.png,2', 'd.png,1,0.5,9'];
    const set = await opened.client.mos.import({ source: source(lines.join('\r\n')) });
    const rows = await opened.client.mos.rows({ mosSetId: set.id });
    expect(rows.map(({ name, mean, n }) => [name, mean, n])).toEqual([
      ['a.png', 3, null],
      ['b.png', 4, 12],
      ['c.png', 2, null],
      ['d.png', 1, 9],
    ]);
  });

  test('notes beside the table of a workbook are no shifted cells', async () => {
    const workbook = makeWorkbook([
      ['name', 'mos'],
      ['a.png', 3, 'look again'],
    ]);
    const preview = await opened.client.mos.preview({ source: source(new Uint8Array(workbook), 'b.xlsx') });
    expect(preview.rowCount).toBe(1);
  });
});

describe('MOS', () => {
  test('outside the scale that a data set states, or no numbers, are told by their lines', async () => {
    const text = [
      columns,
      good,
      ...['-293', '5.2', 'good'].map((mos, at) => `sd1.5_b_${at}.jpg,x,,,,${mos},1,2,1`),
    ];
    const reasons =
      /3 of its rows need mending: line 3: mos_quality -293 lies outside the scale of 0 to 5; line 4: mos_quality 5.2 lies.*; line 5: mos_quality “good” is not a number/;
    const { mos } = opened.client;
    const path = await writeTable('off-scale', text.join('\n'));
    for (const take of [
      () => mos.import({ source: { path } }),
      () => mos.previewDataset({ path }),
      () => mos.importDataset({ path }),
    ])
      await expect(take()).rejects.toMatchObject({
        code: 'badInput',
        message: expect.stringMatching(reasons),
      });
  });

  test('of no stated scale are shown from the lowest to the highest before they are imported', async () => {
    const text = 'name,prompt,mos\na.png,fox,3.5\nb.png,hen,-293\nc.png,cow,"4,5"\nd.png,owl,\n';
    const { header, ranges } = await opened.client.mos.preview({ source: source(text) });
    expect(ranges[header.indexOf('mos')]).toEqual([-293, 4.5]);
    expect(ranges[header.indexOf('prompt')]).toBeNull();
  });
});

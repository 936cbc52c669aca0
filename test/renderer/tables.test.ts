/** Importing a MOS table through the page: looked at first, put right by hand, refused whole where it is wrong. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeScreens } from '../support/take-screens.ts';
import { findBarriers } from './support/check-access.ts';
import { type LibraryPage, openLibraryPage, scorePictures } from './support/library-page.ts';
import { giveFile, pressButton } from './support/press-button.ts';

const count = 4;
let library: LibraryPage;

beforeAll(async () => {
  library = await openLibraryPage(count);
  await scorePictures(library);
  await library.page.goto(`${library.studio.url}/tables`);
});

afterAll(async () => {
  await library?.close();
});

/** Writes a table beside the pictures and chooses it in the dialog, which the key `I` opens. */
async function choose(fileName: string, lines: string[]): Promise<void> {
  const { page, folder } = library;
  const path = join(folder, fileName);
  writeFileSync(path, `${lines.join('\n')}\n`);
  const dialog = page.getByRole('dialog', { name: 'Import a table' });
  if ((await dialog.count()) === 0) await page.keyboard.press('i');
  const button = dialog.getByRole('button', { name: 'Choose a table…' });
  await giveFile(button, path);
}

describe('Tables', () => {
  test('a known layout is recognised and imported as it is', async () => {
    const { page, painted, studio } = library;
    const header = 'name,prompt,adj1,adj2,style,mos_quality,std_quality,mos_align,std_align';
    const rows = painted.map(({ name }, at) => `${name},a prompt,,,,${at + 1}.5,0.5,${at}.25,0.4`);
    await page.getByText('None yet.').waitFor();
    await choose('known.csv', [header, ...rows, 'elsewhere.png,another,,,,3,0.2,2,0.1']);
    const summary = page.getByTestId('preview-summary');
    await expect.poll(() => summary.textContent()).toContain(`${count + 1} rows, 9 columns`);
    await expect.poll(() => summary.textContent()).toContain('layout of AGIQA-3K');
    await expect.poll(() => summary.textContent()).toContain(`${count} names are in this library already`);
    await expect
      .poll(() => page.getByTestId('mean-ranges').textContent())
      .toContain(`quality 1.50 to ${count}.50`);
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'tables-import');
    const name = page.getByLabel('Name of the MOS set');
    await name.focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('Known');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /^Known/ }).waitFor();
    const [set] = await studio.client.mos.sets();
    expect(set).toMatchObject({ name: 'Known', images: count + 1, withFiles: count, kind: 'imported' });
    expect(set!.method).toContain('AGIQA-3K');
  });

  test('columns that were not understood are said by hand', async () => {
    const { page, painted, studio } = library;
    const rows = painted.map(({ name }, at) => `${name};${at + 1};${at + 2}`);
    await choose('own.csv', ['bild;urteil;stimmen', ...rows]);
    const dialog = page.getByRole('dialog', { name: 'Import a table' });
    await dialog.getByText('Say which column holds the image names.').waitFor();
    await dialog.getByLabel('Name', { exact: true }).selectOption('bild');
    await dialog.getByText('Every dimension needs its column of means.').waitFor();
    await dialog.getByLabel('Dimension').fill('appeal');
    await dialog.getByLabel('Mean').selectOption('urteil');
    await dialog.getByLabel('N', { exact: true }).selectOption('stimmen');
    await pressButton(dialog.getByRole('button', { name: `Import ${count} rows` }));
    await page.getByRole('row', { name: /^own/ }).waitFor();
    const set = (await studio.client.mos.sets()).find(({ name }) => name === 'own')!;
    const mos = await studio.client.mos.rows({ mosSetId: set.id });
    expect(mos.map(({ dimension, mean, n }) => [dimension, mean, n]).sort()).toEqual(
      painted.map((_, at) => ['appeal', at + 1, at + 2]),
    );
  });

  test('the scale that was rated on, and that lower is better, are said beside the columns', async () => {
    const { page, painted, studio } = library;
    const rows = painted.map(({ name }, at) => `${name},${at + 1}`);
    await choose('ranks.csv', ['name,mos_rank', ...rows]);
    const dialog = page.getByRole('dialog', { name: 'Import a table' });
    const rank = dialog.getByRole('group', { name: 'rank' });
    await rank.getByRole('checkbox', { name: 'Lower is better' }).press('Space');
    await dialog.getByText('Say the lowest and highest value of rank.').waitFor();
    await rank.getByLabel('Lowest').fill('1');
    await dialog.getByText('The scale of rank needs both of its ends, or neither.').waitFor();
    await rank.getByLabel('Highest').fill('9');
    await expect
      .poll(() => page.getByTestId('mean-ranges').textContent())
      .toContain(`rank 1.00 to ${count}.00, on a scale of 1 to 9, turned round: ${10 - count}.00 to 9.00`);
    expect(await findBarriers(page)).toEqual([]);
    await pressButton(dialog.getByRole('button', { name: `Import ${count} rows` }));
    await page
      .getByRole('row', { name: /^ranks/ })
      .getByText('lower was better')
      .waitFor();
    const set = (await studio.client.mos.sets()).find(({ name }) => name === 'ranks')!;
    const mos = await studio.client.mos.rows({ mosSetId: set.id });
    expect(mos.map(({ mean }) => mean).sort()).toEqual(painted.map((_, at) => 9 - at).sort());
    expect(await studio.client.mos.scales({ dimension: 'rank' })).toEqual([
      { mosSetId: set.id, scale: [1, 9] },
    ]);
  });

  test('the scale of a set is shown, and corrected where it was wrong: means outside of it are refused', async () => {
    const { page, painted, studio } = library;
    const row = page.getByRole('row', { name: /^ranks/ });
    await row.getByText('1 to 9, turned round').waitFor();
    await pressButton(row.getByRole('button', { name: 'Change the scale: ranks' }));
    const dialog = page.getByRole('dialog', { name: 'Scale of “ranks”' });
    const highest = dialog.getByRole('group', { name: 'rank' }).getByLabel('Highest');
    await highest.fill('2');
    await highest.press('Enter');
    await dialog.getByText(`The means of rank go from 1 to ${count}`).waitFor();
    await highest.fill('10');
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'tables-scale');
    await highest.press('Enter');
    await row.getByText('1 to 10, turned round').waitFor();
    const set = (await studio.client.mos.sets()).find(({ name }) => name === 'ranks')!;
    const mos = await studio.client.mos.rows({ mosSetId: set.id });
    expect(mos.map(({ mean }) => mean).sort()).toEqual(painted.map((_, at) => 10 - at).sort());
    await pressButton(row.getByRole('button', { name: 'Change the scale: ranks' }));
    await highest.fill('');
    await dialog.getByLabel('Lowest').fill('');
    await dialog.getByText('Say the lowest and highest value of rank.').waitFor();
    await dialog.getByRole('checkbox', { name: 'Lower is better' }).press('Space');
    await dialog.getByText('The means are turned round on their scale.').waitFor();
    await pressButton(dialog.getByRole('button', { name: 'Save' }));
    await row.getByText('scale not known').waitFor();
  });

  test('a table with a row that is wrong is refused whole, with the line', async () => {
    const { page, painted, studio } = library;
    const before = (await studio.client.mos.sets()).length;
    await choose('broken.csv', [
      'name,mos_quality',
      `${painted[0]!.name},3.5`,
      `${painted[1]!.name},very good`,
    ]);
    const dialog = page.getByRole('dialog', { name: 'Import a table' });
    await pressButton(dialog.getByRole('button', { name: 'Import 2 rows' }));
    const alert = dialog.getByRole('alert');
    await alert.getByText('Nothing was imported').waitFor();
    await expect.poll(() => alert.textContent()).toMatch(/line 3/i);
    await choose('split.csv', ['name,prompt,mos', `${painted[0]!.name},a fox, red,3`]);
    await alert.getByText('line 2: 4 cells, the first line names 3').waitFor();
    expect(await studio.client.mos.sets()).toHaveLength(before);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('a table without MOS brings the scores of another metric; its encoding can be said', async () => {
    const { page, painted, studio } = library;
    const rows = painted.map(({ name }, at) => `${name},${at}.5,fine`);
    await choose('metric.csv', ['name,clip_metric,note', ...rows, 'unknown.png,1,x']);
    const dialog = page.getByRole('dialog', { name: 'Import a table' });
    await dialog.getByText('No column of MOS is chosen.').waitFor();
    await dialog.getByLabel('Encoding of the text').selectOption('utf-16le');
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Encoding of the text').selectOption('utf-8');
    await pressButton(dialog.getByRole('button', { name: `Import ${count + 1} rows` }));
    await page
      .getByText(`Columns clip_metric are taken in for ${count} images. 1 row without an image`)
      .waitFor();
    const choices = await studio.client.agreement.choices();
    expect(choices.map(({ prediction }) => prediction)).toContainEqual(
      expect.objectContaining({ kind: 'column', name: 'clip_metric' }),
    );
  });

  test('a data set is recognised in its folder, shown, and imported by one button', async () => {
    const { page, folder, studio } = library;
    const place = join(folder, 'reward');
    mkdirSync(place);
    const header =
      'image_path,prompt_id,prompt,rank,overall_rating,image_text_alignment_rating,fidelity_rating';
    writeFileSync(join(place, 'metadata.csv'), `${header}\nimages/a.webp,1,a forest,1,6,5,4\n`);
    await page.keyboard.press('d');
    const dialog = page.getByRole('dialog', { name: 'Import a data set' });
    const field = dialog.getByLabel('Folder', { exact: true });
    // The place that the picker begins in is known: until then its answer would take the field's place.
    await expect.poll(() => field.inputValue()).not.toBe('');
    await field.fill(place);
    await field.press('Enter');
    const preview = dialog.getByTestId('dataset-preview');
    await preview.getByText('overall: 1 means from 6').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await dialog.getByRole('switch', { name: 'Score its images afterwards' }).press('Space');
    await pressButton(dialog.getByRole('button', { name: 'Import ImageReward' }));
    await page.getByRole('row', { name: /^ImageReward/ }).waitFor();
    const set = (await studio.client.mos.sets()).find(({ name }) => name === 'ImageReward');
    expect(set).toMatchObject({ images: 1, dimensions: ['alignment', 'fidelity', 'overall'] });
  });

  test('a file that is no table says so', async () => {
    const { page } = library;
    await choose('empty.csv', ['']);
    const alert = page.getByRole('dialog').getByRole('alert');
    await alert.getByText('The table could not be read').waitFor();
    await page.keyboard.press('Escape');
  });

  test('the scores are a download with the columns that the command line writes', async () => {
    const { page, painted } = library;
    const link = page.getByRole('link', { name: /^Scores CSV/ });
    const href = await link.getAttribute('href');
    const text = await (await fetch(`${library.studio.url}${href}`)).text();
    const [header, ...rows] = text.trim().split('\n');
    expect(header).toMatch(
      /^name,path,prompt,generator,pack,q,s,quality,alignment,overall,quality_head,alignment_head,overall_head/,
    );
    expect(rows).toHaveLength(painted.length);
    expect(library.pageErrors).toEqual([]);
    await page.getByRole('heading', { name: 'Tables' }).waitFor();
  });
});

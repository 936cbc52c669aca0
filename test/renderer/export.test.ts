/** The export dialog through a browser, by keys: select, choose columns and a place, read the file back. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeScreens } from '../support/take-screens.ts';
import { findBarriers } from './support/check-access.ts';
import {
  expectFocus,
  expectSelected,
  type LibraryPage,
  openLibraryPage,
  scorePictures,
} from './support/library-page.ts';
import { expectKeyboardIn, pressButton } from './support/press-button.ts';

const count = 5;
let library: LibraryPage;
let dialog: Locator;
let out: string;
/** In the order of the list. */
let painted: LibraryPage['painted'];

beforeAll(async () => {
  library = await openLibraryPage(count);
  out = join(library.folder, 'exported');
  mkdirSync(out);
  await scorePictures(library);
  painted = library.painted.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  dialog = library.page.getByRole('dialog', { name: 'Export' });
});

afterAll(async () => {
  expect(library?.pageErrors).toEqual([]);
  await library?.close();
});

async function choose(label: string, option: string): Promise<void> {
  await dialog.getByRole('combobox', { name: label }).click();
  await library.page.getByRole('option', { name: option, exact: true }).click();
}

/** Says which folder of this machine, as a person types it. */
async function goToFolder(): Promise<void> {
  await dialog.getByRole('radio', { name: /A folder of/ }).check();
  const field = dialog.getByLabel('Folder', { exact: true });
  // The place that the picker begins in is known: until then its answer would take the field's place.
  await expect.poll(() => field.inputValue()).not.toBe('');
  await field.fill(out);
  await field.press('Enter');
  await dialog.getByText('No images directly in this folder').waitFor();
}

/** From a field, as from anywhere in the dialog; the keyboard is then at the button that closes it. */
async function exportAndWait(): Promise<void> {
  await dialog.getByRole('button', { name: 'Export', exact: true, disabled: false }).waitFor();
  await dialog.getByRole('combobox', { name: 'Written as' }).press('Control+Enter');
  // Until then a running export may say that all its rows are written.
  await dialog.getByRole('button', { name: 'Export something else' }).waitFor();
  await dialog.getByText(/rows written$/).waitFor();
  await expectFocus(dialog.getByRole('button', { name: 'Close' }).last());
}

describe('Export', () => {
  test('what is selected goes to a folder as CSV, and reads back as it was previewed', async () => {
    const { page, grid } = library;
    await grid.press('Control+a');
    await expectSelected(page, `${count} selected`);
    await page.keyboard.press('Control+e');
    await expectKeyboardIn(dialog);
    await choose('Written as', 'CSV');
    await expect
      .poll(() => dialog.getByRole('combobox', { name: 'Images' }).inputValue())
      .toBe(`What is selected (${count})`);
    await goToFolder();
    const shown = dialog.getByRole('region', { name: 'First rows' });
    await shown.getByText(painted[0]!.name, { exact: true }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'export');
    await exportAndWait();
    const path = join(out, 'selection.csv');
    await dialog.getByText(path).waitFor();
    const rows: Record<string, string>[] = parse(readFileSync(path), { columns: true });
    expect(rows.map(({ name, prompt }) => ({ name, prompt }))).toEqual(
      painted.map(({ name, prompt }) => ({ name, prompt })),
    );
    expect(rows.every(({ quality }) => Number.isFinite(Number.parseFloat(quality!)))).toBe(true);
  });

  test('columns are found, taken out, moved and renamed by keys; Parquet has them so', async () => {
    await pressButton(dialog.getByRole('button', { name: 'Export something else' }));
    await choose('Written as', 'Parquet');
    await pressButton(dialog.getByRole('button', { name: 'None' }));
    await dialog.getByText('No column is chosen').waitFor();
    await dialog.getByLabel('Find a column').fill('file name');
    await dialog.getByRole('checkbox', { name: /^File name/ }).press('Space');
    await dialog.getByLabel('Find a column').fill('width');
    await dialog.getByRole('checkbox', { name: /^Width/ }).press('Space');
    const width = dialog.getByLabel('Name of the column Width (px)');
    await width.press('Alt+ArrowUp');
    await expect.poll(() => width.evaluate((field) => field === document.activeElement)).toBe(true);
    await width.fill('w');
    const shown = dialog.getByRole('region', { name: 'First rows' });
    await shown.getByRole('columnheader', { name: 'w', exact: true }).waitFor();
    await exportAndWait();
    const bytes = Uint8Array.from(readFileSync(join(out, 'selection.parquet')));
    expect(await parquetReadObjects({ file: bytes.buffer })).toEqual(
      painted.map(({ name }) => ({ w: expect.any(BigInt), name })),
    );
  });

  test('a set of columns is saved under a name, chosen again, and forgotten', async () => {
    const { page, studio } = library;
    await pressButton(dialog.getByRole('button', { name: 'Export something else' }));
    await pressButton(dialog.getByRole('button', { name: 'Save…' }));
    await expectFocus(page.getByLabel('Save these columns as'));
    await page.getByLabel('Save these columns as').fill('Mine');
    await page.getByLabel('Save these columns as').press('Enter');
    const set = dialog.getByRole('combobox', { name: 'Columns as in' });
    await expect.poll(() => set.inputValue()).toBe('Mine');
    const names = async () => (await studio.client.exports.options({})).presets.map(({ title }) => title);
    await expect.poll(names).toContain('Mine');
    await choose('Columns as in', 'pandas');
    await dialog.getByLabel('Name of the column Negative prompt').waitFor();
    await choose('Columns as in', 'Mine');
    await expect
      .poll(() => dialog.getByRole('list', { name: 'Columns of the file' }).getByRole('listitem').count())
      .toBe(2);
    await pressButton(dialog.getByRole('button', { name: 'Forget “Mine”' }));
    await expect.poll(() => set.inputValue()).toBe('Overview');
    await expect.poll(names).not.toContain('Mine');
  });

  test('a file that is there already is replaced only where somebody says so', async () => {
    const path = join(out, 'selection.csv');
    writeFileSync(path, 'mine');
    await choose('Written as', 'CSV');
    await dialog.getByRole('button', { name: 'Export', exact: true, disabled: false }).waitFor();
    const format = dialog.getByRole('combobox', { name: 'Written as' });
    await format.press('Control+Enter');
    await dialog.getByText(/is there already/).waitFor();
    // The field takes Enter for its list, which would lie over what is said.
    expect(await format.getAttribute('aria-expanded')).toBe('false');
    expect(readFileSync(path, 'utf8')).toBe('mine');
    await pressButton(dialog.getByRole('button', { name: 'Replace it' }));
    await dialog.getByText(/rows written$/).waitFor();
    expect(readFileSync(path, 'utf8')).toMatch(/^name,/);
  });

  test('a data set is a folder with the images; a download comes by itself', async () => {
    const { page } = library;
    await pressButton(dialog.getByRole('button', { name: 'Export something else' }));
    await choose('Written as', 'Data set folder, with the images');
    await exportAndWait();
    const folder = join(out, 'selection');
    expect(readdirSync(join(folder, 'train', 'images', '0000'))).toHaveLength(count);
    expect(existsSync(join(folder, 'train', 'metadata.jsonl'))).toBe(true);
    await pressButton(dialog.getByRole('button', { name: 'Export something else' }));
    await choose('Written as', 'JSON Lines');
    await dialog.getByRole('radio', { name: /as a download/ }).check();
    const [download] = await Promise.all([page.waitForEvent('download'), exportAndWait()]);
    expect(download.suggestedFilename()).toBe('images.jsonl');
    expect(
      readFileSync(await download.path(), 'utf8')
        .trimEnd()
        .split('\n'),
    ).toHaveLength(count);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('sidecars are written beside the images when somebody has said so twice, with stars where asked for', async () => {
    const { page, pictures, studio } = library;
    const file = new File([`name,mos_quality\n${painted[0]!.name},75\n`], 'ours.csv');
    await studio.client.mos.import({ source: { fileName: 'ours.csv', file } });
    const sidecars = () => readdirSync(pictures).filter((name) => name.endsWith('.xmp'));
    await pressButton(page.getByRole('toolbar', { name: 'Library' }).getByRole('button', { name: 'Export' }));
    await expectKeyboardIn(dialog);
    await choose('Written as', 'Sidecars beside the images (XMP)');
    await choose('Stars that other programs show', 'From the MOS of quality, 1 to 5');
    await dialog.getByLabel('Lowest of “ours”').fill('0');
    await dialog.getByLabel('Highest').fill('100');
    await dialog.getByLabel('Highest').press('Control+Enter');
    await dialog.getByText(`Write beside ${count} images?`).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    expect(sidecars()).toEqual([]);
    await pressButton(dialog.getByRole('button', { name: `Write the sidecars of ${count} images` }));
    await dialog.getByText(`${count} sidecars written`).waitFor();
    expect(sidecars()).toEqual(painted.map(({ name }) => `${name}.xmp`));
    expect(readFileSync(join(pictures, sidecars()[0]!), 'utf8')).toContain('xmp:Rating="4"');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('the challenge’s lines say what they lack', async () => {
    const { page } = library;
    await pressButton(page.getByRole('toolbar', { name: 'Library' }).getByRole('button', { name: 'Export' }));
    await expectKeyboardIn(dialog);
    await choose('Written as', 'Challenge output.txt');
    await pressButton(dialog.getByRole('button', { name: 'Export', exact: true }));
    await dialog.getByText('has no active head for “overall”').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });
});

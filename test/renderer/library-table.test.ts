/** The library as a table: sorted by its heads, columns chosen, the grid's selection and keys. */
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
import { expectKeyboardIn, pressButton, pressMenuItem } from './support/press-button.ts';

const count = 6;
let library: LibraryPage;
let table: Locator;
let ids: number[];

beforeAll(async () => {
  library = await openLibraryPage(count);
  const rows = library.painted.map(({ name }, k) => `${name},${(1 + k * 0.6).toFixed(2)},0.5,${4 + k}`);
  await scorePictures(library);
  await library.studio.client.mos.import({
    source: {
      fileName: 'raters.csv',
      file: new Blob([
        ['name,mos_quality,sd_quality,n_quality', ...rows, 'unseen.png,3.00,0.5,9'].join('\n'),
      ]),
    },
  });
  table = library.page.getByRole('grid', { name: 'Images' });
  await library.page.getByText(`${count + 1} images`, { exact: true }).waitFor();
  ({ ids } = await library.studio.client.images.query({ order: 'name' }));
});

afterAll(async () => {
  await library?.close();
});

async function namesInOrder(): Promise<(string | undefined)[]> {
  const rows = await table.locator('tbody tr[data-index]').all();
  return await Promise.all(rows.map(async (row) => (await row.locator('td').nth(1).textContent())?.trim()));
}

async function namesBy(
  order: 'name' | 'gap:quality' | 'mos:quality',
  descending: boolean,
): Promise<string[]> {
  const { client } = library.studio;
  const answer = await client.images.query({ order, descending });
  return (await client.images.cards({ ids: answer.ids })).map(({ name }) => name);
}

describe('The cards', () => {
  test('tell score, MOS, gap, flag and label at every size, and what they tell is chosen under “Cards…”', async () => {
    const { page, grid, studio } = library;
    await studio.client.curate.change({ imageIds: [ids[0]!], flag: 'pick', label: 'purple' });
    const [card] = await studio.client.images.cards({ ids: [ids[0]!] });
    const [score, mean] = [card!.scores['quality']!, card!.mos[0]!.mean];
    const option = page.locator(`#image-${ids[0]}`);
    const gap = `gap ${Math.abs(score - mean).toFixed(2)} ${score >= mean ? '↑' : '↓'}`;
    await option.getByText('purple').waitFor();
    await expect
      .poll(() => option.textContent())
      .toContain(`${score.toFixed(2)}MOS ${mean.toFixed(2)}${gap}`);
    await grid.focus();
    for (const _ of Array.from({ length: 3 })) await page.keyboard.press('-');
    await page.locator(`#image-${ids[0]}[data-compact]`).waitFor();
    await expect
      .poll(() => option.textContent())
      .toContain(`${score.toFixed(2)}MOS ${mean.toFixed(2)}${gap}`);
    const badge = (title: string) => option.getByTitle(title, { exact: true });
    const letter = await badge('label purple').evaluate((mark) => getComputedStyle(mark, '::after').content);
    expect([await badge('pick').isVisible(), letter]).toEqual([true, '"p"']);
    expect(await findBarriers(page)).toEqual([]);
    await pressButton(page.getByRole('button', { name: 'Cards…' }));
    await expectKeyboardIn(page.getByRole('group', { name: 'Cards' }));
    await page.getByRole('checkbox', { name: 'Gap of score and MOS' }).press('Space');
    await expect.poll(() => option.textContent()).not.toContain('gap');
    await page.getByRole('checkbox', { name: 'Gap of score and MOS' }).press('Space');
    await expect.poll(() => option.textContent()).toContain(gap);
    await page.keyboard.press('Escape');
    await page.getByRole('group', { name: 'Cards' }).waitFor({ state: 'hidden' });
    await grid.focus();
    for (const _ of Array.from({ length: 3 })) await page.keyboard.press('+');
    await studio.client.curate.undo();
    await option.getByText('purple').waitFor({ state: 'detached' });
  });
});

describe('The table', () => {
  test('G shows the list as a table that has the keyboard, with the numbers of the cards', async () => {
    const { page, grid, studio } = library;
    await grid.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('g');
    await table.waitFor();
    await expectFocus(table);
    const [card] = await studio.client.images.cards({ ids: [ids[0]!] });
    const row = table.getByRole('row', { name: card!.name });
    await row.getByText(card!.prompt!, { exact: true }).waitFor();
    const [mos] = card!.mos;
    const score = card!.scores['quality']!;
    const arrow = score >= mos!.mean ? '↑' : '↓';
    await expect
      .poll(() => row.getByRole('gridcell').allTextContents())
      .toEqual(
        expect.arrayContaining([
          score.toFixed(2),
          mos!.mean.toFixed(2),
          (mos!.high! - mos!.low!).toFixed(2),
          `${Math.abs(score - mos!.mean).toFixed(2)} ${arrow}`,
        ]),
      );
    await table
      .getByRole('row', { name: 'unseen.png' })
      .getByRole('img', { name: 'known from a table, no file yet' })
      .waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });

  test('arrows move, Space and Shift select as in the grid, P picks, and the grid has the same selection', async () => {
    const { page, grid } = library;
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await expectSelected(page, '2 selected');
    await page.keyboard.press('p');
    await expect.poll(() => table.getByRole('gridcell', { name: 'pick', exact: true }).count()).toBe(2);
    await page.keyboard.press('g');
    await expect.poll(() => grid.getByRole('option', { selected: true }).count()).toBe(2);
    await page.keyboard.press('g');
    await expect.poll(() => table.getByRole('row', { selected: true }).count()).toBe(2);
    await takeScreens(page, 'library-table');
    await page.keyboard.press('Escape');
    await expectSelected(page, null);
  });

  test('a click on a head sorts by it, on the whole library; another turns it round', async () => {
    const { page } = library;
    const head = table.getByRole('columnheader', { name: 'Gap quality' });
    await head.getByRole('button').click();
    await expect.poll(namesInOrder).toEqual(await namesBy('gap:quality', true));
    await expect.poll(() => head.getAttribute('aria-sort')).toBe('descending');
    await pressButton(head.getByRole('button'));
    await expect.poll(namesInOrder).toEqual(await namesBy('gap:quality', false));
    await pressButton(table.getByRole('columnheader', { name: 'Image' }).getByRole('button'));
    await expect.poll(namesInOrder).toEqual(await namesBy('name', false));
    await expect.poll(() => page.getByRole('combobox', { name: 'Order by' }).inputValue()).toBe('Name');
  });

  test('columns are chosen by key, and kept when the page is loaded again', async () => {
    const { page } = library;
    await pressButton(page.getByRole('button', { name: 'Columns…' }));
    const chooser = page.getByRole('group', { name: 'Columns' });
    await expectKeyboardIn(chooser);
    await chooser.getByRole('checkbox', { name: 'Raters of the MOS: quality' }).press('Space');
    await table.getByRole('columnheader', { name: 'N quality' }).waitFor();
    await chooser.getByRole('checkbox', { name: 'Prompt' }).press('Space');
    await table.getByRole('columnheader', { name: 'Prompt' }).waitFor({ state: 'detached' });
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.reload();
    await table.getByRole('columnheader', { name: 'N quality' }).waitFor();
    expect(await table.getByRole('columnheader', { name: 'Prompt' }).count()).toBe(0);
  });

  test('a column is made wider by its edge, with keys or dragged, and kept so; a double click takes it back', async () => {
    const { page } = library;
    const head = table.getByRole('columnheader', { name: 'Generator' });
    const edge = head.getByRole('separator', { name: 'Width of Generator' });
    const widthOf = () => head.evaluate((element) => Math.round(element.getBoundingClientRect().width));
    const before = await widthOf();
    await edge.press('ArrowRight');
    await expect.poll(widthOf).toBe(before + 16);
    const { x, y, width, height } = (await edge.boundingBox())!;
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 - 40, y + 200);
    await page.mouse.up();
    await expect.poll(widthOf).toBe(before + 16 - 40);
    expect(await findBarriers(page)).toEqual([]);
    await page.reload();
    await expect.poll(widthOf).toBe(before + 16 - 40);
    await edge.dblclick();
    await expect.poll(widthOf).toBe(120);
  });

  test('the image of a row stays in view beside its last columns', async () => {
    const { page } = library;
    await page.setViewportSize({ width: 1000, height: 700 });
    const frame = page.getByRole('region', { name: 'Table' });
    const name = table.locator('tbody tr[data-index] td').nth(1);
    const leftOf = (cell: Locator) =>
      cell.evaluate((element) => Math.round(element.getBoundingClientRect().left));
    const before = await leftOf(name);
    await frame.evaluate((element) => {
      element.scrollLeft = element.scrollWidth;
    });
    await expect.poll(() => frame.evaluate((element) => element.scrollLeft)).toBeGreaterThan(100);
    expect(await leftOf(name)).toBe(before);
    expect(await leftOf(table.getByRole('columnheader', { name: /^Image/ }))).toBe(before);
    await frame.evaluate((element) => {
      element.scrollLeft = 0;
    });
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test('Enter looks at the image in the whole window, Esc comes back to its row', async () => {
    const { page, pageErrors } = library;
    await page.getByText(`${count + 1} images`, { exact: true }).waitFor();
    await table.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.getByTestId('image-viewer').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('image-viewer').waitFor({ state: 'detached' });
    await expectFocus(table);
    await expect.poll(() => table.getAttribute('aria-activedescendant')).toBe(`image-${ids[0]}`);
    expect(pageErrors).toEqual([]);
  });
});

describe('With a second table of MOS', () => {
  test('cards show the newest one, or the one that is chosen; a long name leaves the line above whole', async () => {
    const { page, painted, studio, grid } = library;
    await table.press('g');
    const card = grid.getByRole('option').filter({ hasText: painted[0]!.name });
    await card.getByText('MOS 1.00').waitFor();
    const fileName = 'the second and rather longer round of ratings by our own raters.csv';
    const file = new Blob([`name,mos_quality\n${painted[0]!.name},4.75`]);
    await studio.client.mos.import({ source: { fileName, file } });
    await card.getByText('MOS 4.75').waitFor();
    const newest = page.getByRole('button', { name: 'MOS: the second' });
    const switched = page.getByRole('button', { name: 'Table' });
    // Not while the line still takes the new name in.
    await expect
      .poll(async () => {
        const [name, last] = [await newest.boundingBox(), await switched.boundingBox()];
        return last!.y < name!.y + name!.height;
      })
      .toBe(true);
    await newest.press('Enter');
    expect(await findBarriers(page)).toEqual([]);
    await pressMenuItem(page.getByRole('menuitemradio', { name: /^raters/ }));
    await card.getByText('MOS 1.00').waitFor();
    await pressButton(page.getByRole('button', { name: 'MOS: raters' }));
    await pressMenuItem(page.getByRole('menuitemradio', { name: /^The newest/ }));
    await card.getByText('MOS 4.75').waitFor();
  });
});

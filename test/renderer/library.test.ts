/** The grid as a person uses it: by keyboard, from an empty studio to a selection for a study. */
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeScreens } from '../support/take-screens.ts';
import { findBarriers } from './support/check-access.ts';
import { chooseOption, takeOption } from './support/choose-option.ts';
import {
  expectCount,
  expectFocus,
  expectSelected,
  type LibraryPage,
  openLibraryPage,
} from './support/library-page.ts';
import { pressButton } from './support/press-button.ts';

const count = 24;
const scored = count - 1;
let library: LibraryPage;

beforeAll(async () => {
  library = await openLibraryPage(count);
  mkdirSync(join(library.pictures, 'deeper'));
  truncateSync(join(library.pictures, library.painted[0]!.name), 4000);
  writeFileSync(join(library.pictures, 'deeper', 'empty.png'), '');
});

afterAll(async () => {
  await library?.close();
});

describe('The library', () => {
  test('an empty one says what the model knows and does not know, and offers the next step', async () => {
    const { page, studio } = library;
    await page.goto(studio.url);
    const welcome = page.getByTestId('first-run');
    await welcome.waitFor();
    const [pack] = await studio.client.packs.list();
    for (const fact of [...pack!.knows, ...pack!.doesNotKnow]) {
      await welcome.getByText(fact, { exact: true }).waitFor();
    }
    await expect
      .poll(() => welcome.getByRole('link', { name: 'Import a MOS table…' }).getAttribute('href'))
      .toBe('/tables');
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'library-empty');
  });

  test('a folder is chosen and scored with the keyboard alone; files that fail stop nothing', async () => {
    const { page, folder, studio } = library;
    await page.keyboard.press('f');
    const dialog = page.getByRole('dialog', { name: 'Add a folder' });
    await expect.poll(() => dialog.getByRole('textbox', { name: 'Folder' }).inputValue()).not.toBe('');
    await expectFocus(dialog.getByRole('textbox', { name: 'Folder' }));
    await page.keyboard.press('Control+a');
    await page.keyboard.type(folder);
    await page.keyboard.press('Enter');
    const child = dialog.getByRole('button', { name: 'pictures', exact: true });
    await child.waitFor();
    await child.focus();
    await page.keyboard.press('Enter');
    const found = dialog.getByTestId('browse-images');
    await expect.poll(() => found.textContent()).toContain(`${count} images directly in this folder`);
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'library-add-folder');
    await pressButton(dialog.getByRole('button', { name: 'Score this folder' }));
    await page.getByRole('button', { name: '2 failed' }).waitFor();
    await expectCount(page, `${scored} images`);
    // An image is in the list a moment before its scores are stored.
    await expect.poll(async () => (await studio.client.library.coverage()).scored).toBe(scored);
  });

  test('each card shows name, prompt and scores; the picture is whole on its grey', async () => {
    const { page, studio, painted } = library;
    const { name, prompt } = painted.at(-1)!;
    const { ids } = await studio.client.images.query({ filter: { text: name } });
    const [card] = await studio.client.images.cards({ ids });
    const option = page.getByRole('option', { name });
    await option.waitFor();
    for (const told of [
      prompt,
      ...['quality', 'alignment'].map((target) => card!.scores[target]!.toFixed(2)),
    ])
      await expect.poll(() => option.textContent()).toContain(told);
    const picture = option.locator('img');
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
    expect(await picture.evaluate((img) => getComputedStyle(img).objectFit)).toBe('contain');
  });

  test('/ searches prompts and names; Esc shows everything again', async () => {
    const { page, grid, painted } = library;
    await grid.focus();
    await page.keyboard.press('/');
    await page.keyboard.type('calm sea');
    const seas = painted.filter(({ prompt }, at) => at > 0 && prompt.includes('calm sea')).length;
    await expectCount(page, `${seas} of ${scored} images`);
    await page.keyboard.press('Escape');
    await expectCount(page, `${scored} images`);
    // What was pressed is gone.
    await expectFocus(grid);
  });

  test('the query bar completes words and values, says what is wrong, and saves what is shown', async () => {
    const { page, grid, painted, studio } = library;
    const dreamers = painted.filter(({ name }) => name.startsWith('dreamer-2')).length;
    await grid.focus();
    await page.keyboard.press('/');
    await page.keyboard.type('gene');
    await takeOption(page, 'ArrowDown', page.getByRole('option', { name: 'generator:' }));
    await page.keyboard.type('dre');
    const dreamer = page.getByRole('option', { name: /^dreamer-2 \d+$/ });
    await dreamer.waitFor();
    // The option that was taken before is not named any more.
    await expect.poll(() => page.locator(':focus').getAttribute('aria-activedescendant')).toBeNull();
    await takeOption(page, 'ArrowDown', dreamer);
    await expectCount(page, `${dreamers} of ${scored} images`);
    await page.keyboard.type(' mos:good');
    await page.getByRole('tooltip').getByText('“mos:” takes a number').waitFor();
    // What was asked last stays until the words are right.
    await expectCount(page, `${dreamers} of ${scored} images`);
    for (const _ of 'mos:good ') await page.keyboard.press('Backspace');
    await page.getByRole('button', { name: 'Saved queries' }).click();
    await page.getByRole('menuitem', { name: 'Save what is shown' }).click();
    await expectFocus(page.getByRole('textbox', { name: 'Name' }));
    await page.keyboard.type('Dreams');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await studio.client.images.savedQueries()).length).toBe(1);
    const bar = page.getByRole('combobox', { name: 'Search prompt or name' });
    await bar.press('Escape');
    await expectCount(page, `${scored} images`);
    await page.getByRole('button', { name: 'Saved queries' }).click();
    await page.getByRole('menuitem', { name: 'Dreams' }).click();
    await expectCount(page, `${dreamers} of ${scored} images`);
    await bar.press('Escape');
    await expectCount(page, `${scored} images`);
    await grid.focus();
  });

  test('an empty query bar offers examples, taken by the arrows and Enter', async () => {
    const { page, grid, studio } = library;
    const bar = page.getByRole('combobox', { name: 'Search prompt or name' });
    await grid.focus();
    await page.keyboard.press('/');
    await takeOption(page, 'ArrowUp', page.getByRole('option', { name: 'votes:<3' }));
    await expect.poll(() => bar.inputValue()).toBe('votes:<3');
    const { ids } = await studio.client.images.query({ filter: { query: 'votes:<3' } });
    await expectCount(page, ids.length === scored ? `${scored} images` : `${ids.length} of ${scored} images`);
    await bar.press('Escape');
    await expectFocus(grid);
    await expectCount(page, `${scored} images`);
  });

  test('a word that is not understood is underlined where it stands, and says why to those who do not see it', async () => {
    const { page, grid } = library;
    const bar = page.getByRole('combobox', { name: 'Search prompt or name' });
    const wrong = page.getByTestId('wrong-words').locator('mark');
    await grid.focus();
    await page.keyboard.press('/');
    await page.keyboard.type('fox promt:red ');
    await page.getByRole('tooltip').getByText('did you mean “prompt:”?').waitFor();
    await expect.poll(() => wrong.allTextContents()).toEqual(['promt:red']);
    await expect.poll(() => bar.getAttribute('aria-invalid')).toBe('true');
    const described = await bar.getAttribute('aria-describedby');
    await page.locator(`[id="${described}"]`).getByText('did you mean “prompt:”?').waitFor();
    // Scrolled with the text: the word typed last ends where the field ends.
    await page.keyboard.type('seen between many other words of a prompt that is long colour:red');
    await expect.poll(() => wrong.allTextContents()).toEqual(['promt:red', 'colour:red']);
    await page.getByRole('tooltip').filter({ hasText: 'prompt:' }).getByText('“colour:”').waitFor();
    const ends = () => wrong.last().evaluate((mark) => mark.getBoundingClientRect().right);
    const field = await bar.evaluate((input) => {
      const { right } = input.getBoundingClientRect();
      return right - Number.parseFloat(getComputedStyle(input).paddingRight);
    });
    await expect.poll(async () => Math.abs((await ends()) - field)).toBeLessThan(4);
    await page.keyboard.type(' and more');
    await expect.poll(async () => field - (await ends())).toBeGreaterThan(40);
    await page.keyboard.press('Escape');
    await wrong.first().waitFor({ state: 'detached' });
    await expect.poll(() => bar.getAttribute('aria-describedby')).toBeNull();
    await expectCount(page, `${scored} images`);
  });

  test('P, X, U and 6 to 0 flag and label, Ctrl+Z takes it back, K tags; rejected images are looked through before the trash', async () => {
    const { page, grid, studio } = library;
    await grid.focus();
    await page.keyboard.press('Home');
    const active = page.locator('[role=option][data-active]');
    await page.keyboard.press('x');
    await active.getByText('reject').waitFor();
    await page.keyboard.press('6');
    await active.getByText('red', { exact: true }).waitFor();
    await page.keyboard.press('Control+z');
    await active.getByText('red', { exact: true }).waitFor({ state: 'detached' });
    await page.keyboard.press('k');
    await page
      .getByRole('textbox', { name: 'Tag' })
      .or(page.getByRole('combobox', { name: 'Tag' }))
      .fill('hands');
    await page.keyboard.press('Enter');
    await expect
      .poll(
        async () =>
          (await studio.client.images.query({ filter: { query: 'tag:hands flag:reject' } })).ids.length,
      )
      .toBe(1);
    await page.getByRole('button', { name: '1 rejected: review…' }).click();
    await expectCount(page, `1 of ${scored} images`);
    await page.getByRole('button', { name: 'Move 1 to the trash…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Move to the trash' });
    await dialog.getByText('trash of the computer on which the studio runs').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Leave the review' }).click();
    await expectCount(page, `${scored} images`);
    await expectFocus(grid);
    await page.keyboard.press('Home');
    await page.keyboard.press('u');
    await expect
      .poll(async () => (await studio.client.images.query({ filter: { query: 'flag:reject' } })).ids.length)
      .toBe(0);
    await page.getByRole('button', { name: 'rejected: review' }).waitFor({ state: 'detached' });
  });

  test('a generator narrows the list until it is cleared', async () => {
    const { page, painted } = library;
    const dreamers = painted.filter(({ name }) => name.startsWith('dreamer-2')).length;
    const option = `dreamer-2 (${dreamers})`;
    await chooseOption(page, { field: 'Generator', typed: 'dreamer', option });
    await expectCount(page, `${dreamers} of ${scored} images`);
    await pressButton(page.getByRole('button', { name: 'Show all generators' }));
    await expectCount(page, `${scored} images`);
  });

  test('the list is ordered by score, and D turns it round', async () => {
    const { page, grid, studio } = library;
    await page.getByRole('combobox', { name: 'Order by' }).click();
    await page.getByRole('option', { name: 'Score: quality' }).click();
    const { ids } = await studio.client.images.query({ order: 'score:quality', descending: true });
    const firstCard = page.locator('[data-index="0"]');
    await expect.poll(() => firstCard.getAttribute('id')).toBe(`image-${ids[0]}`);
    await grid.focus();
    await page.keyboard.press('d');
    await expect.poll(() => firstCard.getAttribute('id')).toBe(`image-${ids.at(-1)}`);
    await page.keyboard.press('d');
    await expect.poll(() => firstCard.getAttribute('id')).toBe(`image-${ids[0]}`);
  });

  test('Space, Shift and arrows, Ctrl+A and Esc select as in a file manager, and the list stays where it is', async () => {
    const { page, grid } = library;
    await grid.focus();
    await page.keyboard.press('Home');
    await expectSelected(page, null);
    const top = (await grid.boundingBox())!.y;
    const expectStill = async () => expect((await grid.boundingBox())!.y).toBe(top);
    await page.keyboard.press('Space');
    await expectSelected(page, '1 selected');
    await expectStill();
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await expectSelected(page, '3 selected');
    await page.keyboard.press('Control+a');
    await expectSelected(page, `${scored} selected`);
    await expectStill();
    await page.getByRole('button', { name: /^Clear/ }).click();
    await expectSelected(page, null);
    await expectFocus(grid);
    await page.keyboard.press('Control+a');
    await expectSelected(page, `${scored} selected`);
    await page.keyboard.press('Escape');
    await expectSelected(page, null);
    await expectStill();
  });

  test('a click selects one, Ctrl adds, Shift takes the range', async () => {
    const { page } = library;
    const card = (index: number) => page.locator(`[data-index="${index}"]`);
    await card(1).click();
    await card(3).click({ modifiers: ['Control'] });
    await expectSelected(page, '2 selected');
    await card(6).click({ modifiers: ['Shift'] });
    await expectSelected(page, '5 selected');
    await expect.poll(() => card(2).getAttribute('aria-selected')).toBe('false');
    await expect.poll(() => card(5).getAttribute('aria-selected')).toBe('true');
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'library');
  });

  test('C takes the selection into the dialog of a new study, and it stays selected', async () => {
    const { page, grid } = library;
    await grid.focus();
    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('5 images').first().waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expectSelected(page, '5 selected');
  });

  test('the ? overlay lists the keys of the grid and the library', async () => {
    const { page, pageErrors } = library;
    await page.keyboard.press('Shift+?');
    const dialog = page.getByRole('dialog', { name: 'Keyboard' });
    await dialog.getByText('Select or not').waitFor();
    await dialog.getByText('Add a folder').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(pageErrors).toEqual([]);
  });
});

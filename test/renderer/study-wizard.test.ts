/** Designing a study in the wizard: from a selection with its items, and from a table of images. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scalePresets } from '../../contract/studies.ts';
import { encodeParquet } from '../../core/export/encode-parquet.ts';
import { columnsOf } from '../../core/export/table.ts';
import { makeWorkbook } from '../support/make-workbook.ts';
import { readContent } from '../support/read-export.ts';
import { takeScreens } from '../support/take-screens.ts';
import { findBarriers } from './support/check-access.ts';
import {
  expectFocus,
  expectSelected,
  type LibraryPage,
  openLibraryPage,
  scorePictures,
} from './support/library-page.ts';
import { giveFile, pressButton } from './support/press-button.ts';
import { beginRating, expectStored, qualityOn, vote } from './support/rating-page.ts';

const count = 8;
let library: LibraryPage;

beforeAll(async () => {
  library = await openLibraryPage(count);
  await scorePictures(library);
});

afterAll(async () => {
  await library?.close();
});

describe('The study wizard', () => {
  test('leads through four steps by Enter and creates what was said, with the keyboard alone', async () => {
    const { page, grid, studio } = library;
    await grid.focus();
    await page.keyboard.press('Control+a');
    await expectSelected(page, `${count} selected`);
    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog', { name: `New study of ${count} images` });
    await expectFocus(dialog.getByRole('textbox', { name: 'Name' }));
    await page.keyboard.type('Wizard');
    await dialog.getByLabel('Scale of Quality').selectOption('acr9');
    await expect
      .poll(() => dialog.getByLabel('Levels of Quality, worst first').inputValue())
      .toMatch(/^Bad, 2, Poor/);
    await dialog.getByLabel('Scale of Alignment').selectOption('continuous5');
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'wizard-questions');
    await dialog.getByLabel('Question about Quality').press('Enter');

    await dialog.getByTestId('study-images').getByText(`${count} images to rate`).waitFor();
    await dialog.getByLabel('Training').fill('2');
    await dialog.getByLabel('Stabilising').fill('1');
    await pressButton(dialog.getByRole('button', { name: 'Add an image with a known answer' }));
    await pressButton(dialog.getByRole('button', { name: /^Image \d+$/ }).first());
    await dialog.getByLabel('Expected vote').fill('12');
    await dialog.getByLabel('Expected vote').press('Control+Enter');
    await dialog.getByText('A check on Quality expects a vote from 1 to 9.').waitFor();
    await dialog.getByLabel('Expected vote').fill('9');
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'wizard-images');
    await dialog.getByLabel('Expected vote').press('Enter');

    await dialog.getByLabel('Images shown again').fill('2');
    await dialog.getByLabel('A break every').fill('10');
    await dialog.getByLabel('Votes wanted an image').fill('15');
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'wizard-order');
    await dialog.getByLabel('Votes wanted an image').press('Enter');

    const list = dialog.getByRole('table', { name: 'Checklist' });
    await dialog.getByLabel('Instructions').fill('');
    await list.getByRole('row', { name: /^Instructions.* ✗ not met/ }).waitFor();
    await pressButton(dialog.getByRole('button', { name: 'Add what the plan lacks' }));
    await list.getByRole('row', { name: /^Instructions.* ✓ met/ }).waitFor();
    await dialog.getByRole('button', { name: 'Add what the plan lacks' }).waitFor({ state: 'detached' });
    await list.getByRole('row', { name: /^Visual acuity.* – not applicable/ }).waitFor();
    await dialog.getByLabel('Raters', { exact: true }).fill('4');
    await dialog.getByTestId('standing').getByText('pre-test', { exact: true }).waitFor();
    await dialog.getByLabel('Instructions').fill('Look first at the whole, then at details.');
    const planned = dialog.getByTestId('planned');
    await list.getByRole('row', { name: /^Instructions.* ✓ met/ }).waitFor();
    await planned.getByText(/^± \d\.\d\d$/).waitFor();
    const before = await planned.textContent();
    await dialog.getByLabel('Raters', { exact: true }).fill('30');
    await expect.poll(() => planned.textContent()).not.toBe(before);
    await dialog.getByTestId('standing').getByText('formal', { exact: true }).waitFor();
    await dialog.getByText('The first vote freezes the design').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'wizard-raters');
    await dialog.getByLabel('Seed', { exact: true }).press('Enter');
    await page.waitForURL(/\/studies\/\d+$/);

    const [study] = await studio.client.studies.list();
    expect(study).toMatchObject({ name: 'Wizard', stimuli: count - 5 });
    const { dimensions, plan, instructions } = study!.design;
    expect(dimensions.map(({ scale }) => scale.kind)).toEqual(['acr', 'continuous']);
    expect(plan.order.repeatedImages).toBe(2);
    expect(plan.sittings).toMatchObject({ capMinutes: 30, breakEveryMinutes: 10, targetVotes: 15 });
    expect(instructions).toMatch(/^Look first/);
  });

  test('takes images, groups and roles from a table, and says which lines do not fit', async () => {
    const { page, studio, painted, folder } = library;
    const path = join(folder, 'images.csv');
    const rows = painted.map(({ name }, at) => `${name},g${at % 2},${at === 0 ? 'training' : ''}`);
    writeFileSync(path, ['name,group,role', ...rows, 'elsewhere.png,g1,'].join('\n'));
    await page.goto(`${studio.url}/studies`);
    await pressButton(page.getByRole('button', { name: 'New study from a table…' }));
    const dialog = page.getByRole('dialog', { name: 'New study' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('From a table');
    await dialog.getByRole('radio', { name: 'Pairs' }).press('Space');
    await expect
      .poll(() => dialog.getByLabel('Question about Quality').inputValue())
      .toBe('Which image looks better?');
    await dialog.getByRole('textbox', { name: 'Name' }).press('Enter');
    await dialog.getByText('No images yet.').waitFor();
    const button = dialog.getByRole('button', { name: 'Take the images from a table…' });
    async function choose(table: string): Promise<void> {
      await giveFile(button, table);
    }
    const unknown = join(folder, 'unknown.csv');
    writeFileSync(unknown, 'name\nelsewhere.png\n');
    await choose(unknown);
    await dialog.getByTestId('images-unknown').getByText('Add their folder first').waitFor();
    await choose(path);
    await dialog.getByTestId('images-unknown').waitFor({ state: 'detached' });
    await dialog
      .getByTestId('study-images')
      .getByText(`${count - 1} images to rate`)
      .waitFor();
    await dialog
      .getByTestId('line-problems')
      .getByText(`Line ${count + 2}:`)
      .waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'wizard-table');
    await dialog.getByLabel('Training').press('Control+Enter');
    await page.waitForURL(/\/studies\/\d+$/);
    const [study] = await studio.client.studies.list();
    expect(study).toMatchObject({ name: 'From a table', stimuli: count - 1 });
    expect(study!.design.plan.method).toBe('pairs');
  });

  test('takes the same images from a workbook, JSON, Parquet and text of spreadsheets', async () => {
    const { page, studio, painted, folder } = library;
    const header = ['name', 'prompt', 'group'];
    const rows = painted.map(({ name }, at) => [name, `prüfen ${at}`, `g${at % 2}`]);
    const text = (delimiter: string) => [header, ...rows].map((cells) => cells.join(delimiter)).join('\r\n');
    const files: Record<string, Buffer> = {
      'images.xlsx': makeWorkbook([header, ...rows]),
      'images.json': Buffer.from(
        JSON.stringify(rows.map(([name, prompt, group]) => ({ name, prompt, group }))),
      ),
      'images.parquet': await readContent({
        content: encodeParquet({ columns: columnsOf('text', header), rows }),
      }),
      'latin.csv': Buffer.from(text(';'), 'latin1'),
      'unicode.txt.csv': Buffer.from(`\ufeff${text('\t')}`, 'utf16le'),
    };
    await page.goto(`${studio.url}/studies`);
    await pressButton(page.getByRole('button', { name: 'New study from a table…' }));
    const dialog = page.getByRole('dialog', { name: 'New study' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Formats');
    await dialog.getByRole('textbox', { name: 'Name' }).press('Enter');
    const button = dialog.getByRole('button', { name: 'Take the images from a table…' });
    for (const [fileName, bytes] of Object.entries(files)) {
      const path = join(folder, fileName);
      writeFileSync(path, bytes);
      await giveFile(button, path);
      await dialog.getByTestId('manifest-summary').getByText(`${fileName}: ${count} rows`).waitFor();
      await dialog.getByTestId('study-images').getByText(`${count} images to rate`).waitFor();
      await expect.poll(() => dialog.getByLabel('Group').inputValue()).toBe('group');
      expect(await dialog.getByTestId('line-problems').isVisible()).toBe(false);
    }
    await dialog.getByLabel('Training').press('Control+Enter');
    await page.waitForURL(/\/studies\/\d+$/);
    const [study] = await studio.client.studies.list();
    expect(study).toMatchObject({ name: 'Formats', stimuli: count });
  });

  test('changes a design until the first vote, and makes a next version after it', async () => {
    const { page, studio } = library;
    const { ids } = await studio.client.images.query({ order: 'name' });
    const design = { dimensions: qualityOn(scalePresets.acr5), seed: 5, instructions: '' };
    const made = { name: 'Changing', design, imageIds: ids.slice(0, 2) };
    const { id } = await studio.client.studies.create(made);
    async function change(button: string, title: string, action: string, scale: string): Promise<void> {
      await pressButton(page.getByRole('button', { name: button }));
      const dialog = page.getByRole('dialog', { name: title });
      await dialog.getByLabel('Scale of Quality').selectOption(scale);
      await pressButton(dialog.getByRole('button', { name: action }));
      await dialog.waitFor({ state: 'detached' });
    }
    await page.goto(`${studio.url}/studies/${id}`);
    await change('Change…', 'Change the design', 'Change it', 'acr9');
    const listed = async () => (await studio.client.studies.list()).filter(({ name }) => name === 'Changing');
    expect(await listed()).toMatchObject([{ id, version: 1, stimuli: 2 }]);
    expect((await listed())[0]!.design.dimensions[0]!.scale).toEqual(scalePresets.acr9);
    await beginRating(library, id, 'Ada');
    await vote(page, ['9']);
    await expectStored(page);
    await page.goto(`${studio.url}/studies/${id}`);
    await change('Next version…', 'Version 2 of Changing', 'Make this version', 'continuous5');
    await page.getByText('version 2').waitFor();
    const [next, first] = await listed();
    expect(next).toMatchObject({ version: 2, parentId: id, votes: 0, stimuli: 2 });
    expect(first).toMatchObject({ id, version: 1, votes: 1 });
    expect(first!.design.dimensions[0]!.scale).toEqual(scalePresets.acr9);
  });

  test('nothing broke in the page', () => {
    expect(library.pageErrors).toEqual([]);
  });
});

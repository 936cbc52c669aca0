/** The whole way, with the keyboard alone, as a person goes it: folder, study, two raters, agreement, a head of one's own, export. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeScreens } from '../support/take-screens.ts';
import { findBarriers } from './support/check-access.ts';
import { expectText } from './support/expect-text.ts';
import {
  expectCount,
  expectFocus,
  expectSelected,
  type LibraryPage,
  openLibraryPage,
} from './support/library-page.ts';
import { expectKeyboardIn, pressButton } from './support/press-button.ts';
import { expectStored, paintedImage, readTable, vote } from './support/rating-page.ts';

const count = 16;
/** How two raters differ: Ada is the stricter one, now and then. */
const strictness: Record<string, number> = { Ada: 1, Grace: 0 };

let library: LibraryPage;
let studyId: number;
let mosSetId: number;

/** Levels 1 to 5 that follow the model’s own scores, by image: quality and alignment. */
async function readLevels(rater: string): Promise<Map<number, string[]>> {
  const { client } = library.studio;
  const { ids } = await client.images.query({ order: 'score:quality' });
  return new Map(
    ids.map((id, rank) => {
      const strict = rank % 3 === 0 ? strictness[rater]! : 0;
      const quality = Math.max(1, 1 + Math.floor((rank / count) * 5) - strict);
      return [id, [String(quality), String(1 + ((rank * 3) % 5))]];
    }),
  );
}

beforeAll(async () => {
  library = await openLibraryPage(count);
  await library.page.goto(library.studio.url);
});

afterAll(async () => {
  await library?.close();
});

describe('From a folder to a MOS table', () => {
  test('a folder is added and scored', async () => {
    const { page, pictures } = library;
    await page.getByTestId('first-run').waitFor();
    await page.keyboard.press('f');
    const dialog = page.getByRole('dialog', { name: 'Add a folder' });
    await expect.poll(() => dialog.getByRole('textbox', { name: 'Folder' }).inputValue()).not.toBe('');
    await expectFocus(dialog.getByRole('textbox', { name: 'Folder' }));
    await page.keyboard.press('Control+a');
    await page.keyboard.type(pictures);
    await page.keyboard.press('Enter');
    await expect.poll(() => dialog.getByTestId('browse-images').textContent()).toContain(`${count} images`);
    await pressButton(dialog.getByRole('button', { name: 'Score this folder' }));
    await expectCount(page, `${count} images`);
    await expect.poll(async () => (await library.studio.client.library.coverage()).scored).toBe(count);
  });

  test('everything is selected and becomes a study', async () => {
    const { page, grid, studio } = library;
    await pressButton(page.getByRole('button', { name: 'Close this notice' }));
    await grid.focus();
    await page.keyboard.press('Control+a');
    await expectSelected(page, `${count} selected`);
    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog', { name: `New study of ${count} images` });
    await expectFocus(dialog.getByRole('textbox', { name: 'Name' }));
    await page.keyboard.press('Enter');
    await dialog.getByText('A name is needed.').waitFor();
    await page.keyboard.type('Painted scenes');
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'new-study');
    await page.keyboard.press('Control+Enter');
    await page.waitForURL(/\/studies\/\d+$/);
    const [study] = await studio.client.studies.list();
    expect(study).toMatchObject({ name: 'Painted scenes', stimuli: count });
    expect(study!.design.dimensions.map(({ key }) => key)).toEqual(['quality', 'alignment']);
    studyId = study!.id;
    mosSetId = study!.mosSetId;
  });

  test.each(Object.keys(strictness))('%s rates it with one key a vote', async (rater) => {
    const { page, studio } = library;
    const name = page.getByLabel('Your name');
    await name.focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type(rater);
    await page.keyboard.press('Enter');
    await expectFocus(page.getByRole('button', { name: 'Begin' }));
    await page.keyboard.press('Enter');
    await page.locator('canvas[data-painted-image-id]').waitFor();
    const levels = await readLevels(rater);
    for (let at = 0; at < count; at += 1) await vote(page, levels.get(Number(await paintedImage(page)))!);
    await page.getByText('Every vote is stored.').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`${studio.url}/studies/${studyId}`);
    await page.getByRole('cell', { name: rater, exact: true }).waitFor();
    await page.getByText(`${count} of ${count} images have votes`).waitFor();
  });

  test('agreement shows what the engine measures, with n and intervals, and the image of a disagreement', async () => {
    const { page, studio } = library;
    await page.keyboard.press('a');
    const table = page.getByRole('table', { name: 'Coefficients', exact: true });
    await table.waitFor();
    const choices = await studio.client.agreement.choices();
    const { prediction } = choices.find(({ target, isActive }) => target === 'quality' && isActive)!;
    const { overall, humanCeiling } = await studio.client.agreement.measure({
      prediction,
      mosSetId,
      dimension: 'quality',
    });
    for (const [label, estimate] of [
      ['Main score', overall.mainScore],
      ['SRCC', overall.srcc],
      ['PLCC', overall.plcc],
      ['KRCC', overall.krcc],
      ['RMSE', overall.rmse],
    ] as const) {
      const row = table.getByRole('row', { name: new RegExp(`^${label}`) }).first();
      if (!('value' in estimate)) throw new Error(`${label} should exist: ${estimate.reason}`);
      await expectText(row, estimate.value.toFixed(3).replace('-', '−'), `n ${count}`);
    }
    if (!('value' in overall.srcc)) throw new Error(overall.srcc.reason);
    expect(overall.srcc.value).toBeGreaterThan(0.8);
    const ceiling = table.getByRole('row', { name: /^Human ceiling/ });
    await expectText(ceiling, 'value' in humanCeiling ? humanCeiling.value.toFixed(3) : humanCeiling.reason);
    await page.getByTestId('scatter').locator('canvas').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'agreement');
    const worst = page.getByRole('list', { name: 'Largest disagreements' }).getByRole('button').first();
    await worst.press('Enter');
    await page.getByTestId('image-panel').getByRole('img').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('image-panel').waitFor({ state: 'detached' });
  });

  test('a head is trained and judged beside the current one, which stays active', async () => {
    const { page, studio } = library;
    await page.keyboard.press('h');
    await page.getByRole('table', { name: 'Heads for quality' }).waitFor();
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: 'Train a head' });
    await expectKeyboardIn(dialog);
    await dialog.getByLabel('Dimension').selectOption('quality');
    const name = dialog.getByLabel('Name', { exact: true });
    await name.fill('Ours');
    expect(await findBarriers(page)).toEqual([]);
    await name.press('Enter');
    await page.getByTestId('training-result').waitFor({ timeout: 60_000 });
    const heads = await studio.client.heads.list();
    const ours = heads.find(({ name }) => name === 'Ours')!;
    expect(ours).toMatchObject({ isActive: false, target: 'quality' });
    expect(heads.find(({ id }) => id === ours.parentId)).toMatchObject({ isActive: true });
    const result = page.getByTestId('training-result');
    await expectText(result, `${count} images`);
    const { srcc } = ours.heldOut!;
    if ('value' in srcc) await expectText(result, srcc.value.toFixed(3).replace('-', '−'));
    await takeScreens(page, 'heads');
  });

  test('it becomes active on request, and the scores are the new head’s', async () => {
    const { page, studio } = library;
    const { ids } = await studio.client.images.query({});
    const before = await studio.client.images.cards({ ids });
    await pressButton(
      page.getByTestId('training-result').getByRole('button', { name: 'Make “Ours” active' }),
    );
    await page.getByText('It is the active head.').waitFor();
    const after = await studio.client.images.cards({ ids });
    expect(after.map(({ scores }) => scores['quality'])).not.toEqual(
      before.map(({ scores }) => scores['quality']),
    );
    expect(after.map(({ scores }) => scores['alignment'])).toEqual(
      before.map(({ scores }) => scores['alignment']),
    );
  });

  test('the older head can be restored, and heads can be renamed', async () => {
    const { page, studio } = library;
    await pressButton(page.getByRole('button', { name: 'Rename “Ours”' }));
    await expectFocus(page.getByRole('textbox', { name: 'Name of the head' }));
    await page.keyboard.press('Control+a');
    await page.keyboard.type('Our quality');
    await page.keyboard.press('Enter');
    await page.getByText('Our quality', { exact: true }).waitFor();
    const table = page.getByRole('table', { name: 'Heads for quality' });
    await pressButton(table.getByRole('button', { name: /^Make “.*” active$/ }));
    await expect
      .poll(
        async () => (await studio.client.heads.list()).find(({ name }) => name === 'Our quality')?.isActive,
      )
      .toBe(false);
  });

  test('the MOS table is exported in AGIQA-3K’s columns, with the means of the votes', async () => {
    const { page, studio } = library;
    await page.keyboard.press('t');
    const link = page.getByRole('link', { name: 'MOS CSV: Painted scenes' });
    await link.waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'tables');
    const [download] = await Promise.all([page.waitForEvent('download'), link.press('Enter')]);
    expect(download.suggestedFilename()).toBe('Painted scenes MOS.csv');
    const path = await download.path();
    const header = readFileSync(path, 'utf8').split('\n', 1)[0];
    expect(header).toMatch(/^name,prompt,adj1,adj2,style,mos_quality,std_quality,mos_align,std_align,n_/);
    const rows = readTable(path);
    expect(rows).toHaveLength(count);
    const mos = await studio.client.mos.rows({ mosSetId });
    for (const { name, dimension, mean, n } of mos) {
      const row = rows.find((line) => line['name'] === name)!;
      expect(n).toBe(2);
      expect(Number(row[dimension === 'quality' ? 'mos_quality' : 'mos_align'])).toBe(mean);
    }
  });

  test('another vote moves the MOS on an open study page at once', async () => {
    const { page, studio, context } = library;
    await page.goto(`${studio.url}/studies/${studyId}`);
    await page.getByText(`${count} of ${count} images have votes`).waitFor();
    await pressButton(page.getByRole('button', { name: 'N', exact: true }));
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'study');
    const other = await context.newPage();
    await other.goto(`${studio.url}/rate/${studyId}?rater=Mary`);
    await pressButton(other.getByRole('button', { name: 'Begin' }));
    await other.locator('canvas[data-painted-image-id]').waitFor();
    await vote(other, ['5']);
    await expectStored(other);
    await other.close();
    const table = page.getByRole('region', { name: 'MOS of every image' });
    await pressButton(page.getByRole('button', { name: 'N', exact: true }));
    await expect.poll(() => table.locator('tbody tr').first().textContent()).toMatch(/3[−\d]/);
    await page.goto(`${studio.url}/studies`);
    await page.getByRole('link', { name: 'Painted scenes' }).waitFor();
    await takeScreens(page, 'studies');
    expect(library.pageErrors).toEqual([]);
  });
});

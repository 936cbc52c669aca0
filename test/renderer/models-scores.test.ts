/** Scoring with models: which one, on what; and its Q, S and P wherever numbers stand, with the pack and the head that gave them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeScene } from '../support/make-images.ts';
import { takeScreens } from '../support/take-screens.ts';
import { findBarriers } from './support/check-access.ts';
import { expectText } from './support/expect-text.ts';
import { finishJob } from './support/finish-job.ts';
import { type LibraryPage, openLibraryPage, scorePictures } from './support/library-page.ts';
import { pressButton } from './support/press-button.ts';
import { writeTinyModels } from './support/tiny-models.ts';

const count = 6;
const longMs = 60_000;
/** What no machine of this kind has. */
const missingProvider = process.platform === 'win32' ? /^CoreML/ : /^DirectML/;
let library: LibraryPage;

beforeAll(async () => {
  library = await openLibraryPage(count);
  const { sfiqa, untrained, clip } = await writeTinyModels(join(library.folder, 'models'));
  const { packs } = library.studio.client;
  await finishJob(library, packs.add({ sfiqa }));
  await finishJob(
    library,
    packs.add({ sfiqa, title: 'Quick one', id: 'quick-one', sets: ['base'], precision: 'int8' }),
  );
  await finishJob(library, packs.add({ sfiqa: untrained, title: 'By formula', id: 'by-formula' }));
  await finishJob(library, packs.add({ clip, title: 'Prompts alone', id: 'prompts-alone' }));
  await scorePictures(library);
  const noPrompt = await encodeScene(7, { width: 320, height: 240 });
  writeFileSync(join(library.pictures, 'no-prompt.png'), noPrompt);
});

afterAll(async () => {
  await library?.close();
});

/** No work goes on any more. */
async function expectQuiet(): Promise<void> {
  const { jobs } = library.studio.client;
  await expect
    .poll(async () => (await jobs.list()).some(({ state }) => state === 'running'), { timeout: longMs })
    .toBe(false);
}

function card(title: string): Locator {
  return library.page.getByRole('region', { name: title, exact: true });
}

async function goToModels(): Promise<void> {
  await library.page.goto(`${library.studio.url}/models`);
  await card('Classic').waitFor();
}

/** As the page writes numbers. */
function shown(value: number | null | undefined): string {
  return value!.toFixed(2).replace('-', '−');
}

describe('Scoring with models', () => {
  test('the library is scored with it; afterwards its Q, S and P are the ones that are shown', async () => {
    const { page, studio, painted } = library;
    await goToModels();
    const [before] = await studio.client.jobs.list();
    await pressButton(card('SF-IQA').getByRole('button', { name: /Score the library/ }));
    const dialog = page.getByRole('dialog', { name: 'Score the library' });
    await dialog.getByText('With SF-IQA').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await pressButton(dialog.getByRole('button', { name: 'Score', exact: true }));
    const newest = async () => (await studio.client.jobs.list())[0];
    await expect.poll(async () => (await newest())?.id).not.toBe(before?.id);
    await expectQuiet();
    expect((await newest())?.state).toBe('done');
    expect((await studio.client.settings.get()).packId).toBe('sfiqa');
    await page.goto(studio.url);
    const option = page.getByRole('option', { name: painted[0]!.name });
    await option.waitFor();
    const { ids } = await studio.client.images.query({ filter: { text: painted[0]!.name } });
    const [one] = await studio.client.images.cards({ ids });
    await expectText(
      option,
      `P overall${shown(one!.scores['overall'])}`,
      `Q ${shown(one!.branches.q)}`,
      `S ${shown(one!.branches.s)}`,
    );
    await expect
      .poll(() => page.getByTestId('shown-scores').textContent())
      .toContain('SF-IQA · Released fusion');
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'library-sfiqa');
  });

  test('the viewer names pack and head, shows each trained set, and says why an image has no S', async () => {
    const { page, painted } = library;
    await page.getByRole('option', { name: painted[0]!.name }).dblclick();
    const viewer = page.getByTestId('image-viewer');
    await viewer.getByRole('region', { name: 'Model scores · SF-IQA' }).waitFor();
    await expect.poll(() => viewer.getByTestId('score-overall').textContent()).toContain('Released fusion');
    await expect.poll(() => viewer.getByTestId('branch-q').textContent()).toContain('mean of 2 sets');
    await viewer.getByRole('rowheader', { name: 'rank' }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'viewer-sfiqa');
    await page.keyboard.press('Escape');
    await page.getByRole('option', { name: 'no-prompt.png' }).dblclick();
    const why = viewer.getByTestId('no-s');
    await why.waitFor();
    await expect.poll(() => why.textContent()).toMatch(/S is absent: .*prompt/);
    await expect.poll(() => viewer.getByTestId('branch-s').textContent()).toContain('–');
    await page.keyboard.press('Escape');
  });

  test('the toolbar shows another pack’s scores', async () => {
    const { page, grid, studio, painted } = library;
    // What was looked at is selected still, and what can be done with it stands where the counts do.
    await grid.press('Escape');
    await page.getByRole('combobox', { name: 'Scores of' }).click();
    await page.getByRole('option', { name: 'Classic', exact: true }).click();
    await expect.poll(() => page.getByTestId('shown-scores').textContent()).toContain('Classic');
    expect((await studio.client.settings.get()).packId).toBe('classic');
    const { ids } = await studio.client.images.query({ filter: { text: painted[0]!.name } });
    const [one] = await studio.client.images.cards({ ids });
    const option = page.getByRole('option', { name: painted[0]!.name });
    await expect.poll(() => option.textContent()).toContain(`quality${shown(one!.scores['quality'])}`);
    expect(await option.textContent()).not.toContain('P overall');
    // The picture without a prompt came after Classic had scored.
    await page.getByRole('button', { name: '1 not scored by it…' }).waitFor();
  });

  test('a folder is added with a chosen model on a chosen provider; one that is not there leaves it to the CPU, with the reason', async () => {
    const { page, grid, studio, pictures } = library;
    await grid.focus();
    await page.keyboard.press('f');
    const dialog = page.getByRole('dialog', { name: 'Add a folder' });
    const field = dialog.getByRole('textbox', { name: 'Folder', exact: true });
    await expect.poll(() => field.inputValue()).not.toBe('');
    await field.fill(pictures);
    await field.press('Enter');
    await dialog.getByRole('combobox', { name: 'Score with' }).click();
    expect(await page.getByRole('option', { name: 'By formula (untrained)' }).count()).toBe(0);
    await page.getByRole('option', { name: 'Quick one' }).click();
    await dialog.getByRole('combobox', { name: 'Runs on' }).click();
    await page.getByRole('option', { name: missingProvider }).click();
    await takeScreens(page, 'library-add-folder-model');
    await pressButton(dialog.getByRole('button', { name: /^Score/ }).last());
    await expect
      .poll(
        async () =>
          (await studio.client.packs.list()).find(({ id }) => id === 'quick-one')?.lastUsed?.provider,
        { timeout: longMs },
      )
      .toBe('cpu');
    await expect.poll(async () => (await studio.client.settings.get()).packId).toBe('quick-one');
    await expectQuiet();
    const reason = /dml: DirectML is a part of Windows|coreml: Core ML is a part of macOS/;
    await page.getByTestId('ended-job').filter({ hasText: reason }).waitFor();
    await goToModels();
    await expect.poll(() => card('Quick one').getByTestId('fallback').textContent()).toMatch(reason);
  });

  test('a reduced precision is compared with float32, and the figures stand on its card', async () => {
    const { page, studio } = library;
    await goToModels();
    await pressButton(card('Quick one').getByRole('button', { name: /^Verify/ }));
    const figures = card('Quick one').getByTestId('verification');
    await figures.waitFor({ timeout: longMs });
    const { verification } = (await studio.client.packs.list()).find(({ id }) => id === 'quick-one')!;
    await expectText(figures, verification!.q!.max.toFixed(4), verification!.s!.mean.toFixed(4));
    const text = await figures.textContent();
    expect(text?.includes('not good enough')).toBe(!verification!.isGood);
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'models');
  });

  test('a head on Q and S says which signals it reads', async () => {
    const { page, studio, painted } = library;
    const rows = painted.map(({ name }, at) => `${name},${1 + (at % 5)}.5`);
    const file = new File([`name,mos_quality\n${rows.join('\n')}\n`], 'mos.csv');
    await studio.client.mos.import({ source: { fileName: 'mos.csv', file } });
    await page.goto(`${studio.url}/heads`);
    await page.getByRole('table', { name: 'Heads for overall' }).waitFor();
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: 'Train a head' });
    await dialog.getByLabel('Pack', { exact: true }).selectOption({ label: 'SF-IQA' });
    const signals = dialog.getByRole('radio', { name: /^Signals/ });
    await expect.poll(() => signals.isChecked()).toBe(true);
    await dialog.getByText('Q (base), S (base), Q (rank), S (rank)').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'heads-train-signals');
    await page.keyboard.press('Escape');
  });

  test('agreement offers predictions by pack', async () => {
    const { page, studio } = library;
    await page.goto(`${studio.url}/agreement`);
    const picker = page.getByLabel('Prediction', { exact: true });
    await picker.waitFor();
    const groups = picker.locator('optgroup');
    const namesOf = () => groups.evaluateAll((all) => all.map((one) => one.getAttribute('label')));
    await expect.poll(namesOf).toEqual(expect.arrayContaining(['Classic', 'SF-IQA', 'Quick one']));
    expect(await namesOf()).not.toContain('By formula');
  });

  test('tables leave with pack and heads; the challenge’s lines say what they lack', async () => {
    const { page, studio } = library;
    await page.goto(`${studio.url}/tables`);
    const row = page.getByRole('table', { name: 'Scores' }).getByRole('row', { name: /^SF-IQA/ });
    await row.getByText('Released fusion, mean of 2 (overall)').waitFor();
    await pressButton(row.getByRole('button', { name: 'Challenge lines: SF-IQA' }));
    await page.getByText('No prompt list was imported yet').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'tables-packs');
  });
});

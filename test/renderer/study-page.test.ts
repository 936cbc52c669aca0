/** The page of a running study: doubts about raters and what the owner decides, methods side by side, the recommendations, codes, files. */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scalePresets } from '../../contract/studies.ts';
import { ratingClient } from '../support/add-images.ts';
import { asSpreadsheetSaves } from '../support/import-votes.ts';
import { takeScreens } from '../support/take-screens.ts';
import { type StudioClient, startWebStudio } from '../support/web-studio.ts';
import { findBarriers } from './support/check-access.ts';
import { expectText } from './support/expect-text.ts';
import { expectFocus, type LibraryPage, openLibraryPage, scorePictures } from './support/library-page.ts';
import { giveFile, pressButton } from './support/press-button.ts';
import { bothDimensions, qualityOn, vote } from './support/rating-page.ts';

const count = 20;
const raters = ['Ada', 'Grace', 'Mary', 'Joan', 'Rosa', 'Emmy', 'Lise', 'Clicker'];
let library: LibraryPage;
let studyId: number;
let mosSetId: number;

/** Careful raters follow the image with a little of their own; the clicker always says 3. */
function chooseVote(rater: number, image: number): number {
  if (raters[rater] === 'Clicker') return 3;
  const own = ((rater * 7 + image * 5) % 5) - 2;
  return Math.max(1, Math.min(5, Math.round(1 + (image * 4) / (count - 1) + own * 0.3)));
}

beforeAll(async () => {
  library = await openLibraryPage(count);
  await scorePictures(library);
  const { client } = library.studio;
  const { ids } = await client.images.query({ order: 'name' });
  const design = { dimensions: qualityOn(scalePresets.acr5), seed: 3, instructions: 'Look well.' };
  ({ id: studyId, mosSetId } = await client.studies.create({ name: 'Panel', design, imageIds: ids }));
  for (const [rater, raterName] of raters.entries()) {
    const session = await client.rating.open({ studyId, raterName, client: ratingClient });
    for (const { id, imageId } of session.presentations) {
      await client.rating.vote({
        sessionId: session.sessionId,
        presentationId: id,
        dimension: 'quality',
        value: chooseVote(rater, ids.indexOf(imageId)),
        key: randomUUID(),
        shownMs: 2500,
      });
    }
  }
});

afterAll(async () => {
  await library?.close();
});

async function chooseFolder(dialog: Locator, path: string): Promise<void> {
  const field = dialog.getByRole('textbox', { name: 'Folder' });
  await expect.poll(() => field.inputValue()).not.toBe('');
  await field.fill(path);
  await field.press('Enter');
  await expect
    .poll(() => dialog.getByRole('button', { name: /^(Export here|Take this folder in)$/ }).isEnabled())
    .toBe(true);
  await expect.poll(() => field.inputValue()).toBe(path);
}

async function stateOf(client: StudioClient, kind: string): Promise<string | undefined> {
  return (await client.jobs.list()).find((job) => job.kind === kind)?.state;
}

describe('The page of a study', () => {
  test('shows doubts with their evidence; the owner leaves a rater out with a reason, and takes it back', async () => {
    const { page, studio } = library;
    await page.goto(`${studio.url}/studies/${studyId}`);
    await page.getByText(`${count} of ${count} images have votes`).waitFor();
    await takeScreens(page, 'study-overview');
    await page.getByRole('tab', { name: 'Results' }).click();
    const table = page.getByRole('table', { name: 'Screening of raters' });
    const clicker = table.getByRole('row', { name: /^Clicker/ });
    await clicker.getByText(/100 % of 20 votes are 3/).waitFor();
    await table.getByRole('row', { name: /^Ada/ }).getByText('no doubt').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'study-results');
    const before = await studio.client.mos.rows({ mosSetId });
    await pressButton(page.getByRole('button', { name: 'Leave Clicker out' }));
    const dialog = page.getByRole('dialog', { name: 'Leave Clicker out' });
    await expectFocus(dialog.getByLabel('Reason'));
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.type('Gave one value throughout.');
    await pressButton(dialog.getByRole('button', { name: 'Leave out' }));
    await clicker.getByText(/Left out .*: Gave one value throughout\./).waitFor();
    await clicker.getByText('left out', { exact: true }).waitFor();
    const after = await studio.client.mos.rows({ mosSetId });
    expect(before.every(({ n }) => n === 8)).toBe(true);
    expect(after.every(({ n }) => n === 7)).toBe(true);
    await pressButton(page.getByRole('button', { name: 'Count Clicker again' }));
    await page.getByLabel('Reason').fill('Asked, and it was meant so.');
    await pressButton(page.getByRole('dialog').getByRole('button', { name: 'Count again' }));
    await clicker.getByText(/Counted again .*: Asked/).waitFor();
  });

  test('gives MOS under each method side by side, reliability, SOS, and every image in order', async () => {
    const { page, studio } = library;
    await page.goto(`${studio.url}/studies/${studyId}?show=results`);
    const methods = page.getByRole('table', { name: 'MOS under each method' });
    await methods.getByRole('row', { name: /^Without raters in doubt 7 / }).waitFor();
    const statistics = await studio.client.studies.statistics({ studyId });
    const changed = statistics.estimates.find(({ name }) => name === 'withoutFlagged')!;
    const row = methods.getByRole('row', { name: /^Without raters in doubt/ });
    await expectText(row, changed.rmsChange!.toFixed(3));
    const { splitHalf } = statistics.reliability;
    await expectText(
      page.getByTestId('reliability'),
      'Kendall’s W',
      'Krippendorff’s α, ordinal',
      'value' in splitHalf ? splitHalf.value.toFixed(3) : splitHalf.reason,
      'SOS parameter a',
    );
    const images = page.getByRole('region', { name: 'Every image' });
    const best = Math.max(...statistics.images.mos.map((mos) => mos ?? 0));
    await expect.poll(() => images.locator('tbody tr').first().textContent()).toContain(best.toFixed(2));
    await page.getByRole('radiogroup', { name: 'Columns' }).getByText('Under each method').click();
    await images.getByRole('columnheader', { name: /^No doubt/ }).waitFor();
    const first = images.locator('tbody tr').first();
    const at = statistics.images.mos.indexOf(best);
    await expect.poll(() => first.textContent()).toContain(changed.mos[at]!.toFixed(2));
    await takeScreens(page, 'study-methods');
    const choice = page.getByLabel('BT.500 rejects by');
    await choice.selectOption('BT.500: as sureal does');
    await methods.getByRole('row', { name: /^Without those BT\.500-14 rejects/ }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });

  test('stands beside the recommendations, and gives a paragraph and a table for a paper', async () => {
    const { page } = library;
    await page.getByRole('tab', { name: 'By the book' }).click();
    await page.getByTestId('standing').getByText('informal', { exact: true }).waitFor();
    const list = page.getByRole('table', { name: 'Checklist' });
    await list.getByRole('row', { name: /Number of observers ✗ not met/ }).waitFor();
    await list.getByRole('row', { name: /Instructions ✓ met/ }).waitFor();
    await list.getByRole('row', { name: /Hidden references – not applicable/ }).waitFor();
    const votes = list.getByRole('row', { name: /Votes an image/ });
    await votes.getByText(/^35 subjects/).waitFor();
    await page.getByText('In a controlled room').click();
    await votes.getByText(/^24 subjects/).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'study-standard');
    await page
      .getByTestId('methods')
      .getByText(/8 raters|eight raters/)
      .first()
      .waitFor();
    await pressButton(page.getByRole('button', { name: 'Copy paragraph' }));
    expect(await page.evaluate('navigator.clipboard.readText()')).toContain('20 images');
  });

  test('makes codes, shows the link as a QR code where there is one, and takes them back', async () => {
    const { page, studio } = library;
    // As a door on a network would serve the page: who sits there comes with it, and where the studio is reached.
    await page.route(`${studio.url}/studies/*`, async (route) => {
      const response = await route.fetch();
      const html = await response.text();
      const reached = '&quot;addresses&quot;:[&quot;http://192.168.1.5:7430/&quot;]';
      await route.fulfill({ response, body: html.replace('&quot;addresses&quot;:[]', reached) });
    });
    await page.goto(`${studio.url}/studies/${studyId}?show=raters`);
    await page.getByLabel('Names of raters').fill('Vera\nIda, Sofia');
    await pressButton(page.getByRole('button', { name: 'Make 3 codes' }));
    const table = page.getByRole('table', { name: 'Join codes' });
    await expect.poll(() => table.getByRole('row').count()).toBe(4);
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'study-invite');
    await pressButton(page.getByRole('button', { name: 'QR code for Vera' }));
    const dialog = page.getByRole('dialog', { name: 'Vera' });
    const [vera] = await studio.client.studies.invitations({ studyId });
    await dialog.getByRole('img', { name: 'QR code of the join link' }).waitFor();
    await dialog.getByText(/^http:\/\/192\.168\.1\.5:7430\/join\//).waitFor();
    await takeScreens(page, 'study-qr');
    await page.keyboard.press('Escape');
    await pressButton(page.getByRole('button', { name: 'Take back the code for Ida' }));
    await table.getByRole('row', { name: /^Ida/ }).getByText('taken back').waitFor();
    expect(vera).toBeDefined();
    await page.unrouteAll();
  });

  test('gives tables and results away, and takes results in as often as they come', async () => {
    const { page, studio, folder } = library;
    await page.goto(`${studio.url}/studies/${studyId}?show=files`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Results' }).press('Enter'),
    ]);
    const path = join(folder, 'results.json');
    await download.saveAs(path);
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'study-files');
    const button = page.getByRole('button', { name: 'Merge results…' });
    await giveFile(button, path);
    await page
      .getByTestId('merged')
      .getByText(`0 new votes of 0 sittings; ${8 * count} were here already.`)
      .waitFor();
    for (const name of [
      'MOS by method: Quality',
      'Methods: Quality',
      'Screening: Quality',
      'Matrix: Quality',
      'P.910 toolkit: Quality',
      'sureal JSON: Quality',
    ]) {
      const href = await page.getByRole('link', { name }).getAttribute('href');
      expect((await fetch(`${studio.url}${href}`)).status).toBe(200);
    }
  });

  test('a study pack goes to another machine, is rated there by those who are named, and its results come back', async () => {
    const { page, studio, folder, context } = library;
    const { ids } = await studio.client.images.query({ order: 'name' });
    const design = { dimensions: qualityOn(scalePresets.acr5), seed: 5, instructions: '' };
    const made = { name: 'Away', design, imageIds: ids.slice(0, 2) };
    const { id, mosSetId: own } = await studio.client.studies.create(made);
    await page.goto(`${studio.url}/studies/${id}?show=files`);
    await pressButton(page.getByRole('button', { name: 'Export a study pack…' }));
    const dialog = page.getByRole('dialog', { name: 'Study pack of Away' });
    await dialog.getByLabel('Who rates there').fill('Vera');
    await chooseFolder(dialog, folder);
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'study-pack');
    await pressButton(dialog.getByRole('button', { name: 'Export here' }));
    await expect.poll(() => stateOf(studio.client, 'exportStudy')).toBe('done');

    const elsewhere = await startWebStudio();
    const other = await context.newPage();
    try {
      await other.goto(`${elsewhere.url}/studies`);
      await pressButton(other.getByRole('button', { name: 'Take a study pack in…' }));
      const take = other.getByRole('dialog', { name: 'Take a study pack in' });
      await chooseFolder(take, folder);
      await pressButton(take.getByRole('button', { name: /^Away\.sfiqa-study/ }));
      expect(await findBarriers(other)).toEqual([]);
      await takeScreens(other, 'study-take-in');
      await pressButton(take.getByRole('button', { name: 'Take this file in' }));
      await other.getByRole('link', { name: 'Away' }).press('Enter');
      await other.getByLabel('Your name').fill('Vera');
      await other.keyboard.press('Enter');
      await pressButton(other.getByRole('button', { name: 'Begin' }));
      await other.locator('canvas[data-painted-image-id]').waitFor();
      await vote(other, ['5', '2']);
      await other.getByText('Every vote is stored.').waitFor();
      const [study] = await elsewhere.client.studies.list();
      const results = await fetch(`${elsewhere.url}/export?kind=results&studyId=${study!.id}`);
      writeFileSync(join(folder, 'away.json'), await results.text());
    } finally {
      await other.close();
      await elsewhere.stop();
    }
    const button = page.getByRole('button', { name: 'Merge results…' });
    await giveFile(button, join(folder, 'away.json'));
    await page.getByTestId('merged').getByText('2 new votes of 1 sittings').waitFor();
    const rows = await studio.client.mos.rows({ mosSetId: own });
    expect(rows.map(({ mean }) => mean).toSorted()).toEqual([2, 5]);
  });

  test('imports raw votes after a look at them, and refuses them whole where a line does not fit', async () => {
    const { page, studio, painted, folder } = library;
    const lines = painted
      .slice(0, 4)
      .flatMap(({ name }, at) =>
        ['P1', 'P2', 'P3'].map((rater, other) => `${name},${rater},${1 + ((at + other) % 5)}`),
      );
    const path = join(folder, 'votes.csv');
    writeFileSync(path, ['stimulus,who,opinion', ...lines, `${painted[0]!.name},P4,many`].join('\n'));
    await page.goto(`${studio.url}/studies`);
    await pressButton(page.getByRole('button', { name: 'Import votes…' }));
    const dialog = page.getByRole('dialog', { name: 'Import votes' });
    async function choose(): Promise<void> {
      const button = dialog.getByRole('button', { name: 'Choose a table of votes…' });
      await giveFile(button, path);
      await dialog.getByLabel('Shape').selectOption('long');
      await dialog.getByLabel('Image', { exact: true }).selectOption('stimulus');
      await dialog.getByLabel('Rater', { exact: true }).selectOption('who');
      await dialog.getByLabel('Vote', { exact: true }).selectOption('opinion');
    }
    await choose();
    await dialog.getByTestId('line-problems').getByText('Line 14:').waitFor();
    await expect.poll(() => dialog.getByRole('button', { name: /^Import/ }).isDisabled()).toBe(true);
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'votes-import');
    writeFileSync(path, asSpreadsheetSaves(['stimulus,who,opinion', ...lines, ',,']));
    await choose();
    await dialog
      .getByTestId('votes-summary')
      .getByText(/12 votes of 3 raters on 4 images/)
      .waitFor();
    const submit = dialog.getByRole('button', { name: 'Import 12 votes' });
    await expect.poll(() => submit.isEnabled()).toBe(true);
    await submit.press('Enter');
    await page.waitForURL(/\/studies\/\d+$/);
    const [study] = await studio.client.studies.list();
    expect(study).toMatchObject({ name: 'votes', origin: 'table', votes: 12, stimuli: 4 });
  });

  test('a study of two questions asks which one the figures are about', async () => {
    const { page, studio } = library;
    const { ids } = await studio.client.images.query({ order: 'name' });
    const design = { dimensions: bothDimensions, seed: 1, instructions: '' };
    const study = await studio.client.studies.create({ name: 'Two', design, imageIds: ids.slice(0, 3) });
    await page.goto(`${studio.url}/studies/${study.id}?show=results`);
    await page.getByText('Nobody has rated yet.').waitFor();
    await page.getByText('Alignment', { exact: true }).click();
    await page.getByText('Nobody has rated yet.').waitFor();
    expect(library.pageErrors).toEqual([]);
  });
});

/** From a head to a better one in a browser: what to rate next, a blind study of it, votes, retraining, the held-out change; for both packs. */
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Head } from '../../contract/heads.ts';
import { takeScreens } from '../support/take-screens.ts';
import { findBarriers } from './support/check-access.ts';
import { expectText } from './support/expect-text.ts';
import { finishJob } from './support/finish-job.ts';
import { expectFocus, type LibraryPage, openLibraryPage, scorePictures } from './support/library-page.ts';
import { pressButton } from './support/press-button.ts';
import { paintedImage, vote } from './support/rating-page.ts';
import { writeTinyModels } from './support/tiny-models.ts';

const count = 24;
const asked = 14;
const longMs = 60_000;
let library: LibraryPage;

beforeAll(async () => {
  library = await openLibraryPage(count);
  const { sfiqa } = await writeTinyModels(join(library.folder, 'models'));
  const { packs, library: images } = library.studio.client;
  await finishJob(library, packs.add({ sfiqa }));
  await scorePictures(library);
  await finishJob(library, images.score({ folder: library.pictures, packId: 'sfiqa' }));
});

afterAll(async () => {
  await library?.close();
});

async function activeHead(packId: string, target: string): Promise<Head> {
  const heads = await library.studio.client.heads.list();
  return heads.find((head) => head.packId === packId && head.target === target && head.isActive)!;
}

async function findHead(name: string): Promise<Head | undefined> {
  return (await library.studio.client.heads.list()).find((head) => head.name === name);
}

/** Asks what to rate next with a pack, makes the blind study with one click, and gives its id. */
async function makeQueue(pack: string, dimension: string): Promise<number> {
  const { page, studio } = library;
  await page.goto(`${studio.url}/heads?view=next`);
  await page.getByLabel('Pack').selectOption({ label: pack });
  await page.getByLabel('Ratings so far').selectOption({ label: 'none yet' });
  await page.getByLabel('Dimension').selectOption(dimension);
  await page.getByLabel('Images', { exact: true }).fill(String(asked));
  await pressButton(page.getByRole('button', { name: 'Find the images' }));
  await page.getByRole('list', { name: 'Images to rate next' }).waitFor();
  await pressButton(page.getByRole('button', { name: 'Make a blind study of them' }));
  await page.waitForURL(/\/studies\/\d+$/);
  return Number(page.url().split('/').at(-1));
}

/** Rates every image of a study as its place in the score's order says, by key; ends on the study's page. */
async function rateAll(studyId: number, levelOf: ReadonlyMap<number, number>): Promise<void> {
  const { page, studio } = library;
  const name = page.getByLabel('Your name');
  await name.fill('Ada');
  await name.press('Enter');
  await expectFocus(page.getByRole('button', { name: 'Begin' }));
  await page.keyboard.press('Enter');
  await page.locator('canvas[data-painted-image-id]').waitFor();
  // Blind: no score of a model and no reason is on the page.
  expect(await page.locator('body').textContent()).not.toMatch(/SF-IQA score|NIQE|stands for/);
  for (let at = 0; at < asked; at += 1) {
    await vote(page, [String(levelOf.get(Number(await paintedImage(page)))!)]);
  }
  await page.getByText('Every vote is stored.').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(`${studio.url}/studies/${studyId}`);
}

/** From one to five along the order of a target's scores. */
async function levelsBy(packId: string, target: string): Promise<Map<number, number>> {
  const { client } = library.studio;
  await client.settings.change({ packId });
  const { ids } = await client.images.query({ order: `score:${target}` });
  return new Map(ids.map((id, at) => [id, 1 + Math.floor((5 * at) / ids.length)]));
}

/** Trains on the votes of the study that is open. */
async function retrain(
  pack: string,
  name: string,
  choose: (dialog: Locator) => Promise<void> = async () => undefined,
): Promise<Head> {
  const { page, studio } = library;
  await page.getByRole('link', { name: 'Train a head on it…' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Train a head' });
  const [study] = await studio.client.studies.list();
  await expect.poll(() => dialog.getByLabel('MOS set').inputValue()).toBe(String(study!.mosSetId));
  await dialog.getByLabel('Pack', { exact: true }).selectOption({ label: pack });
  await choose(dialog);
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('Name', { exact: true }).press('Enter');
  await vi.waitUntil(() => findHead(name), { timeout: longMs, interval: 100 });
  return (await findHead(name))!;
}

/** The held-out change stands on the page as the engine has it, with its interval. */
async function expectChange(head: Head): Promise<void> {
  const result = library.page.getByTestId('training-result');
  await result.waitFor();
  const { srccDifference } = head.heldOut!;
  if (!('value' in srccDifference)) throw new Error(srccDifference.reason);
  const { value, low, high } = srccDifference;
  const row = result.getByRole('row', { name: /^SRCC/ }).first();
  await expectText(row, ...[value, low!, high!].map((number) => Math.abs(number).toFixed(4)));
}

describe('From what to rate next to a retrained head', () => {
  test('with the built-in pack: queue, blind votes, retraining, held-out change with its interval', async () => {
    const levels = await levelsBy('classic', 'quality');
    const studyId = await makeQueue('Classic', 'quality');
    const parent = await activeHead('classic', 'quality');
    await rateAll(studyId, levels);
    const head = await retrain('Classic', 'From the queue');
    expect(head).toMatchObject({ target: 'quality', parentId: parent.id, trainedOn: { images: asked } });
    await expectChange(head);
    expect((await activeHead('classic', 'quality')).id).toBe(parent.id);
    // Kept unless one says otherwise.
    const { page } = library;
    const result = page.getByTestId('training-result');
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'heads-trained');
    await pressButton(result.getByRole('button', { name: /^Discard/ }));
    const dialog = page.getByRole('dialog', { name: 'Discard “From the queue”' });
    await pressButton(dialog.getByRole('button', { name: 'Discard', exact: true }));
    await result.waitFor({ state: 'detached' });
    expect(await findHead('From the queue')).toBeUndefined();
  });

  test('with SF-IQA: the fusion on Q and S trained on, the last quality layer along', async () => {
    const { page } = library;
    const levels = await levelsBy('sfiqa', 'overall');
    const studyId = await makeQueue('SF-IQA', 'overall');
    const parent = await activeHead('sfiqa', 'overall');
    await rateAll(studyId, levels);
    const head = await retrain('SF-IQA', 'Fusion of ours', async (dialog) => {
      await expect.poll(() => dialog.getByRole('radio', { name: /^Signals/ }).isChecked()).toBe(true);
      await dialog.getByText(/It starts from “Released fusion, mean of 2”, in use for overall/).waitFor();
      await dialog.getByLabel('The current head, trained on').check();
      await dialog.getByRole('switch', { name: 'Train the last quality layer along' }).check();
      await dialog.getByLabel('Epochs').fill('20');
      expect(await findBarriers(page)).toEqual([]);
      await takeScreens(page, 'heads-train-layer');
    });
    expect(head).toMatchObject({ inputs: 'signals', target: 'overall', parentId: parent.id });
    expect(head.training).toMatchObject({ method: 'tuned+layer', epochs: 20 });
    await expectChange(head);
    await pressButton(page.getByRole('button', { name: 'Details of “Fusion of ours”' }));
    const details = page.getByTestId('head-details');
    await details.getByText('trained along').waitFor();
    await page.keyboard.press('Escape');
    await details.waitFor({ state: 'detached' });
  });

  test('in use, it shows beside each score how sure it is, with the coverage of the interval', async () => {
    const { page, studio } = library;
    await pressButton(
      page.getByTestId('training-result').getByRole('button', { name: 'Make “Fusion of ours” active' }),
    );
    await expect.poll(async () => (await activeHead('sfiqa', 'overall')).name).toBe('Fusion of ours');
    const head = await activeHead('sfiqa', 'overall');
    const { ids } = await studio.client.images.query({ order: 'name' });
    const { coverage, rows } = await studio.client.heads.predict({ id: head.id, imageIds: [ids[0]!] });
    const { low, high, spread } = rows[0]!;
    const shown = (value: number) => value.toFixed(2).replace('-', '−');
    await page.goto(studio.url);
    await page.getByText(`${count} images`, { exact: true }).waitFor();
    await library.grid.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    const figure = page.getByTestId('score-overall');
    expect(coverage).toBe(0.9);
    await figure.getByText(`90 %: ${shown(low!)} to ${shown(high!)}`).waitFor();
    await figure.getByText(`networks differ by ${shown(spread!)}`).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'viewer-uncertainty');
    // The same beside a disagreement of model and raters.
    await page.goto(`${studio.url}/agreement`);
    const worst = page.getByRole('list', { name: 'Largest disagreements' }).getByRole('button').first();
    await worst.press('Enter');
    const panel = page.getByTestId('image-panel');
    await panel.getByText(/ · 90 %: −?[\d.]+ to −?[\d.]+ · networks differ by [\d.]+$/).waitFor();
    expect(library.pageErrors).toEqual([]);
  });
});

test('the dialog that trains takes the keyboard to its first field, also where its ratings come late', async () => {
  const { page, studio } = library;
  const late = Promise.withResolvers<void>();
  await page.route(/mos\/sets/, async (route) => {
    await late.promise;
    await route.continue();
  });
  await page.goto(`${studio.url}/heads`);
  await page.getByRole('table', { name: 'Heads for quality' }).waitFor();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'Train a head' });
  await dialog.getByLabel('Reading').waitFor();
  late.resolve();
  await expectFocus(dialog.getByLabel('MOS set'));
  await page.unroute(/mos\/sets/);
});

/** Models through the page: added from checkpoint files after a plan, exported, removed after asking; bad ones refused with what to do. */
import { appendFileSync, mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { formatBytes } from '../../renderer/shared/format.ts';
import { writeUntrained } from '../../scripts/support/make-untrained.ts';
import { type Hub, openPickScoreHub } from '../support/hub.ts';
import { takeScreens } from '../support/take-screens.ts';
import { findBarriers } from './support/check-access.ts';
import { expectReachableZoomed } from './support/check-reach.ts';
import { expectText } from './support/expect-text.ts';
import { type LibraryPage, openLibraryPage } from './support/library-page.ts';
import { pressButton } from './support/press-button.ts';
import { type TinyModels, writeTinyModels } from './support/tiny-models.ts';

const longMs = 60_000;
let library: LibraryPage;
let models: TinyModels;
let hub: Hub;

beforeAll(async () => {
  const published = await writeUntrained('tinyClip', mkdtempSync(join(tmpdir(), 'published-')));
  hub = await openPickScoreHub(dirname(published));
  vi.stubEnv('HF_ENDPOINT', hub.endpoint);
  vi.stubEnv('HF_TOKEN', '');
  library = await openLibraryPage(1);
  models = await writeTinyModels(join(library.folder, 'models'));
});

afterAll(async () => {
  await library?.close();
  await hub?.close();
  vi.unstubAllEnvs();
});

function card(title: string): Locator {
  return library.page.getByRole('region', { name: title, exact: true });
}

async function goToModels(): Promise<void> {
  await library.page.goto(`${library.studio.url}/models`);
  await card('Classic').waitFor();
}

/** The dialog, opened by its key. */
async function openDialog(): Promise<Locator> {
  await library.page.keyboard.press('n');
  const dialog = library.page.getByRole('dialog', { name: 'Add a model' });
  await dialog.waitFor();
  return dialog;
}

/** Types a path into a field and leaves it. */
async function givePath(dialog: Locator, label: string, path: string): Promise<void> {
  const field = dialog.getByRole('textbox', { name: label, exact: true });
  await field.fill(path);
  await field.press('Enter');
}

/** Chooses what is added, by its radio. */
async function chooseKind(dialog: Locator, name: string): Promise<void> {
  await dialog.getByRole('radio', { name }).check();
}

/** A pack with a similarity branch is there, so the offer is in the dialog alone. */
async function fetchByButton(): Promise<void> {
  await goToModels();
  const dialog = await openDialog();
  await chooseKind(dialog, 'PickScore, any CLIP');
  await pressButton(dialog.getByRole('button', { name: 'Fetch PickScore_v1' }));
  await dialog.waitFor({ state: 'detached' });
}

describe('Models', () => {
  test('each pack says what it gives and does not, with figures, signals, sources and licence', async () => {
    await goToModels();
    for (const pack of await library.studio.client.packs.list()) {
      const region = card(pack.title);
      await region.getByText(pack.summary, { exact: true }).waitFor();
      const figures = pack.heads.flatMap((head) => Object.values(head.figures));
      await expectText(
        region,
        ...[...pack.knows, ...pack.doesNotKnow, pack.licence],
        ...figures.flatMap(({ srcc, plcc }) => [srcc.toFixed(3), plcc.toFixed(3)]),
        ...pack.signals.map(({ description }) => description),
        ...pack.sources.map(({ title, licence }) => `${title} (${licence})`),
      );
      for (const { name, reason } of pack.absent) {
        await expectText(region.getByTestId(`absent-${name}`), reason);
      }
    }
  });

  test('a path that leads nowhere is told of at once; nothing can be added', async () => {
    await goToModels();
    const dialog = await openDialog();
    await givePath(dialog, 'SF-IQA weights', join(library.folder, 'nowhere.pt'));
    const alert = dialog.getByRole('alert');
    await alert.waitFor();
    await expect.poll(() => alert.textContent()).toContain('nowhere.pt');
    await expect.poll(() => dialog.getByRole('button', { name: 'Add', exact: true }).isDisabled()).toBe(true);
    await library.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('a path is taken as the system copies it; below its plan “Add” stays in view, on a small window, too', async () => {
    const { page } = library;
    await goToModels();
    const dialog = await openDialog();
    await givePath(dialog, 'SF-IQA weights', `"${models.sfiqa}"`);
    await dialog.getByTestId('plan').getByText('the weights of SF-IQA').waitFor();
    expect(await dialog.getByRole('textbox', { name: 'SF-IQA weights' }).inputValue()).toBe(models.sfiqa);
    const add = dialog.getByRole('button', { name: 'Add', exact: true });
    for (const height of [800, 400]) {
      await page.setViewportSize({ width: height * 1.6, height });
      await expect.poll(async () => (await add.boundingBox())!.y + 30).toBeLessThan(height);
      await add.click({ trial: true });
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await givePath(dialog, 'SF-IQA weights', 'weights_dict.pt');
    await dialog.getByRole('alert').getByText('“weights_dict.pt” does not say where it lies').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('a model is found by browsing, planned and added with the keyboard alone; what it costs is said first', async () => {
    const { page, studio } = library;
    const dialog = await openDialog();
    await pressButton(dialog.getByRole('button', { name: 'Browse for SF-IQA weights' }));
    const place = dialog.getByRole('textbox', { name: 'Folder', exact: true });
    await expect.poll(() => place.inputValue()).not.toBe('');
    await place.fill(join(library.folder, 'models'));
    await place.press('Enter');
    await pressButton(dialog.getByRole('button', { name: 'sf-iqa', exact: true }));
    const file = dialog.getByRole('button', { name: /^weights\.safetensors/ });
    await file.waitFor();
    await expect.poll(() => file.textContent()).toContain('13 MB');
    await takeScreens(page, 'models-browse');
    await file.press('Enter');
    const plan = dialog.getByTestId('plan');
    await plan.waitFor();
    const order = { sfiqa: models.sfiqa };
    const { parts, notes, writesBytes, graphFolder } = await studio.client.packs.plan(order);
    const told = [...parts.map(({ what }) => what), ...parts.map(({ path }) => path), ...notes];
    await expectText(plan, ...told, `${formatBytes(writesBytes)} of `);
    const copies = dialog.getByRole('checkbox', { name: 'Copy the weights into the library' });
    await copies.check();
    await plan.getByText(/of your files are copied into the library/).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'models-add');
    await copies.uncheck();
    await plan.getByText(/of your files are linked, not copied/).waitFor();
    await expect.poll(() => plan.getAttribute('aria-busy')).toBe('false');
    await pressButton(dialog.getByRole('button', { name: 'Add', exact: true }));
    await card('SF-IQA').waitFor({ timeout: longMs });
    await expectText(card('SF-IQA'), 'Q, S, P (overall)', 'base, rank', models.sfiqa);
    // Graphs for three kinds of provider, a manifest, a tokeniser: nothing of the weights, whose file is the linked one.
    const files = readdirSync(graphFolder).map((name) => statSync(join(graphFolder, name)));
    const own = files.filter(({ nlink }) => nlink === 1);
    const writtenBytes = own.reduce((sum, { size }) => sum + size, 0);
    expect(Math.abs(writesBytes - writtenBytes)).toBeLessThan(0.01 * writtenBytes);
    expect(files.filter(({ nlink }) => nlink > 1).map(({ size }) => size)).toEqual([parts[0]!.sizeBytes]);
    expect(Math.max(...own.map(({ size }) => size))).toBeLessThan(0.02 * parts[0]!.sizeBytes);
  });

  test('a second one of the same kind needs a name; sets and precision are chosen', async () => {
    const { studio } = library;
    await goToModels();
    const dialog = await openDialog();
    await givePath(dialog, 'SF-IQA weights', models.sfiqa);
    await dialog.getByRole('alert').filter({ hasText: 'There is a pack' }).waitFor();
    await givePath(dialog, 'Name', 'Quick one');
    await dialog.getByTestId('plan').waitFor();
    await dialog.getByRole('checkbox', { name: 'rank' }).uncheck();
    await dialog.getByRole('radio', { name: /^int8/ }).check();
    await expect.poll(() => dialog.getByTestId('plan').getAttribute('aria-busy')).toBe('false');
    await pressButton(dialog.getByRole('button', { name: 'Add', exact: true }));
    await card('Quick one').waitFor({ timeout: longMs });
    const pack = (await studio.client.packs.list()).find(({ id }) => id === 'quick-one');
    expect(pack?.network).toMatchObject({ members: ['base'], precision: 'int8' });
    await expect
      .poll(() => card('Quick one').getByTestId('not-verified').textContent())
      .toContain('Not yet compared');
  });

  test('an untrained model says that its numbers are not scores, and none of them can be asked for', async () => {
    await goToModels();
    const dialog = await openDialog();
    await givePath(dialog, 'SF-IQA weights', models.untrained);
    await givePath(dialog, 'Name', 'By formula');
    await dialog.getByTestId('plan').waitFor();
    await pressButton(dialog.getByRole('button', { name: 'Add', exact: true }));
    const region = card('By formula');
    await region.getByText('Untrained: its numbers are not scores').waitFor({ timeout: longMs });
    expect(await region.getByRole('button', { name: /Show its scores/ }).count()).toBe(0);
    expect(await region.getByRole('button', { name: /Score the library/ }).count()).toBe(0);
  });

  test('files dropped on a browser’s window cannot be found by it: it says so and offers the way', async () => {
    const { page } = library;
    await goToModels();
    await page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      for (const name of ['weights_dict.pt', 'fox.png']) dataTransfer.items.add(new File(['x'], name));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    });
    const dialog = page.getByRole('dialog', { name: 'Add a model' });
    const alert = dialog.getByRole('alert').filter({ hasText: 'does not tell where' });
    await alert.waitFor();
    await expect.poll(() => alert.textContent()).toMatch(/Find weights_dict\.pt with “Browse…”/);
    await dialog.getByRole('alert').getByText('There is no place here for fox.png').waitFor();
    await page.keyboard.press('Escape');
  });

  test('fetching PickScore: other bytes than were promised are refused, a cancelled download goes on where it stopped, offline it is told what to bring', async () => {
    const { page, studio } = library;
    const to = join(studio.libraryFolder, 'checkpoints', 'pickscore');
    const end = page.getByTestId('pack-job-end');
    hub.faults.isCorrupt = true;
    await fetchByButton();
    await end.filter({ hasText: 'failed' }).waitFor({ timeout: longMs });
    await expect
      .poll(() => end.textContent())
      .toMatch(/did not arrive as its source describes it \(sha256 .* Nothing/);

    hub.faults.isCorrupt = false;
    hub.faults.stallAfter = 100_000;
    await fetchByButton();
    const part = () => readdirSync(to).find((name) => name.endsWith('.part'));
    const partBytes = () => (part() === undefined ? 0 : statSync(join(to, part()!)).size);
    await expect.poll(partBytes, { timeout: longMs }).toBe(100_000);
    await pressButton(page.getByTestId('running-job').getByRole('button', { name: 'Cancel' }));
    await end.filter({ hasText: 'it goes on from there' }).waitFor();

    delete hub.faults.stallAfter;
    await fetchByButton();
    await card('PickScore v1').waitFor({ timeout: longMs });
    expect(hub.asked.some(({ range }) => range?.startsWith('bytes=100000-'))).toBe(true);

    await studio.client.packs.remove({ id: 'pickscore' });
    await card('PickScore v1').waitFor({ state: 'detached' });
    await hub.close();
    await fetchByButton();
    await end.filter({ hasText: 'failed' }).waitFor({ timeout: longMs });
    await expectText(
      end,
      'config.json, model.safetensors from https://huggingface.co/yuvalkirstain/PickSc',
      'tokenizer.json from https://huggingface.co/laion/CLIP-ViT-H-14-laion2B-s32B-b79K',
      `put the files into ${to}. Then add that folder`,
    );
    await takeScreens(page, 'models-offline');
    await pressButton(end.getByRole('button', { name: 'Close this notice' }));
    await end.waitFor({ state: 'detached' });
  });

  test('a pack is exported, removed after asking, and added again from its folder', async () => {
    const { page, studio, folder } = library;
    await goToModels();
    await pressButton(card('SF-IQA').getByRole('button', { name: /^Export/ }));
    const exporting = page.getByRole('dialog', { name: 'Export SF-IQA' });
    const place = exporting.getByRole('textbox', { name: 'Folder', exact: true });
    await expect.poll(() => place.inputValue()).not.toBe('');
    await place.fill(folder);
    await place.press('Enter');
    await pressButton(exporting.getByRole('button', { name: 'models', exact: true }));
    await pressButton(exporting.getByRole('button', { name: 'sf-iqa', exact: true }));
    // Files are told of, and are no buttons: a folder is chosen.
    await exporting.getByText('weights.safetensors').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await expectReachableZoomed(page);
    expect(await exporting.getByRole('button', { name: /weights/ }).count()).toBe(0);
    await place.fill(folder);
    await place.press('Enter');
    await exporting.getByRole('button', { name: 'models', exact: true }).waitFor();
    await pressButton(exporting.getByRole('button', { name: 'Export here' }));
    await page.getByTestId('pack-job-end').filter({ hasText: 'done' }).waitFor({ timeout: longMs });

    await pressButton(card('SF-IQA').getByRole('button', { name: /^Remove/ }));
    const asking = page.getByRole('dialog', { name: 'Remove SF-IQA?' });
    await asking.waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await expectReachableZoomed(page);
    await pressButton(asking.getByRole('button', { name: 'Keep it' }));
    await asking.waitFor({ state: 'detached' });
    expect((await studio.client.packs.list()).map(({ id }) => id)).toContain('sfiqa');
    await pressButton(card('SF-IQA').getByRole('button', { name: /^Remove/ }));
    await pressButton(asking.getByRole('button', { name: 'Remove' }));
    await card('SF-IQA').waitFor({ state: 'detached' });

    const dialog = await openDialog();
    await chooseKind(dialog, 'An exported pack');
    await givePath(dialog, 'Pack folder', join(folder, 'sfiqa'));
    await dialog.getByTestId('plan').waitFor();
    await pressButton(dialog.getByRole('button', { name: 'Add', exact: true }));
    await card('SF-IQA').waitFor({ timeout: longMs });
  });

  test('a checkpoint that was changed is told of on its card, with what to do', async () => {
    const { page } = library;
    appendFileSync(models.sfiqa, 'more');
    await goToModels();
    const alert = card('Quick one').getByRole('alert').filter({ hasText: 'It cannot be used now' });
    await alert.waitFor();
    await expect.poll(() => alert.textContent()).toContain(models.sfiqa);
    expect(
      await card('Quick one')
        .getByRole('button', { name: /^Score the library/ })
        .isDisabled(),
    ).toBe(true);
    expect(await findBarriers(page)).toEqual([]);
    expect(library.pageErrors).toEqual([]);
  });
});

/** Models that cannot be used, each for another reason: the card says what is wrong, where, and what to do, and offers only what works. */
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LentBrowser, lendBrowser } from '../support/lend-browser.ts';
import { openTestStudio } from '../support/open-test-studio.ts';
import { canMount, mountSmall } from '../support/small-disk.ts';
import { startWebStudio, type WebStudio } from '../support/web-studio.ts';
import { findBarriers } from './support/check-access.ts';
import { pressButton } from './support/press-button.ts';
import { writeTinyModels } from './support/tiny-models.ts';

const folder = mkdtempSync(join(tmpdir(), 'models-states-'));
const libraryFolder = join(folder, 'library');
let studio: WebStudio;
let browser: LentBrowser;
let page: Page;
let sfiqa: string;

const packFile = (id: string, name: string) => join(libraryFolder, 'packs', id, name);

/** Each state's pack has a checkpoint of its own. */
const states = {
  edited: {
    harm: () => appendFileSync(join(folder, 'edited', 'weights.safetensors'), 'more'),
    says: () => `${join(folder, 'edited', 'weights.safetensors')} was changed after the pack was made`,
  },
  gone: {
    harm: () => rmSync(packFile('gone', 'weights.safetensors')),
    says: () => `${packFile('gone', 'weights.safetensors')} (${join(folder, 'gone', 'weights.safetensors')})`,
  },
  tampered: {
    harm: () => appendFileSync(packFile('tampered', 'base-image.float32.onnx'), ' '),
    says: () => `${packFile('tampered', 'base-image.float32.onnx')} is not the file that the pack`,
  },
  newer: {
    harm: () => {
      const manifest = readFileSync(packFile('newer', 'manifest.json'), 'utf8');
      writeFileSync(packFile('newer', 'manifest.json'), manifest.replace('sfiqa-pack/1', 'sfiqa-pack/2'));
    },
    says: () => 'made by another version of SF-IQA Studio (sfiqa-pack/2). Update the studio',
  },
  damaged: {
    harm: () => writeFileSync(packFile('damaged', 'manifest.json'), '{'),
    says: () => `${packFile('damaged', 'manifest.json')} cannot be read`,
  },
};
/** A link or a graph of the pack’s own: the checkpoint is as it was. */
const mendable = ['gone', 'tampered'];
/** Nothing is known of these but the id. */
const unread = ['newer', 'damaged', 'twin'];

beforeAll(async () => {
  ({ sfiqa } = await writeTinyModels(join(folder, 'models')));
  const { client, finish, close } = openTestStudio({ libraryFolder });
  for (const id of Object.keys(states)) {
    cpSync(dirname(sfiqa), join(folder, id), { recursive: true });
    const order = { sfiqa: join(folder, id, 'weights.safetensors'), sets: ['base'], id, title: id };
    expect((await finish(client.packs.add(order))).error).toBeNull();
  }
  await close();
  for (const { harm } of Object.values(states)) harm();
  cpSync(join(libraryFolder, 'packs', 'edited'), join(libraryFolder, 'packs', 'twin'), { recursive: true });
  mkdirSync(join(libraryFolder, 'packs', 'classic'));
  [studio, browser] = await Promise.all([startWebStudio({ libraryFolder }), lendBrowser()]);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  page = await context.newPage();
  await page.goto(`${studio.url}/models`);
  await card('Classic').waitFor();
});

afterAll(async () => {
  await browser?.close();
  await studio?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function card(title: string): Locator {
  return page.getByRole('region', { name: title, exact: true });
}

async function buttonsOf(title: string): Promise<string[]> {
  const buttons = card(title).locator('button:enabled:not([aria-label^="Copy"])');
  return await buttons.evaluateAll((all) => all.map(({ textContent }) => textContent));
}

test.each(Object.entries(states))(
  '%s: what is wrong stands first; nothing can be computed with it',
  async (id, { says }) => {
    const alert = card(id).getByRole('alert');
    await alert.waitFor();
    await expect.poll(() => alert.textContent()).toContain(says());
    // What was scored with it is still there; what is the pack’s own is made again from the checkpoint.
    const mending = mendable.includes(id) ? ['Make again'] : [];
    expect(await buttonsOf(id)).toEqual([...mending, 'Show its scores', 'Remove…']);
  },
);

test('two packs with one id: the second folder is told of by its place, the first is used on', async () => {
  await expect
    .poll(() => card('twin').getByRole('alert').textContent())
    .toContain(
      `${join(libraryFolder, 'packs', 'twin')} holds the pack “edited”, and no two packs have one id`,
    );
  await expect
    .poll(() => card('own-classic').getByRole('alert').textContent())
    .toContain(`${join(libraryFolder, 'packs', 'classic')} has the id of a pack of the studio`);
  expect(await buttonsOf('twin')).toEqual(['Remove…']);
  expect(await buttonsOf('Classic')).toEqual(['Score the library…']);
});

test('of a pack that cannot be read no facts are made up; it is removed with the keyboard', async () => {
  for (const id of unread) expect(await card(id).textContent()).not.toMatch(/Licence|Gives|Signals/);
  expect(await findBarriers(page)).toEqual([]);
  await pressButton(card('damaged').getByRole('button', { name: /^Remove/ }));
  const asking = page.getByRole('dialog', { name: 'Remove damaged?' });
  await pressButton(asking.getByRole('button', { name: 'Remove', exact: true }));
  await card('damaged').waitFor({ state: 'detached' });
});

test.skipIf(!canMount)(
  'what does not fit on the disk is told of before it is begun, and another choice mends it',
  async () => {
    const unmount = mountSmall(join(libraryFolder, 'packs'), 'size=1m')!;
    try {
      await page.keyboard.press('n');
      const dialog = page.getByRole('dialog', { name: 'Add a model' });
      const path = dialog.getByRole('textbox', { name: 'SF-IQA weights' });
      await path.fill(sfiqa);
      await path.press('Enter');
      await dialog.getByRole('radio', { name: /^int8/ }).check();
      const alert = dialog.getByRole('alert');
      await alert.waitFor();
      await expect
        .poll(() => alert.textContent())
        .toMatch(/Adding writes .* MB, but the disk of .*packs.* has .* MB free/);
      await expect
        .poll(() => dialog.getByRole('button', { name: 'Add', exact: true }).isDisabled())
        .toBe(true);
      await dialog.getByRole('radio', { name: /^float32/ }).check();
      await alert.waitFor({ state: 'detached' });
      await expect
        .poll(() => dialog.getByRole('button', { name: 'Add', exact: true }).isEnabled())
        .toBe(true);
    } finally {
      unmount();
    }
  },
);

test.each(mendable)('%s: made again from the checkpoint, it can be used', async (id) => {
  await pressButton(card(id).getByRole('button', { name: /^Make again/ }));
  await page.getByTestId('pack-job-end').getByText(`Make ${id} again: done`).waitFor();
  await expect.poll(() => card(id).getByText('It cannot be used now').isVisible()).toBe(false);
  expect(await buttonsOf(id)).not.toContain('Make again');
});

/** Numbers of another runtime: told of on the pack and before scoring; computed again where that is ticked. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findBarriers } from './support/check-access.ts';
import { finishJob } from './support/finish-job.ts';
import { type LibraryPage, openLibraryPage } from './support/library-page.ts';
import { pressButton } from './support/press-button.ts';
import { writeTinyModels } from './support/tiny-models.ts';

const longMs = 60_000;
const former = 'onnxruntime 1.20.0';
let library: LibraryPage;

beforeAll(async () => {
  library = await openLibraryPage(4);
  const { sfiqa } = await writeTinyModels(join(library.folder, 'models'));
  const { packs, library: folders } = library.studio.client;
  await finishJob(library, packs.add({ sfiqa, sets: ['base'], title: 'SF-IQA', id: 'sfiqa' }));
  await finishJob(library, folders.score({ folder: library.pictures, packId: 'sfiqa' }));
  // Half of the images as if the runtime had been replaced since.
  const db = new Database(join(library.studio.libraryFolder, 'studio.sqlite'));
  db.prepare(
    "INSERT INTO provenance (runtime, provider, precision, is_prepacked) VALUES (?, 'cuda', 'float32', 0)",
  ).run(former);
  db.exec('UPDATE feature SET provenance_id = (SELECT max(id) FROM provenance) WHERE image_id % 2 = 0');
  db.close();
});

afterAll(async () => {
  await library?.close();
});

function card(): Locator {
  return library.page.getByRole('region', { name: 'SF-IQA', exact: true });
}

test('a pack says of how many kinds its numbers are; ticked, those of the other kind are computed again', async () => {
  const { page, studio } = library;
  await page.goto(`${studio.url}/models`);
  const note = card().getByTestId('mixed-scores');
  await note.getByText(`2 images by ${former} on cuda in float32`).waitFor();
  expect(await findBarriers(page)).toEqual([]);

  await pressButton(card().getByRole('button', { name: /Score the library/ }));
  const dialog = page.getByRole('dialog', { name: 'Score the library' });
  await dialog.getByText(`2 images by ${former} on cuda in float32`).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await dialog.getByRole('checkbox', { name: 'Compute those again' }).check();
  await pressButton(dialog.getByRole('button', { name: 'Score', exact: true }));
  const storedBy = async () =>
    (await studio.client.packs.list())
      .find(({ id }) => id === 'sfiqa')!
      .storedBy.map(({ runtime }) => runtime);
  await expect.poll(storedBy, { timeout: longMs }).not.toContain(former);
  await expect.poll(() => note.isVisible()).toBe(false);
});

/** What comes into the library and what does not: folders, drops, failures, prompt lists, tables without files. */
import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeScene } from '../support/make-images.ts';
import { takeScreens } from '../support/take-screens.ts';
import { findBarriers } from './support/check-access.ts';
import {
  expectCount,
  expectFocus,
  type LibraryPage,
  openLibraryPage,
  scorePictures,
} from './support/library-page.ts';
import { pressButton } from './support/press-button.ts';

const count = 8;
let library: LibraryPage;

beforeAll(async () => {
  library = await openLibraryPage(count + 2);
  const { folder, pictures, painted } = library;
  mkdirSync(join(folder, 'holiday', 'inner'), { recursive: true });
  for (const { name } of painted.splice(count)) {
    renameSync(join(pictures, name), join(folder, 'holiday', 'inner', name));
  }
  writeFileSync(join(pictures, 'empty.png'), '');
  writeFileSync(join(pictures, 'words.jpg'), 'this is no picture');
  await scorePictures(library);
});

afterAll(async () => {
  await library?.close();
});

describe('What comes into the library', () => {
  test('files that failed are told by reason, each with its path', async () => {
    const { page, studio } = library;
    await page.getByRole('button', { name: '2 failed' }).click();
    const drawer = page.getByRole('dialog', { name: 'Files that could not be scored' });
    const failures = await studio.client.library.failures();
    expect(failures).toHaveLength(2);
    for (const { path, message } of failures) {
      const row = drawer.getByTestId('failure').filter({ hasText: path });
      await expect.poll(() => row.textContent()).toContain(message);
    }
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'library-failures');
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
  });

  test('a folder is scored again from the panel of folders: nothing is computed twice', async () => {
    const { page, pictures } = library;
    await page.getByRole('button', { name: 'Folders', exact: true }).click();
    const drawer = page.getByRole('dialog', { name: 'Folders' });
    await drawer.getByText(pictures, { exact: true }).waitFor();
    await pressButton(drawer.getByRole('button', { name: 'Score again' }));
    await page.getByTestId('ended-job').getByText(`0 scored, ${count} were done already`).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
  });

  test('a path that is no folder is answered with a sentence, and the dialog stays', async () => {
    const { page, folder } = library;
    await page.keyboard.press('f');
    const dialog = page.getByRole('dialog', { name: 'Add a folder' });
    const path = dialog.getByRole('textbox', { name: 'Folder' });
    await expect.poll(() => path.inputValue()).not.toBe('');
    // Also the shortest name of a folder on the way is as large as a finger needs.
    const root = await dialog.getByRole('button', { name: '/', exact: true }).last().boundingBox();
    expect(Math.min(root!.width, root!.height)).toBeGreaterThanOrEqual(24);
    const start = dialog.getByRole('button', { name: 'Score this folder' });
    await expect.poll(() => start.isDisabled()).toBe(false);
    await path.fill(join(folder, 'nowhere'));
    // Until it is asked for, the folder that is listed is another one.
    await expect.poll(() => start.isDisabled()).toBe(true);
    await page.keyboard.press('Enter');
    await dialog.getByText(`There is no folder ${join(folder, 'nowhere')}.`).waitFor();
    await expect.poll(() => start.isDisabled()).toBe(true);
    // What was typed is not lost when something else in the library changes meanwhile.
    const { ids } = await library.studio.client.images.query({});
    const asked = page.waitForResponse(/library\/browse/);
    await library.studio.client.curate.change({ imageIds: [ids[0]!], flag: 'pick' });
    await asked;
    await dialog.getByText(`There is no folder ${join(folder, 'nowhere')}.`).waitFor();
    expect(await path.inputValue()).toBe(join(folder, 'nowhere'));
    // A path that is pasted takes the place of the one that is there.
    await dialog.getByRole('button', { name: 'Cancel' }).focus();
    await path.focus();
    await page.keyboard.insertText(folder);
    expect(await path.inputValue()).toBe(folder);
  });

  test('a prompt list given with a folder renames the prompts of its images', async () => {
    const { page, pictures, painted, folder, studio } = library;
    const list = join(folder, 'prompts.csv');
    writeFileSync(list, `name,prompt\n${painted[2]!.name},"a prompt, from a list"\n`);
    const dialog = page.getByRole('dialog', { name: 'Add a folder' });
    await dialog.getByRole('textbox', { name: 'Folder' }).fill(pictures);
    await page.keyboard.press('Enter');
    await dialog.locator('input[type=file]').setInputFiles(list);
    await dialog.getByRole('button', { name: 'prompts.csv', exact: true }).waitFor();
    const start = dialog.getByRole('button', { name: 'Score this folder' });
    await expect.poll(() => start.isEnabled()).toBe(true);
    await start.press('Enter');
    await page.getByText('All 1 rows found their image.').waitFor();
    const { ids } = await studio.client.images.query({ filter: { text: painted[2]!.name } });
    const { prompt, promptSource } = await studio.client.images.detail({ id: ids[0]! });
    expect({ prompt, promptSource }).toEqual({ prompt: 'a prompt, from a list', promptSource: 'list' });
    await page.getByRole('option', { name: 'a prompt, from a list' }).waitFor();
  });

  test('a folder dropped on the window is copied into the library with its inner folders, and scored', async () => {
    const { page, context, folder, studio } = library;
    const session = await context.newCDPSession(page);
    const data = { items: [], files: [join(folder, 'holiday')], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver'] as const) {
      await session.send('Input.dispatchDragEvent', { type, x: 640, y: 400, data });
    }
    await page.getByTestId('drop-target').waitFor();
    await session.send('Input.dispatchDragEvent', { type: 'drop', x: 640, y: 400, data });
    await expectCount(page, `${count + 2} images`);
    const [root] = (await studio.client.library.roots()).slice(-1);
    expect(root!.path.startsWith(join(studio.libraryFolder, 'dropped'))).toBe(true);
    expect(root!.files).toBe(2);
  });

  test('an image that only a table knows has a card and a viewer that say so', async () => {
    const { page, studio, pageErrors } = library;
    const table = 'name,prompt,mos_quality\nnot-here.png,a picture nobody has sent yet,3.5\n';
    await studio.client.mos.import({ source: { fileName: 'mos.csv', file: new Blob([table]) } });
    await expectCount(page, `${count + 3} images`);
    await page.keyboard.press('/');
    await page.keyboard.type('not-here');
    await expectCount(page, `1 of ${count + 3} images`);
    const card = page.getByRole('option', { name: 'not-here.png' });
    await card.getByText('no file yet').waitFor();
    expect(await card.locator('img').count()).toBe(0);
    await expect.poll(() => card.textContent()).toContain('MOS 3.50');
    await page.keyboard.press('Enter');
    await expectFocus(library.grid);
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.getByText('There is no file of this image yet').waitFor();
    expect(pageErrors).toEqual([]);
  });
});

describe('Watched folders', () => {
  test('a picture that is saved into one appears by itself, and the panel of folders says how each is kept in step', async () => {
    const { page, pictures, painted } = library;
    await page.keyboard.press('Escape');
    await page.getByText('There is no file of this image yet').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Folders', exact: true }).click();
    const own = page.getByRole('region', { name: pictures });
    await own.getByText('Watched: what changes in it is noticed within seconds.').waitFor();
    await page.keyboard.press('Escape');
    copyFileSync(join(pictures, painted[0]!.name), join(pictures, 'again.png'));
    writeFileSync(join(pictures, 'new.png'), await encodeScene(77, { width: 96, height: 64 }));
    await page.keyboard.press('/');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('name:new');
    await expectCount(page, `1 of ${count + 4} images`);
    await page.getByRole('button', { name: '1 not scored by it…' }).waitFor();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type(`name:${painted[0]!.name}`);
    await page.getByRole('option', { name: painted[0]!.name }).getByText('2 files').waitFor();
  });

  test('one whose drive is taken away is offline, and so are its cards; both say it in words, and come back by themselves', async () => {
    const { page, pictures, painted, pageErrors } = library;
    const card = page.getByRole('option', { name: painted[0]!.name });
    renameSync(pictures, `${pictures} away`);
    await card.getByText('offline').waitFor();
    await page.getByRole('button', { name: 'Folders', exact: true }).click();
    const own = page.getByRole('region', { name: pictures });
    await own.getByText(/^Offline since/).waitFor();
    await expect.poll(() => own.getByRole('button', { name: 'Score again' }).isDisabled()).toBe(true);
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'library-offline');
    renameSync(`${pictures} away`, pictures);
    await own.getByText('Watched: what changes in it is noticed within seconds.').waitFor();
    await own.getByRole('switch', { name: 'Watch' }).press('Space');
    await own.getByText('Not watched: what changes in it is found when you look.').waitFor();
    await page.keyboard.press('Escape');
    await card.getByText('offline').waitFor({ state: 'detached' });
    expect(pageErrors).toEqual([]);
  });

  test('one that is taken out is asked about, and its images are gone from the list until it is added again', async () => {
    const { page, pictures, studio } = library;
    const folders = () => studio.client.library.roots();
    const root = (await folders()).find(({ path }) => path === pictures)!;
    const before = (await studio.client.images.query({})).ids.length;
    const { images } = await studio.client.library.planTakeOut({ id: root.id });
    await page.goto(studio.url);
    await pressButton(page.getByRole('button', { name: 'Folders', exact: true }));
    const drawer = page.getByRole('dialog', { name: 'Folders' });
    await pressButton(
      drawer.getByRole('region', { name: pictures }).getByRole('button', { name: 'Take out…' }),
    );
    const dialog = page.getByRole('dialog', { name: 'Take out of the library' });
    await dialog.getByText(`${images} images are not shown any more`).waitFor();
    await dialog
      .getByText('not watched any more')
      .waitFor({ state: root.isWatched ? 'visible' : 'detached' });
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'library-take-out');
    await dialog.getByRole('button', { name: 'Take out', exact: true }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByTestId('ended-job').getByText('files left the library').waitFor();
    await drawer.getByText(pictures, { exact: true }).waitFor({ state: 'detached' });
    await expect.poll(async () => (await folders()).some(({ id }) => id === root.id)).toBe(false);
    const counted = () => page.getByTestId('image-count').textContent();
    await expect.poll(counted).toMatch(new RegExp(`\\b${before - images} images$`));
    await pressButton(drawer.getByRole('button', { name: 'Add folder…' }));
    const adding = page.getByRole('dialog', { name: 'Add a folder' });
    await adding.getByRole('textbox', { name: 'Folder' }).fill(pictures);
    await page.keyboard.press('Enter');
    const start = adding.getByRole('button', { name: 'Score this folder' });
    await expect.poll(() => start.isEnabled()).toBe(true);
    await start.press('Enter');
    await expect.poll(counted).toMatch(new RegExp(`\\b${before} images$`));
  });
});

/** Every dialog, drawer and menu keeps nobody out: by axe in dark and light, at 200 % zoom, and the keyboard is back where it was when it closes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addImages, studyOf } from '../support/add-images.ts';
import { rateStudies } from '../support/rate-studies.ts';
import { findBarriers } from './support/check-access.ts';
import { expectReachableZoomed } from './support/check-reach.ts';
import { type FilledPage, openFilledPage } from './support/filled-page.ts';
import { expectFocus } from './support/library-page.ts';

let opened: FilledPage<number>;
let page: Page;
beforeAll(async () => {
  opened = await openFilledPage({ count: 6, sidePx: 96, timeoutMs: 20_000 }, async (filled) => {
    const { client, studio, finish } = filled;
    const [root] = await client.library.roots();
    writeFileSync(join(root!.path, 'broken.png'), 'not a picture');
    await finish(client.library.score({ folder: root!.path }));
    const { ids } = await client.images.query({ order: 'name' });
    const names = (await Promise.all(ids.map((id) => client.images.detail({ id })))).map(({ name }) => name);
    const table = ['name,mos_quality', ...names.map((name, at) => `${name},${1 + (at % 5)}`)].join('\n');
    await client.mos.import({ source: { fileName: 'ours.csv', file: new Blob([table]) } });
    await client.curate.change({ imageIds: [ids[0]!], flag: 'reject' });
    await client.curate.change({ imageIds: [ids[1]!], addTo: 'A collection with rather a long name' });
    const [head] = await client.heads.list();
    const { fileName, text } = await client.heads.export({ id: head!.id, format: 'json' });
    await client.heads.import({
      source: { fileName, file: new Blob([text!.replace('"target": "quality"', '"target": "own"')]) },
    });
    const study = await client.studies.create(studyOf([...ids, ...addImages(studio, 2)]));
    const { open, voteAll } = rateStudies(filled);
    await voteAll(await open(study.id, 'Ada'), (_, at) => 1 + (at % 5));
    await client.studies.invite({ studyId: study.id, raterNames: ['Bob'], validDays: 3 });
    return study.id;
  });
  ({ page } = opened);
});
afterAll(async () => {
  expect(opened.pageErrors).toEqual([]);
  await opened.close();
});

interface Opening {
  /** What it is called, and the name of the screen that it opens on. */
  name: string;
  at: string;
  /** The button, menu item or place that is pressed, one after the other; or a key, where the list of images has the keyboard. */
  press: (string | RegExp)[] | { key: string };
  kind?: 'menu';
  /** What a field offers is closed first. */
  offers?: true;
}

const library = '/';
const study = (tab: string) => `/studies/STUDY?show=${tab}`;
const openings: Opening[] = [
  { name: 'Add a folder', at: library, press: { key: 'f' } },
  { name: 'Folders', at: library, press: ['Folders'] },
  { name: 'Files that could not be scored', at: library, press: ['1 failed'] },
  { name: 'Near-duplicates', at: library, press: { key: 'e' } },
  { name: 'Export', at: library, press: { key: 'Control+e' } },
  { name: 'Saved queries', at: library, press: ['Saved queries'], kind: 'menu' },
  { name: 'Save this query', at: library, press: ['Saved queries', 'Save what is shown…'] },
  { name: 'Collections and saved queries', at: library, press: { key: 'Shift+B' } },
  { name: 'Tag 1 image', at: library, press: { key: 'k' } },
  { name: 'Put 1 image into a collection', at: library, press: { key: 'b' }, offers: true },
  { name: 'New study of 1 image', at: library, press: { key: 'c' } },
  { name: 'Image', at: library, press: { key: 'Enter' } },
  { name: 'Compare', at: library, press: { key: 'v' } },
  { name: 'Keyboard', at: library, press: { key: 'Shift+?' } },
  { name: 'Cards', at: library, press: ['Cards…'] },
  { name: 'Move to the trash', at: library, press: ['1 rejected: review…', 'Move 1 to the trash…'] },
  { name: 'New study', at: '/studies', press: ['New study from a table…'] },
  { name: 'Import votes', at: '/studies', press: ['Import votes…'] },
  { name: 'Take a study pack in', at: '/studies', press: ['Take a study pack in…'] },
  { name: 'Version 2 of Made', at: study('overview'), press: ['Next version…'] },
  { name: 'Leave Ada out', at: study('results'), press: [/^Leave (Ada )?out/] },
  { name: 'Bob', at: study('raters'), press: [/QR/] },
  { name: /^Study pack of/.source, at: study('files'), press: ['Export a study pack…'] },
  { name: 'Image', at: '/agreement', press: [/rated by/] },
  { name: 'Train a head', at: '/heads', press: ['Train head…'] },
  { name: 'Average heads into one', at: '/heads', press: ['Average…'] },
  { name: 'Head “Classic quality”', at: '/heads', press: ['Details of “Classic quality”'] },
  { name: 'Discard “Classic quality', at: '/heads', press: [/^More for “Classic quality/, 'Discard…'] },
  { name: 'Add a model', at: '/models', press: ['Add model…'] },
  { name: 'Score the library', at: '/models', press: [/^Score the library…/] },
  { name: 'Import a table', at: '/tables', press: ['Import a table…'] },
  { name: 'Import a data set', at: '/tables', press: ['Import a data set…'] },
  { name: 'Scale of “ours”', at: '/tables', press: ['Change the scale: ours'] },
  { name: 'Where does it lie now?', at: '/settings', press: [/^It moved…/] },
];

/** Presses what opens it; the first key or button may come before the answers that the dialog waits for. */
async function press({ press: pressed }: Opening): Promise<void> {
  if ('key' in pressed) return await page.getByRole('listbox', { name: 'Images' }).press(pressed.key);
  for (const one of pressed) {
    const target = page.getByRole('button', { name: one }).or(page.getByRole('menuitem', { name: one }));
    await target.last().press('Enter');
  }
}

/** Escapes from it; the keyboard goes back to where it was. */
async function expectLeft(shown: Locator, { offers }: Opening): Promise<void> {
  // It takes the keyboard a moment after it is there.
  await expect.poll(() => shown.evaluate((all) => all.contains(document.activeElement))).toBe(true);
  if (offers === true) await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await shown.waitFor({ state: 'detached' });
  await expect.poll(() => page.evaluate(() => document.activeElement !== document.body)).toBe(true);
}

test('a dialog that an address opens leaves the keyboard at the button that opens it', async () => {
  const [set] = await opened.studio.client.mos.sets();
  await page.goto(`${opened.studio.url}/heads?train=${set!.id}`);
  const shown = page.getByRole('dialog', { name: 'Train a head' });
  await expect.poll(() => shown.evaluate((all) => all.contains(document.activeElement))).toBe(true);
  await page.keyboard.press('Escape');
  await shown.waitFor({ state: 'detached' });
  await expectFocus(page.getByRole('button', { name: 'Train head…' }));
});

test.each(openings)('$name ($at)', async (opening) => {
  const { name, at, kind } = opening;
  await page.goto(opened.studio.url + at.replace('STUDY', String(opened.filled)));
  if ('key' in opening.press) {
    const images = page.getByRole('listbox', { name: 'Images' });
    await images.getByRole('option').first().waitFor();
    await images.press('ArrowRight');
    await images.press(' ');
    await page.getByText('1 selected', { exact: true }).waitFor();
  }
  await press(opening);
  const shown =
    kind === 'menu' ? page.getByRole('menu') : page.getByRole('dialog', { name: new RegExp(name) });
  await shown.waitFor();
  await expect.poll(() => page.getByLabel('Loading').count()).toBe(0);
  expect(await findBarriers(page)).toEqual([]);
  await expectReachableZoomed(page);
  await expectLeft(shown, opening);
  // Once more, now that every answer is there: its fields come with it, in place of after it.
  if ('length' in opening.press && opening.press.length > 1) return;
  await press(opening);
  await shown.waitFor();
  await expectLeft(shown, opening);
});

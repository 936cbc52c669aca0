/** The heads screen in a browser: trained with the paper's choices, explained, averaged, exported, imported, discarded; and what to rate next. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Head } from '../../contract/heads.ts';
import { createRandom } from '../../core/maths/random.ts';
import type { TestStudio } from '../support/open-test-studio.ts';
import { takeScreens } from '../support/take-screens.ts';
import type { WebStudio } from '../support/web-studio.ts';
import { findBarriers } from './support/check-access.ts';
import { expectText } from './support/expect-text.ts';
import { type FilledPage, openFilledPage } from './support/filled-page.ts';
import { expectKeyboardIn, giveFile, pressButton, pressMenuItem } from './support/press-button.ts';

/** A replay takes 120 rated images at least; pictures are small, so that they are measured quickly. */
const count = 140;
const few = 40;
let opened: FilledPage<number>;
let studio: WebStudio;
let page: Page;
let mosSetId: number;

beforeAll(async () => {
  opened = await openFilledPage({ count, sidePx: 96, timeoutMs: 15_000 }, fillLibrary);
  ({ studio, page, filled: mosSetId } = opened);
});

afterAll(async () => {
  await opened?.close();
});

/** Painted pictures, all but the last ten with a MOS that follows the pack's own score, with noise. */
async function fillLibrary(
  { client }: TestStudio,
  painted: { name: string; prompt: string }[],
): Promise<number> {
  const random = createRandom(8);
  const { ids } = await client.images.query({ order: 'score:quality' });
  const ordered = await client.images.cards({ ids });
  const rankOf = new Map(ordered.map(({ name }, rank) => [name, rank]));
  const lines = painted.slice(0, -10).map(({ name, prompt }, at) => {
    const mos = 1.5 + (3 * rankOf.get(name)!) / count + 0.3 * random.normal();
    return `${name},"${prompt} ${at % 75}",${name.split('_')[0]},${mos.toFixed(3)},0.6,20,${at % 2 === 0 ? 'oil' : 'ink'}`;
  });
  const header = 'name,prompt,generator,mos_quality,std_quality,n_quality,style';
  const take = async (fileName: string, some: string[]) =>
    await client.mos.import({ source: { fileName, file: new Blob([[header, ...some].join('\n')]) } });
  // Heads are trained on a few, so that it is quick.
  await take('few.csv', lines.slice(0, few));
  const set = await take('panel.csv', lines);
  return set.id;
}

async function findHead(name: string): Promise<Head | undefined> {
  return (await studio.client.heads.list()).find((head) => head.name === name);
}

async function train(name: string, choose: (dialog: Locator) => Promise<void>): Promise<Head> {
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'Train a head' });
  await expectKeyboardIn(dialog);
  await dialog.getByLabel('MOS set').selectOption({ label: `few (${few})` });
  await choose(dialog);
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('Name', { exact: true }).press('Enter');
  await vi.waitUntil(() => findHead(name), { timeout: 60_000, interval: 100 });
  await page.getByRole('button', { name: `Details of “${name}”` }).waitFor();
  return (await findHead(name))!;
}

describe('Heads', () => {
  test('one is trained, chosen by cross-validation, and the page shows why', async () => {
    await page.goto(`${studio.url}/heads`);
    await page.getByRole('table', { name: 'Heads for quality' }).waitFor();
    const head = await train('Chosen', async (dialog) => {
      await dialog.getByLabel('Split by').waitFor();
      expect(await findBarriers(page)).toEqual([]);
      await takeScreens(page, 'heads-train');
    });
    expect(head.training).toMatchObject({ groupBy: 'prompt' });
    await pressButton(page.getByRole('button', { name: 'Details of “Chosen”' }));
    const details = page.getByTestId('head-details');
    const tried = details.getByRole('table', { name: 'Methods that were tried' });
    await tried.waitFor();
    const { candidates, folds, curve, conformal } = head.training!;
    await expect.poll(() => tried.locator('tbody tr').count()).toBe(candidates.length);
    const chosen = candidates.find(({ isChosen }) => isChosen)!;
    await expect
      .poll(() => tried.getByRole('row', { name: chosen.label }).first().textContent())
      .toContain('chosen');
    await details.getByText(`over ${folds.filter(({ srcc }) => srcc !== null).length} folds`).waitFor();
    expect(curve.length).toBeGreaterThan(1);
    await details.getByRole('img', { name: /^Held-out SRCC from/ }).waitFor();
    await details.getByText(`± ${conformal.halfWidth!.toFixed(2)} around a value`).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'heads-details');
  });

  test('one learns from two sets: what their scales are is asked for, and an image of both counts once', async () => {
    await page.keyboard.press('Escape');
    await page.getByTestId('head-details').waitFor({ state: 'detached' });
    const head = await train('Joined', async (dialog) => {
      await dialog.getByLabel('Ridge: linear').check();
      await dialog.getByLabel('Learning curve').uncheck();
      await dialog.getByLabel(`panel (${count - 10})`).check();
      for (const name of ['few', 'panel']) {
        const scale = dialog.getByRole('group', { name: `Scale of “${name}”` });
        await scale.getByLabel('Lowest').fill('1');
        await scale.getByLabel('Highest').fill('5');
      }
      expect(await findBarriers(page)).toEqual([]);
      await takeScreens(page, 'heads-train-two-sets');
    });
    expect(head.trainedOn).toMatchObject({ mosSet: 'few and panel', images: count - 10 });
    await pressButton(page.getByRole('button', { name: 'Details of “Chosen”' }));
    await page.getByTestId('head-details').waitFor();
  });

  test('it is compared with its parent: better only where the paired interval excludes zero', async () => {
    const head = (await findHead('Chosen'))!;
    const details = page.getByTestId('head-details');
    expect(head.heldOut!.comparisons.length).toBeGreaterThan(0);
    for (const { against, verdict, srcc, sentence } of head.heldOut!.comparisons) {
      const row = details.locator(`tr[data-against=${against}]`);
      await expect.poll(() => row.getAttribute('data-verdict')).toBe(verdict);
      if ('value' in srcc) {
        expect(verdict === 'better').toBe(srcc.low! > 0);
        expect(verdict === 'worse').toBe(srcc.high! < 0);
      }
      await expect.poll(() => details.textContent()).toContain(sentence);
    }
    await page.keyboard.press('Escape');
    await details.waitFor({ state: 'detached' });
  });

  test('the user may choose otherwise: method, field of the split, no curve', async () => {
    const head = await train('By hand', async (dialog) => {
      await dialog.getByLabel(/^Network: bends/).check();
      await dialog.getByLabel('Split by').selectOption('attribute.style');
      await dialog.getByLabel('Split by').selectOption('prompt');
      await dialog.getByLabel(/^Learning curve/).uncheck();
      // Another target than the MOS asked for; first one that cannot be.
      const target = dialog.getByRole('combobox', { name: 'Target' });
      await target.fill('My Mood');
      await dialog.getByText(/^Lower-case letters/).waitFor();
      await expect
        .poll(() => dialog.getByRole('button', { name: 'Train', exact: true }).isDisabled())
        .toBe(true);
      await target.fill('quality');
      await dialog.getByText(/in use for quality, and is compared with it/).waitFor();
    });
    expect(head.training).toMatchObject({ method: 'network', candidates: [], curve: [] });
    expect(head.isActive).toBe(false);
  });

  test('two are averaged, and the tree shows what came from what', async () => {
    await pressButton(page.getByRole('button', { name: 'Average…' }));
    const dialog = page.getByRole('dialog', { name: 'Average heads into one' });
    await dialog.getByLabel(/^Chosen ·/).check();
    await dialog.getByLabel(/^By hand ·/).check();
    await dialog.getByLabel('Name').fill('Both');
    expect(await findBarriers(page)).toEqual([]);
    await pressButton(dialog.getByRole('button', { name: 'Average 2 heads' }));
    await vi.waitUntil(() => findHead('Both'), { timeout: 60_000, interval: 100 });
    expect((await findHead('Both'))!.ensembleOf).toHaveLength(2);
    await page.getByRole('tab', { name: 'Lineage' }).press('Enter');
    const tree = page.getByRole('list', { name: 'Lineage of heads' });
    await pressButton(tree.getByRole('button', { name: 'Both' }));
    await page.getByTestId('head-details').getByText('It is the mean of “Chosen”, “By hand”.').waitFor();
    await page.keyboard.press('Escape');
    const parent = (await studio.client.heads.list()).find(
      (head) => head.isActive && head.target === 'quality',
    )!;
    const below = tree.getByRole('listitem').filter({ has: page.getByRole('button', { name: parent.name }) });
    await below.last().getByRole('button', { name: 'Chosen' }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'heads-lineage');
  });

  test('one is exported as ONNX and JSON, discarded after a question, and imported again', async () => {
    await page.getByRole('tab', { name: 'Heads' }).press('Enter');
    const before = (await findHead('By hand'))!;
    // A head that others are made of stays.
    await studio.client.heads.discard({ id: (await findHead('Both'))!.id });
    let path = '';
    let onnx = '';
    for (const [item, ending] of [
      [/^Export as ONNX/, '.onnx'],
      [/^Export as JSON/, '.json'],
    ] as const) {
      await pressButton(page.getByRole('button', { name: 'More for “By hand”' }));
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        pressMenuItem(page.getByRole('menuitem', { name: item })),
      ]);
      expect(download.suggestedFilename().endsWith(ending)).toBe(true);
      if (ending === '.onnx') onnx = await download.path();
      path = await download.path();
      expect(readFileSync(path).byteLength).toBeGreaterThan(500);
    }
    await pressButton(page.getByRole('button', { name: 'More for “By hand”' }));
    await pressMenuItem(page.getByRole('menuitem', { name: 'Discard…' }));
    const dialog = page.getByRole('dialog', { name: 'Discard “By hand”' });
    await pressButton(dialog.getByRole('button', { name: 'Discard' }));
    await expect.poll(() => findHead('By hand')).toBeUndefined();
    await expect.poll(() => page.getByRole('button', { name: 'Details of “By hand”' }).count()).toBe(0);
    await giveFile(page.getByRole('button', { name: 'Import…' }), {
      name: 'by-hand.json',
      mimeType: 'application/json',
      buffer: readFileSync(path),
    });
    await page.getByRole('button', { name: 'Details of “By hand”' }).waitFor();
    expect(await findHead('By hand')).toMatchObject({
      isActive: false,
      target: before.target,
      kind: before.kind,
    });
    await giveFile(page.getByRole('button', { name: 'Import…' }), {
      name: 'by-hand.onnx',
      mimeType: 'application/octet-stream',
      buffer: readFileSync(onnx),
    });
    await page.getByText('The head was here already').waitFor();
    await giveFile(page.getByRole('button', { name: 'Import…' }), {
      name: 'x.json',
      mimeType: 'application/json',
      buffer: Buffer.from('{"a":1}'),
    });
    await page.getByText('The head could not be imported').waitFor();
    await pressButton(page.getByRole('button', { name: 'Close this notice' }).first());
  });
});

describe('What to rate next', () => {
  test('lists images with their reasons, and says what is known of the order', async () => {
    await page.getByRole('tab', { name: 'What to rate next' }).press('Enter');
    await page.getByLabel('Images', { exact: true }).fill('12');
    await pressButton(page.getByRole('button', { name: 'Find the images' }));
    const list = page.getByRole('list', { name: 'Images to rate next' });
    await list.waitFor();
    const order = { packId: 'classic', dimension: 'quality', limit: 12, mosSetId };
    const { items, evidence } = await studio.client.heads.rateNext(order);
    const lines = list.getByRole('listitem');
    await expect.poll(() => lines.count()).toBe(items.length);
    for (const [at, { name, why }] of items.entries()) await expectText(lines.nth(at), name, why);
    await expect.poll(() => page.getByTestId('queue-evidence').textContent()).toContain(evidence.sentence);
    // What is fading away is not looked at.
    await expect.poll(() => page.getByText(/^The head was/).count()).toBe(0);
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'heads-next');
  });

  test('a replay on the rated set says whether the order helps there', async () => {
    await pressButton(page.getByRole('button', { name: 'Replay it on this set' }));
    const replay = page.getByTestId('queue-replay');
    await replay.waitFor({ timeout: 60_000 });
    const known = await studio.client.heads.replayQueue({
      packId: 'classic',
      mosSetId,
      dimension: 'quality',
    });
    await expect.poll(() => replay.textContent()).toContain(known.sentence);
    await expect.poll(() => replay.getAttribute('data-shown')).toBe(String(known.isShown));
    await takeScreens(page, 'heads-replay');
  });

  test('one click makes a blind study of exactly these images', async () => {
    const { items } = await studio.client.heads.rateNext({
      packId: 'classic',
      dimension: 'quality',
      limit: 12,
      mosSetId,
    });
    await pressButton(page.getByRole('button', { name: 'Make a blind study of them' }));
    await page.waitForURL(/\/studies\/\d+$/);
    const [study] = await studio.client.studies.list();
    expect(study).toMatchObject({ stimuli: items.length, votes: 0 });
    expect(study!.design.dimensions.map(({ key, showsPrompt }) => [key, showsPrompt])).toEqual([
      ['quality', false],
    ]);
    expect(opened.pageErrors).toEqual([]);
  });

  test('says so where nothing is left to ask for', async () => {
    const { ids } = await studio.client.images.query({ order: 'name' });
    const lines = (await studio.client.images.cards({ ids })).map(
      ({ name }, at) => `${name},${1 + (at % 4)}`,
    );
    const file = new Blob([['name,mos', ...lines].join('\n')]);
    await studio.client.mos.import({ source: { fileName: 'everything.csv', file } });
    await page.goto(`${studio.url}/heads?view=next`);
    await page.getByLabel('Ratings so far').selectOption({ label: `everything (${count})` });
    await pressButton(page.getByRole('button', { name: 'Find the images' }));
    await page.getByTestId('queue-empty').waitFor();
    expect(await page.getByRole('button', { name: 'Make a blind study of them' }).count()).toBe(0);
  });
});

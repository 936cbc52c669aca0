/** The rating surface beyond one image and one key: pairs, training, breaks, keys of one's own, touch, checks, raters who join. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NewStudy, Study } from '../../contract/studies.ts';
import { scalePresets } from '../../contract/studies.ts';
import { takeScreens } from '../support/take-screens.ts';
import { findBarriers } from './support/check-access.ts';
import { expectReachableZoomed } from './support/check-reach.ts';
import { expectFocus, type LibraryPage, openLibraryPage, scorePictures } from './support/library-page.ts';
import { pressButton } from './support/press-button.ts';
import {
  beginRating,
  bothDimensions,
  expectStored,
  qualityOn,
  readVotes,
  vote,
} from './support/rating-page.ts';

const count = 6;
let library: LibraryPage;
let ids: number[];

beforeAll(async () => {
  library = await openLibraryPage(count);
  await scorePictures(library);
  ({ ids } = await library.studio.client.images.query({ order: 'name' }));
});

afterAll(async () => {
  await library?.close();
});

type Plan = NewStudy['design']['plan'];

async function makeStudy(
  name: string,
  {
    plan = {},
    dimensions = qualityOn(scalePresets.acr5),
    ...rest
  }: Partial<NewStudy> & {
    plan?: Plan;
    dimensions?: NewStudy['design']['dimensions'];
  } = {},
): Promise<Study> {
  const design = { dimensions, seed: 7, instructions: 'Take your time.', plan };
  return await library.studio.client.studies.create({ name, design, imageIds: ids.slice(1, 4), ...rest });
}

/** Choices of a study of pairs, in order. */
async function readChoices(studyId: number): Promise<string> {
  const response = await fetch(`${library.studio.url}/export?kind=pairs&studyId=${studyId}`);
  return await response.text();
}

async function findAt(
  page: Page,
  width: number,
  height: number,
): Promise<{ tall: number[]; isWithin: boolean }> {
  await page.setViewportSize({ width, height });
  return await page.evaluate(`(() => {
    const buttons = [...document.querySelectorAll('fieldset button')].filter((one) => one.offsetParent !== null);
    return {
      tall: buttons.map((one) => one.getBoundingClientRect().height),
      isWithin: document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight,
    };
  })()`);
}

/** On a phone nothing of a check is cut off, so that it can be answered there as well. */
async function expectFitsPhone(page: Page): Promise<void> {
  const size = page.viewportSize()!;
  await page.setViewportSize({ width: 390, height: 844 });
  const cut = `(() => {
    const sheet = document.querySelector('[data-testid^=check-]');
    return sheet.scrollWidth - sheet.clientWidth;
  })()`;
  await expect.poll(() => page.evaluate(cut)).toBe(0);
  await page.setViewportSize(size);
}

describe('Rating by method', () => {
  test('two images side by side: arrows choose, S skips, and the second showing has its sides swapped', async () => {
    const { page } = library;
    const study = await makeStudy('Pairs', {
      imageIds: ids.slice(0, 4),
      plan: { method: 'pairs', pairs: { within: 'all' }, order: { repeatedImages: 2 } },
    });
    await beginRating(library, study.id, 'Ada');
    await expect.poll(() => page.locator('canvas[data-painted-image-id]').count()).toBe(2);
    expect(await findBarriers(page)).toEqual([]);
    await expectReachableZoomed(page);
    await takeScreens(page, 'rating-pairs');
    const shown: string[] = [];
    const keys = ['ArrowLeft', 'ArrowRight', 'ArrowDown', 's'];
    while ((await page.getByTestId('thanks').count()) === 0) {
      const sides = await page
        .locator('canvas')
        .evaluateAll((all) => all.map(({ dataset }) => dataset['imageId']));
      shown.push(sides.join(' '));
      await vote(page, [keys[shown.length % 4]!]);
    }
    await page.getByText('Every vote is stored.').waitFor();
    expect(shown).toHaveLength(8);
    expect(new Set(shown).size).toBe(8);
    expect(new Set(shown.map((sides) => sides.split(' ').toSorted().join(' '))).size).toBe(6);
    const rows = (await readChoices(study.id)).trim().split('\n');
    expect(rows).toHaveLength(9);
    for (const choice of ['tie', 'skip']) expect(rows.some((row) => row.includes(choice))).toBe(true);
  });

  test('training comes first, says that it does not count, and nothing of it is stored', async () => {
    const { page } = library;
    const study = await makeStudy('Trained', {
      dimensions: bothDimensions,
      items: { training: [ids[4]!] },
    });
    await beginRating(library, study.id, 'Ada');
    await page.getByText('Training: answers do not count.').waitFor();
    await vote(page, ['2']);
    await page.getByText('Your last answer on quality was Poor.').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await vote(page, ['5']);
    await page.getByText('From now on your answers count.').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('canvas[data-painted-image-id]').waitFor();
    expect(await readVotes(library, study.id)).toEqual([]);
    await vote(page, ['3']);
    await expectStored(page);
    const [first] = await readVotes(library, study.id);
    expect(first).toMatchObject({ value: '3' });
  });

  test('one dimension over all images before the next, where the passes are separate', async () => {
    const { page } = library;
    const study = await makeStudy('Passes', { dimensions: bothDimensions, plan: { passes: 'separate' } });
    await beginRating(library, study.id, 'Ada');
    await vote(page, ['1', '2', '3']);
    await expect.poll(() => page.getByTestId('progress').textContent()).toMatch(/^4 of 6/);
    await expect.poll(() => page.getByTestId('question').textContent()).toBe(bothDimensions[1]!.question);
    await vote(page, ['4', '5', '1']);
    await page.getByText('Every vote is stored.').waitFor();
    const votes = await readVotes(library, study.id);
    expect(votes.map(({ dimension }) => dimension[0]).join('')).toBe('qqqaaa');
  });

  test('keys can be changed, conflicts are refused, and the control shows the new key', async () => {
    const { page } = library;
    const study = await makeStudy('Own keys');
    await beginRating(library, study.id, 'Ada');
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keyboard' });
    expect(await findBarriers(page)).toEqual([]);
    await expectReachableZoomed(page);
    await takeScreens(page, 'rating-keys');
    await pressButton(dialog.getByRole('button', { name: /^Excellent: 5/ }));
    await page.keyboard.press('z');
    await dialog.getByText('Z is already “Fit to the window, or true pixels”.').waitFor();
    await pressButton(dialog.getByRole('button', { name: /^Excellent: 5/ }));
    await page.keyboard.press('p');
    await dialog.getByRole('button', { name: /^Excellent: P/ }).waitFor();
    await pressButton(dialog.getByRole('button', { name: /^Back, / }));
    await page.keyboard.press('b');
    await dialog.getByRole('button', { name: /: B\. Change$/ }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    const button = page.getByRole('button', { name: /Excellent/ });
    await expect.poll(() => button.getAttribute('aria-keyshortcuts')).toBe('P');
    await page.keyboard.press('5');
    await expect.poll(() => page.getByTestId('progress').textContent()).toBe('1 of 3');
    await vote(page, ['p']);
    await expectStored(page);
    expect((await readVotes(library, study.id)).map(({ value }) => value)).toEqual(['5']);
    await page.reload();
    await page.getByText('Back (B) leads to it').waitFor();
    await pressButton(page.getByRole('button', { name: 'Go on' }));
    await page.locator('canvas[data-painted-image-id]').waitFor();
    await expect.poll(() => button.getAttribute('aria-keyshortcuts')).toBe('P');
    await page.evaluate('localStorage.removeItem("sfiqa.ratingKeys")');
  });

  test('another window and another size of this one are kept with the sitting; the time away is no viewing time', async () => {
    const { page } = library;
    const study = await makeStudy('Interrupted');
    const sent: { name: string; json: Record<string, unknown> }[] = [];
    page.on('request', (request) => {
      const name = /\/rpc\/rating\/(note|vote)$/.exec(request.url())?.[1];
      if (name !== undefined) sent.push({ name, json: request.postDataJSON().json });
    });
    await beginRating(library, study.id, 'Ada');
    await page.evaluate('window.dispatchEvent(new Event("blur"))');
    await page.waitForTimeout(600);
    await page.evaluate('window.dispatchEvent(new Event("focus"))');
    await vote(page, ['4']);
    await expectStored(page);
    const [away, given] = sent;
    expect(away).toMatchObject({ name: 'note', json: { kind: 'focusLoss' } });
    expect(Number(away!.json['durationMs'])).toBeGreaterThanOrEqual(550);
    expect(given).toMatchObject({ name: 'vote', json: { value: 4 } });
    expect(Math.round(Number(given!.json['pausedMs']))).toBe(away!.json['durationMs']);
    expect(Number(given!.json['shownMs'])).toBeGreaterThan(Number(given!.json['pausedMs']));
    await page.setViewportSize({ width: 1000, height: 700 });
    await expect.poll(() => sent.at(-1)?.json['kind']).toBe('resize');
    expect(sent.at(-1)!.json['detail']).toMatchObject({ windowWidth: 1000, windowHeight: 700 });
    await page.setViewportSize({ width: 1280, height: 800 });
    page.removeAllListeners('request');
  });

  test.each([
    [390, 844],
    [820, 1180],
  ])('by touch at %i × %i: large answers, nothing outside the window', async (width, height) => {
    const { page } = library;
    const study = await makeStudy(`Touch ${width}`, { dimensions: bothDimensions });
    await beginRating(library, study.id, 'Ada');
    const { tall, isWithin } = await findAt(page, width, height);
    expect(Math.min(...tall)).toBeGreaterThanOrEqual(44);
    expect(isWithin).toBe(true);
    await page.getByRole('button', { name: /Good/ }).click();
    await expect.poll(() => page.getByTestId('question').textContent()).toBe(bothDimensions[1]!.question);
    const tenths = await makeStudy(`Tenths ${width}`, { dimensions: qualityOn(scalePresets.continuous5) });
    await beginRating(library, tenths.id, 'Ada');
    await page.getByRole('button', { name: 'One step more' }).click();
    await page.getByRole('button', { name: 'One step more' }).click();
    await page.getByRole('button', { name: /^Give 2\.6/ }).click();
    await expectStored(page);
    expect((await readVotes(library, tenths.id)).map(({ value }) => value)).toEqual(['2.6']);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test('screen and eyes can be checked before, with keys alone, and what was found is kept', async () => {
    const { page, studio } = library;
    const study = await makeStudy('Checked');
    await page.goto(`${studio.url}/rate/${study.id}?rater=Ada`);
    const notes: unknown[] = [];
    page.on('request', (request) => {
      if (!request.url().endsWith('/rpc/rating/note')) return;
      const { json } = request.postDataJSON();
      if (json.kind === 'check') notes.push(json);
    });
    await pressButton(page.getByRole('button', { name: 'Check screen and eyes' }));
    await page.getByTestId('check-distance').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await expectFocus(page.getByRole('textbox'));
    await expectFitsPhone(page);
    await page.keyboard.type('60');
    await page.keyboard.press('Enter');
    await page.getByTestId('check-acuity').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await expectFitsPhone(page);
    for (let ring = 1; ring <= 5; ring += 1) await page.keyboard.press('ArrowUp');
    await page.getByTestId('check-colour').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await expectFitsPhone(page);
    for (let plate = 1; plate <= 6; plate += 1) {
      await page.getByText(`Plate ${plate} of 6`).waitFor();
      await page.keyboard.press('0');
    }
    await page.getByTestId('check-brightness').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await expectFitsPhone(page);
    await page.getByRole('radio', { name: '4' }).first().check();
    await page.getByRole('radio', { name: '5' }).last().check();
    await pressButton(page.getByRole('button', { name: 'Go on' }));
    await page.getByText('Brightness: passed').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Begin' }).waitFor();
    expect(notes).toMatchObject([
      { kind: 'check', detail: { check: 'distance', passed: true, distanceMm: 600 } },
      { kind: 'check', detail: { check: 'acuity', shown: 5 } },
      { kind: 'check', detail: { check: 'colour', passed: false, correct: 0 } },
      { kind: 'check', detail: { check: 'brightness', passed: true, dark: 4, bright: 5 } },
    ]);
  });

  test('a rater joins by a code, sees the rating surface only, and comes back with a code of their own', async () => {
    const { studio, context } = library;
    const study = await makeStudy('Joined');
    const [open] = await studio.client.studies.invite({ studyId: study.id });
    const page = await context.newPage();
    // The door takes what came through a proxy for somebody else than the person at this machine.
    await page.setExtraHTTPHeaders({ 'x-forwarded-for': '10.0.0.9' });
    await page.goto(`${studio.url}/`);
    await page.getByRole('heading', { name: 'Join a study' }).waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
    await page.goto(`${studio.url}${open!.path}`);
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByText('Say how you want to be called.').waitFor();
    await page.getByLabel('Your name').fill('Grace');
    await page.keyboard.press('Enter');
    await page.getByTestId('own-code').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Grace, you will see 3 images').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('canvas[data-painted-image-id]').waitFor();
    await vote(page, ['4', '4', '4']);
    await page.getByText('Every vote is stored.').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Everything is stored').waitFor();
    await page.goto(`${studio.url}/studies/${study.id}`);
    await page.waitForURL(`**/rate/${study.id}`);
    const raters = (await readVotes(library, study.id)).map(({ rater }) => rater);
    expect(raters).toEqual(['Grace', 'Grace', 'Grace']);
    await context.clearCookies();
    await page.close();
  });

  test('nothing broke in the page', () => {
    expect(library.pageErrors).toEqual([]);
  });
});

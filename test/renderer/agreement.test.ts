/** The agreement screen in a browser: the paper's tables on images of one's own, what explains them, and a report of it all. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AgreementReport } from '../../contract/agreement-views.ts';
import type { EstimateOrReason } from '../../contract/common.ts';
import { createRandom } from '../../core/maths/random.ts';
import { saveSignal } from '../../db/features.ts';
import { imageById } from '../../db/images.ts';
import type { TestStudio } from '../support/open-test-studio.ts';
import { takeScreens } from '../support/take-screens.ts';
import type { WebStudio } from '../support/web-studio.ts';
import { findBarriers } from './support/check-access.ts';
import { expectText } from './support/expect-text.ts';
import { type FilledPage, openFilledPage } from './support/filled-page.ts';
import { measureSpent } from './support/measure-spent.ts';
import { pressButton, pressMenuItem } from './support/press-button.ts';

const count = 40;
const dimension = 'quality';
let opened: FilledPage<number>;
let studio: WebStudio;
let page: Page;
let mosSetId: number;

beforeAll(async () => {
  opened = await openFilledPage({ count, sidePx: 128, timeoutMs: 30_000 }, fillLibrary);
  ({ studio, page, filled: mosSetId } = opened);
});

afterAll(async () => {
  await opened?.close();
});

/** Painted pictures with a MOS, a good and a bad metric of somebody else's, Q, S, and a fusion of them in use. */
async function fillLibrary(
  { studio: library, client, finish }: TestStudio,
  painted: { name: string; prompt: string }[],
): Promise<number> {
  const random = createRandom(4);
  const lines = painted.map(({ name, prompt }, at) => {
    const mos = 3 + Math.sin(at * 1.7) + 0.3 * random.normal();
    const generator = ['painter', 'Sketcher 2', 'etcher', 'dreamer'][at % 4];
    const columns = [mos, 0.7, 20, mos + 0.3 * random.normal(), -(mos + 1.5 * random.normal())];
    return `${name},"${prompt}",${generator},${columns.map((value) => value.toFixed(4)).join(',')},${at % 2 === 0 ? 'oil' : 'ink'}`;
  });
  const header = 'name,prompt,generator,mos_quality,std_quality,n_quality,good,bad,style';
  const file = new Blob([[header, ...lines].join('\n')]);
  const set = await client.mos.import({ source: { fileName: 'panel.csv', file } });
  const rows = await client.mos.rows({ mosSetId: set.id });
  library.db.transaction(() => {
    for (const { imageId, mean } of rows) {
      const signal = { packId: 'classic', imageId };
      const promptId = imageById(library.db, imageId)!.prompt_id!;
      saveSignal(library.db, { ...signal, name: 'q', promptId: 0, value: mean + 0.6 * random.normal() });
      saveSignal(library.db, {
        ...signal,
        name: 's',
        promptId,
        value: 20 + 3 * (mean + 0.6 * random.normal()),
      });
    }
  });
  const order = { packId: 'classic', mosSetId: set.id, dimension, inputs: 'signals', kind: 'ridge' } as const;
  const job = await finish(client.heads.train({ ...order, target: 'overall', name: 'Fused' }));
  await finish(client.heads.activate({ id: job.summary!.headId! }));
  return set.id;
}

/** A number as the page writes it. */
function shown(estimate: EstimateOrReason): string {
  if ('reason' in estimate) throw new Error(estimate.reason);
  return estimate.value.toFixed(3).replace('-', '−');
}

async function open(view: string, prediction = 'column:good'): Promise<void> {
  await page.goto(
    `${studio.url}/agreement?${new URLSearchParams({ mos: String(mosSetId), dimension, view, prediction })}`,
  );
}

const good = { kind: 'column', name: 'good', lowerIsBetter: false } as const;
const bad = { kind: 'column', name: 'bad', lowerIsBetter: true } as const;

describe('Agreement', () => {
  test('every coefficient stands with its n and interval; why there is no ceiling is said', async () => {
    await open('overview');
    const { overall, humanCeiling } = await studio.client.agreement.measure({
      prediction: good,
      mosSetId,
      dimension,
    });
    const table = page.getByRole('table', { name: 'Coefficients', exact: true });
    await table.waitFor();
    for (const [label, key] of [
      ['PLCC mapped, 5', 'plccMapped5'],
      ['RMSE mapped, 5', 'rmseMapped5'],
      ['MAE', 'mae'],
      ['Outlier ratio', 'outlierRatio'],
    ] as const) {
      const row = table.getByRole('row', { name: new RegExp(`^${label}`) });
      await expectText(row, shown(overall[key]), `n ${count}`);
    }
    if ('value' in humanCeiling) throw new Error('An imported table has no votes.');
    await expect
      .poll(() => table.getByRole('row', { name: /^Human ceiling/ }).textContent())
      .toContain(humanCeiling.reason);
  });

  test('a region that is dragged over the scatter shows its images of its end', async () => {
    const canvas = page.getByTestId('scatter').locator('canvas').first();
    const box = (await canvas.boundingBox())!;
    await page.mouse.move(box.x + 70, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
    await page.mouse.move(box.x + box.width - 80, box.y + box.height - 60, { steps: 4 });
    const brushed = page.getByTestId('brushed');
    const { spentMs } = await measureSpent(page, studio, async () => {
      await page.mouse.up();
      await brushed.locator('li img').first().waitFor();
    });
    console.log(`brush to thumbnails: ${spentMs.toFixed(0)} ms of the processors`);
    expect(spentMs).toBeLessThan(600);
    const readInside = async () => Number(await brushed.getAttribute('data-images'));
    await expect.poll(readInside).toBeGreaterThan(count / 2);
    const inside = await readInside();
    await expect.poll(() => brushed.getByRole('button', { name: /^Image / }).count()).toBe(inside);
    // By keyboard: the edge is typed, and the region follows.
    await brushed.getByLabel('MOS from').fill('3.5');
    await expect.poll(readInside).toBeLessThan(inside);
    await pressButton(brushed.getByRole('button', { name: /^Image / }).first());
    await page.getByTestId('image-panel').getByRole('img').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Density', { exact: true }).click();
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'agreement-scatter');
  });

  test('the ranking is the engine’s, the best first', async () => {
    await page.getByRole('tab', { name: 'Ranking' }).press('Enter');
    const table = page.getByRole('table', { name: 'Scores by main score' });
    await table.waitFor();
    const { rows } = await studio.client.agreement.ranking({ mosSetId, dimension });
    const lines = table.locator('tbody tr');
    await expect.poll(() => lines.count()).toBe(rows.length);
    for (const [at, { label, coefficients }] of rows.entries()) {
      await expectText(lines.nth(at), label);
      if ('value' in coefficients.mainScore) await expectText(lines.nth(at), shown(coefficients.mainScore));
    }
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'agreement-ranking');
  });

  test('tiers are suggested, can be changed, and what is in none is listed', async () => {
    await page.getByRole('tab', { name: 'By tier' }).press('Enter');
    const table = page.getByRole('table', { name: 'Coefficients by tier' });
    await table.waitFor();
    await page.getByText('Suggested: thirds of the generators by their mean MOS', { exact: false }).waitFor();
    const names = page.getByRole('textbox', { name: 'Tier', exact: true });
    await names.first().fill('worst');
    await table.getByRole('columnheader', { name: /^worst/ }).waitFor();
    await pressButton(page.getByRole('button', { name: 'Remove the tier “worst”' }));
    await page.getByText(/^In no tier: /).waitFor();
    await expect.poll(() => table.getByRole('columnheader', { name: /^(medium|good)/ }).count()).toBe(2);
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'agreement-tiers');
  });

  test('two generators in one tier twice are refused in words', async () => {
    await pressButton(page.getByRole('button', { name: 'Add a tier' }));
    const inputs = page.getByRole('combobox', { name: /^Generators of/ });
    const last = page.getByRole('combobox', { name: 'Generators of “tier 3”' });
    await expect.poll(() => inputs.count()).toBe(3);
    for (const name of ['painter', 'Sketcher 2', 'etcher', 'dreamer']) {
      await last.fill(name);
      await last.press('Enter');
    }
    await page.getByText(/is in the tier “.*” and in “tier 3”/).waitFor();
    await pressButton(page.getByRole('button', { name: 'As suggested' }));
    await page.getByRole('table', { name: 'Coefficients by tier' }).waitFor();
  });

  test('branches: the fusion beside Q, S and their mean on the same images', async () => {
    await page.getByRole('tab', { name: 'Branches' }).press('Enter');
    const table = page.getByRole('table', { name: 'Coefficients by branch' });
    await table.waitFor();
    const { rows } = await studio.client.agreement.ablation({ mosSetId, dimension, packId: 'classic' });
    for (const { label, coefficients } of rows) {
      await expect
        .poll(() => table.getByRole('row', { name: new RegExp(`^${label}`) }).textContent())
        .toContain(shown(coefficients.srcc));
    }
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'agreement-branches');
  });

  test('distributions: both sides of a split by any field', async () => {
    await page.getByRole('tab', { name: 'Distributions' }).press('Enter');
    await page.getByText(/^\s*Held out: /).waitFor();
    await page.getByLabel('Grouped by').selectOption('prompt');
    const { test: side } = await studio.client.agreement.split({ mosSetId, dimension });
    await expect
      .poll(() => page.getByText(/^\s*Held out: /).textContent())
      .toContain(`${side.images} images`);
    await page.getByLabel('Grouped by').selectOption('attribute.style');
    await page.getByText('This set cannot be split so').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'agreement-distributions');
  });

  test('two scores are compared: “better” only where the paired interval excludes zero', async () => {
    await page.getByRole('tab', { name: 'Compare two' }).press('Enter');
    const verdict = page.getByTestId('compare-verdict');
    for (const [other, prediction] of [
      ['column:bad', { ...bad, lowerIsBetter: false }],
      ['signal:classic:q', { kind: 'signal', packId: 'classic', signal: 'q' }],
    ] as const) {
      await page.getByLabel('Compared with').selectOption(other);
      const compared = await studio.client.agreement.compare({ mosSetId, dimension, a: good, b: prediction });
      await expect.poll(() => verdict.textContent()).toContain(compared.sentence);
      await expect.poll(() => verdict.getAttribute('data-verdict')).toBe(compared.verdict);
      if ('value' in compared.srcc) expect(compared.verdict === 'better').toBe(compared.srcc.low! > 0);
    }
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'agreement-compare');
  });

  test('residuals by any field, with the images behind a row', async () => {
    await page.getByRole('tab', { name: 'Residuals' }).press('Enter');
    await page.getByRole('table', { name: 'Residuals by Generator' }).waitFor();
    await page.getByLabel('By', { exact: true }).selectOption('attribute.style');
    const table = page.getByRole('table', { name: /^Residuals by .*style/i });
    await table.waitFor();
    await expect
      .poll(() => table.getByRole('rowheader').allTextContents())
      .toEqual(expect.arrayContaining(['ink', 'oil']));
    await pressButton(page.getByRole('button', { name: 'Images of “oil”' }));
    const images = page.getByRole('list', { name: 'Images of “oil”' }).getByRole('button');
    await expect.poll(() => images.count()).toBe(count / 2);
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'agreement-residuals');
  });

  test('calibration is drawn and listed', async () => {
    await page.getByRole('tab', { name: 'Calibration' }).press('Enter');
    const table = page.getByRole('table', { name: 'Calibration by bin' });
    await table.waitFor();
    const { bins } = await studio.client.agreement.calibration({ prediction: good, mosSetId, dimension });
    await expect.poll(() => table.locator('tbody tr').count()).toBe(bins.length);
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'agreement-calibration');
  });

  test('pairs that score and raters order oppositely are seen side by side', async () => {
    await page.getByRole('tab', { name: 'Opposite pairs' }).press('Enter');
    const pairs = page.getByRole('list', { name: 'Pairs ordered oppositely' }).getByRole('listitem');
    const found = await studio.client.agreement.oppositePairs({ prediction: good, mosSetId, dimension });
    await expect.poll(() => pairs.count()).toBe(found.length);
    expect(await findBarriers(page)).toEqual([]);
    await takeScreens(page, 'agreement-pairs');
    await pressButton(pairs.first().getByRole('button', { name: /^Raters prefer/ }));
    await page.getByTestId('image-panel').getByText(found[0]!.humans.name).waitFor();
    await page.keyboard.press('Escape');
  });

  test('an imported metric of which less is better is turned by one click', async () => {
    await open('overview', 'column:bad');
    const srcc = page
      .getByRole('table', { name: 'Coefficients', exact: true })
      .getByRole('row', { name: /^SRCC/ });
    await srcc.waitFor();
    await page.getByLabel('Less is better').check();
    const { overall } = await studio.client.agreement.measure({ prediction: bad, mosSetId, dimension });
    await expect.poll(() => srcc.textContent()).toContain(shown(overall.srcc));
  });

  test('the report is downloaded as one HTML file and as JSON, with the tiers that the page suggests', async () => {
    await page.evaluate(() => localStorage.removeItem('agreement-tiers'));
    await page.reload();
    await page.getByRole('table').first().waitFor();
    for (const [item, ending] of [
      ['HTML: one file, prints to PDF', '.html'],
      ['JSON: every number', '.json'],
    ] as const) {
      await pressButton(page.getByRole('button', { name: 'Report' }));
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        pressMenuItem(page.getByRole('menuitem', { name: item })),
      ]);
      expect(download.suggestedFilename().endsWith(ending)).toBe(true);
      const text = readFileSync(await download.path(), 'utf8');
      if (ending === '.html') expect(text).toMatch(/^<!doctype html>[\s\S]*Agreement of “bad”/);
      else {
        const report = AgreementReport.parse(JSON.parse(text));
        expect(report.prediction).toBe('bad');
        expect(report.tiers!.tiers.length).toBeGreaterThan(1);
      }
    }
    expect(opened.pageErrors).toEqual([]);
  });

  test('in the window of its own the report is saved as PDF, and the page says where', async () => {
    const shell = await page.context().newPage();
    await shell.addInitScript(() => {
      const told: object[] = [];
      const savePdf = async (report: object) => {
        told.push(report);
        return '/somewhere/report.pdf';
      };
      Object.assign(window, { told, studio: { platform: 'linux', version: '1', savePdf } });
    });
    await shell.goto(page.url());
    await pressButton(shell.getByRole('button', { name: 'Report' }));
    await pressMenuItem(shell.getByRole('menuitem', { name: /^PDF/ }));
    await shell.getByText('/somewhere/report.pdf').waitFor();
    const told = await shell.evaluate(() => (window as unknown as { told: { html: string }[] }).told);
    expect(told).toHaveLength(1);
    expect(told[0]!.html).toMatch(/^<!doctype html>[\s\S]*Agreement of “bad”/);
    await shell.close();
  });
});

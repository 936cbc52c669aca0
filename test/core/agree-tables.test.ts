import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tierPresets } from '../../contract/agreement-tables.ts';
import { AgreementReport } from '../../contract/agreement-views.ts';
import type { EstimateOrReason } from '../../contract/common.ts';
import { measureTiers } from '../../core/agree-tables.ts';
import { createRandom } from '../../core/maths/random.ts';
import { saveSignal } from '../../db/features.ts';
import { imageById } from '../../db/images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';
import { hasShared, readSharedJson, sharedPath } from '../support/shared.ts';

let test: TestStudio;
let mosSetId: number;
const count = 120;
const dimension = 'quality';

/** Images without files: four a prompt, three generators, a good and a bad metric of somebody else's. */
beforeAll(async () => {
  test = openTestStudio();
  const random = createRandom(4);
  const lines = Array.from({ length: count }, (_, at) => {
    const mos = 3 + Math.sin(at) + 0.3 * random.normal();
    const good = mos + 0.3 * random.normal();
    const bad = -(mos + 1.5 * random.normal());
    const prompt = `a fox number ${Math.floor(at / 4)}, in snow`;
    const generator = ['painter', 'Sketcher 2', 'etcher'][at % 3];
    return `image-${at}.png,"${prompt}",${generator},${mos.toFixed(4)},0.7,20,${good.toFixed(4)},${bad.toFixed(4)},${at % 2 === 0 ? 'oil' : 'ink'}`;
  });
  const header = 'name,prompt,generator,mos_quality,std_quality,n_quality,good,bad,style';
  const file = new Blob([[header, ...lines].join('\n')]);
  mosSetId = (await test.client.mos.import({ source: { fileName: 'm.csv', file } })).id;
});
afterAll(() => test.close());

const good = { kind: 'column', name: 'good', lowerIsBetter: false } as const;
const bad = { kind: 'column', name: 'bad', lowerIsBetter: true } as const;

function numberIn(estimate: EstimateOrReason): number {
  if ('reason' in estimate) throw new Error(estimate.reason);
  return estimate.value;
}

describe('scores of others, imported as columns', () => {
  it('are offered where every value is a number, and measured as any score', async () => {
    const choices = await test.client.agreement.choices();
    expect(choices.map(({ label }) => label).sort()).toEqual(['bad', 'good']);
    const measured = await test.client.agreement.measure({ prediction: bad, mosSetId, dimension });
    expect(measured.higherIsBetter).toBe(false);
    expect(numberIn(measured.overall.srcc)).toBeGreaterThan(0.3);
    expect(numberIn(measured.overall.outlierRatio)).toBeGreaterThan(0.1);
  });

  it('are told apart by paired intervals and tests on the same images', async () => {
    const compared = await test.client.agreement.compare({ mosSetId, dimension, a: good, b: bad });
    expect(compared.verdict).toBe('better');
    expect(compared.n).toBe(count);
    const { steiger } = compared.tests.srcc as { steiger: { p: number } };
    expect(steiger.p).toBeLessThan(1e-6);
    expect(compared.sentence).toMatch(/“good” ranks better than “bad”/);
    const back = await test.client.agreement.compare({ mosSetId, dimension, a: bad, b: good });
    expect(back.verdict).toBe('worse');
    expect(numberIn(back.srcc)).toBeCloseTo(-numberIn(compared.srcc), 12);
    const same = await test.client.agreement.compare({ mosSetId, dimension, a: good, b: good });
    expect(same).toMatchObject({ verdict: 'undecided', imagesToTell: { observed: null } });
  });

  it('are ranked by main score, each with what the best is ahead by', async () => {
    const { rows } = await test.client.agreement.ranking({ mosSetId, dimension, predictions: [bad, good] });
    expect(rows.map(({ rank, label }) => [rank, label])).toEqual([
      [1, 'good'],
      [2, 'bad'],
    ]);
    expect(rows[0]!.difference).toBeNull();
    expect(numberIn(rows[1]!.difference!.srcc)).toBeGreaterThan(0);
  });
});

describe('tables of the paper', () => {
  it('by tier: generators are known whatever their spelling, the rest is listed', async () => {
    const tiers = [{ name: 'drawn', generators: ['PAINTER', 'sketcher-2'] }];
    const table = await test.client.agreement.tiers({ mosSetId, dimension, predictions: [good], tiers });
    expect(table.tiers).toEqual([{ name: 'drawn', generators: ['PAINTER', 'sketcher-2'], images: 80 }]);
    expect(table.leftOver).toEqual([{ generator: 'etcher', images: 40 }]);
    expect(table.rows[0]!.byTier[0]!.n).toBe(80);
    const twice = [...tiers, { name: 'other', generators: ['painter'] }];
    await expect(
      test.client.agreement.tiers({ mosSetId, dimension, predictions: [good], tiers: twice }),
    ).rejects.toMatchObject({ code: 'badInput' });
  });

  it('a question that is withdrawn ends as cancelled, and nothing is left that rejects unheard', async () => {
    const [unheard, asking] = [vi.fn(), new AbortController()];
    process.on('unhandledRejection', unheard);
    const compute = test.studio.compute.until(asking.signal);
    const asked = Object.assign(Object.create(test.studio), { compute });
    const tiers = [{ name: 'drawn', generators: ['painter'] }];
    const table = measureTiers(asked, { mosSetId, dimension, predictions: [good, bad], tiers });
    asking.abort();
    await expect(table).rejects.toMatchObject({ code: 'cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.off('unhandledRejection', unheard);
    expect(unheard).not.toHaveBeenCalled();
  });

  it('by branch: Q, S, their mean and the fusion on the same images', async () => {
    const { db } = test.studio;
    const order = { mosSetId, dimension, packId: 'classic' };
    await expect(test.client.agreement.ablation(order)).rejects.toMatchObject({ code: 'unsupported' });
    const rows = await test.client.mos.rows({ mosSetId });
    const random = createRandom(5);
    db.transaction(() => {
      for (const { imageId, mean } of rows) {
        const signal = { packId: 'classic', imageId };
        const promptId = imageById(db, imageId)!.prompt_id!;
        saveSignal(db, { ...signal, name: 'q', promptId: 0, value: mean + 0.6 * random.normal() });
        saveSignal(db, { ...signal, name: 's', promptId, value: 20 + 3 * (mean + 0.6 * random.normal()) });
      }
    });
    const job = await test.finish(
      test.client.heads.train({ ...order, target: 'overall', inputs: 'signals', kind: 'ridge' }),
    );
    await test.finish(test.client.heads.activate({ id: job.summary!.headId! }));
    const table = await test.client.agreement.ablation(order);
    expect(table.images).toBe(count);
    const srcc = new Map(table.rows.map((row) => [row.label, numberIn(row.coefficients.srcc)]));
    expect(srcc.get('Mean of Q and S')).toBeGreaterThan(srcc.get('Quality')!);
    expect(srcc.get('Mean of Q and S')).toBeGreaterThan(srcc.get('Similarity')!);
    expect(table.rows.map(({ difference }) => difference === null)).toEqual([true, false, false, false]);
  });

  it.skipIf(!hasShared)(
    'Table 1 of AGIQA-3K: alignment against quality by tier is the reference’s',
    async () => {
      const set = await test.client.mos.import({ source: { path: sharedPath('data/agiqa-3k/data.csv') } });
      const table = await test.client.agreement.tiers({
        mosSetId: set.id,
        dimension,
        predictions: [{ kind: 'mos', mosSetId: set.id, dimension: 'alignment' }],
        tiers: tierPresets['AGIQA-3K']!,
      });
      const golden = readSharedJson<{
        expected_statistics: {
          correlation_per_tier: Record<string, { srcc: number; plcc: number }>;
          correlation_quality_vs_alignment: { srcc: number; plcc: number; krcc: number };
        };
      }>('golden-stats/agiqa3k-split-and-tiers.json').expected_statistics;
      expect(table.leftOver).toEqual([]);
      expect(table.tiers.map(({ images }) => images)).toEqual([600, 1490, 892]);
      const { all, byTier } = table.rows[0]!;
      for (const name of ['srcc', 'plcc', 'krcc'] as const) {
        expect(numberIn(all[name])).toBeCloseTo(golden.correlation_quality_vs_alignment[name], 9);
      }
      for (const [at, { name }] of table.tiers.entries()) {
        expect(numberIn(byTier[at]!.srcc)).toBeCloseTo(golden.correlation_per_tier[name]!.srcc, 9);
        expect(numberIn(byTier[at]!.plcc)).toBeCloseTo(golden.correlation_per_tier[name]!.plcc, 9);
      }
    },
  );
});

describe('views that explain', () => {
  const comparison = () => ({ prediction: good, mosSetId, dimension });

  it('a split by group has no group on both sides, the same for the same seed', async () => {
    const order = { mosSetId, dimension, groupBy: 'object', share: 0.2 };
    const split = await test.client.agreement.split(order);
    expect(split.problem).toBeNull();
    expect(split.test).toMatchObject({ images: 24, groups: 6 });
    expect(split.train).toMatchObject({ images: 96, groups: 24 });
    expect(split.all.mos.counts.reduce((sum, n) => sum + n, 0)).toBe(count);
    expect(split.test.mos.edges).toEqual(split.train.mos.edges);
    expect(await test.client.agreement.split(order)).toEqual(split);
    expect(await test.client.agreement.split({ ...order, seed: 2 })).not.toEqual(split);
  });

  it('a split that would leave a side empty says why', async () => {
    const split = await test.client.agreement.split({ mosSetId, dimension, groupBy: 'promptLength' });
    expect(split.problem).toContain('cannot be split');
    expect(split.test.images).toBe(0);
  });

  it('residuals by any field: an over-rated style shows', async () => {
    const fields = await test.client.agreement.fields({ mosSetId, dimension });
    expect(fields.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['generator', 'prompt', 'object', 'attribute.style', 'attribute.good']),
    );
    const residuals = await test.client.agreement.residuals({ ...comparison(), field: 'attribute.style' });
    expect(residuals.groups.map(({ label, n }) => [label, n])).toEqual([
      ['ink', 60],
      ['oil', 60],
    ]);
    const byNumber = await test.client.agreement.residuals({ ...comparison(), field: 'attribute.good' });
    expect(byNumber.groups).toHaveLength(5);
    expect(byNumber.groups.reduce((sum, { n }) => sum + n, 0)).toBe(count);
    await expect(test.client.agreement.residuals({ ...comparison(), field: 'mood' })).rejects.toMatchObject({
      code: 'badInput',
    });
  });

  it('calibration of a good score is about the diagonal', async () => {
    const { bins, slope } = await test.client.agreement.calibration(comparison());
    expect(bins.reduce((sum, { n }) => sum + n, 0)).toBe(count);
    const { low, high } = slope as { low: number; high: number };
    expect(low).toBeLessThan(1);
    expect(high).toBeGreaterThan(0.9);
  });

  it('opposite pairs are ordered one way by the model and the other by the raters', async () => {
    const pairs = await test.client.agreement.oppositePairs({ ...comparison(), limit: 10 });
    expect(pairs).toHaveLength(10);
    for (const { model, humans, strength, isBeyondVotes } of pairs) {
      expect(model.mapped).toBeGreaterThan(humans.mapped);
      expect(humans.mos).toBeGreaterThan(model.mos);
      expect(strength).toBeGreaterThan(0);
      expect(typeof isBeyondVotes).toBe('boolean');
    }
    const strengths = pairs.map(({ strength }) => strength);
    expect(strengths).toEqual([...strengths].sort((a, b) => b - a));
    const within = await test.client.agreement.oppositePairs({ ...comparison(), within: 'prompt' });
    expect(within.every(({ model, humans }) => model.prompt === humans.prompt)).toBe(true);
  });

  it('the scatter’s density is highest where most points are', async () => {
    const [points, { density, predicted }] = await Promise.all([
      test.client.agreement.points(comparison()),
      test.client.agreement.density(comparison()),
    ]);
    expect(density).toHaveLength(points.imageIds.length);
    expect(Math.max(...density)).toBe(1);
    expect(predicted.counts.reduce((sum, n) => sum + n, 0)).toBe(count);
  });
});

describe('the report', () => {
  it('is one HTML file without scripts, with n and method of every number, and the same as data', async () => {
    const { html, report, fileName } = await test.client.agreement.report({
      prediction: good,
      mosSetId,
      dimension,
      tiers: [{ name: 'drawn', generators: ['painter'] }],
      field: 'attribute.style',
    });
    expect(AgreementReport.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(html).toContain(numberIn(report.agreement.overall.srcc).toFixed(4));
    expect(html).toContain(`n = ${count}`);
    expect(html).toContain('percentile bootstrap over prompts');
    expect(html).not.toMatch(/<script|https?:/);
    expect(html).toContain(`<td>${report.opposite[0]!.mosGap.toFixed(3)}</td>`);
    expect(html).toContain(`<small>n ${report.tiers!.rows[0]!.byTier[0]!.n}</small>`);
    expect(report.tiers!.tiers[0]!.images).toBe(40);
    expect(report.ranking.rows[0]!.label).toBe('good');
    expect(fileName).toMatch(/^agreement-good-m/);
  });

  it('escapes whatever the library holds', async () => {
    const file = new Blob(['name,mos_quality,<b>bold</b>\n"<i>x</i>.png",1,1\ny.png,2,3\nz.png,3,2']);
    const set = await test.client.mos.import({ source: { fileName: '<u>set</u>.csv', file } });
    const { html } = await test.client.agreement.report({
      prediction: { kind: 'column', name: '<b>bold</b>', lowerIsBetter: false },
      mosSetId: set.id,
      dimension,
    });
    expect(html).not.toMatch(/<(b|i|u)>/);
    expect(html).toContain('i&gt;.png');
  });
});

describe('a table of another metric’s scores', () => {
  const take = (text: string, more: { columns?: string[] } = {}) =>
    test.client.agreement.importColumns({
      source: { fileName: 'metric.csv', file: new Blob([text]) },
      ...more,
    });

  it('becomes a score of the images it names, compared as any other', async () => {
    const rows = (await test.client.mos.rows({ mosSetId })).slice(0, 60);
    const text = [
      'image,clip score,remark',
      ...rows.map(({ name, mean }) => `${name},${mean * 2},fine`),
    ].join('\n');
    expect(await take(text)).toEqual({ columns: ['clip score'], images: 60, unknown: 0, leftOut: 0 });
    const prediction = { kind: 'column', name: 'clip score', lowerIsBetter: false } as const;
    const measured = await test.client.agreement.measure({ prediction, mosSetId, dimension });
    expect(measured.missingPrediction).toBe(60);
    expect(numberIn(measured.overall.srcc)).toBeCloseTo(1, 12);
  });

  it('is refused whole with the lines that are wrong', async () => {
    const bad = 'name,fid\nimage-0.png,1\nnobody.png,2\nimage-1.png,NaN\nimage-0.png,3\n,4';
    await expect(take(bad)).rejects.toMatchObject({
      code: 'badInput',
      message: expect.stringMatching(
        /line 3: no image .* “nobody.png”; line 4: fid “NaN” is not a number; line 5: “image-0.png” stands on line 2 already; line 6: the name is empty/,
      ),
    });
    const labels = (await test.client.agreement.choices()).map(({ label }) => label);
    expect(labels).not.toContain('fid');
    await expect(take('name,remark\nimage-0.png,fine')).rejects.toMatchObject({ code: 'badInput' });
    await expect(take('name,fid\nimage-0.png,1', { columns: ['kid'] })).rejects.toMatchObject({
      code: 'badInput',
    });
  });
});

describe('a question that is withdrawn', () => {
  it('ends at once, in the middle of its arithmetic', async () => {
    const { studio } = test;
    const long = new Float64Array(200_000).map((_, at) => Math.sin(at));
    const task = {
      predicted: long,
      mos: long.map((value, at) => value + Math.cos(3 * at)),
      groups: [...long.keys()],
      halfWidths: null,
    };
    const abort = new AbortController();
    const asked = studio.compute.until(abort.signal).run('coefficients', task);
    const startedAt = performance.now();
    setTimeout(() => abort.abort(), 300);
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    expect(performance.now() - startedAt).toBeLessThan(5000);
    // The threads answer the next one.
    expect(
      (await studio.compute.run('map', { predicted: new Float64Array(), mos: new Float64Array() })).curve,
    ).toEqual([]);
  });
});

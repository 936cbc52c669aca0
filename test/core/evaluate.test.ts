import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Evaluation } from '../../contract/evaluate.ts';
import { createRandom } from '../../core/maths/random.ts';
import { saveFeature } from '../../db/features.ts';
import { encodeScene } from '../support/make-images.ts';
import { makeMatFile } from '../support/make-mat-file.ts';
import { makeWorkbook } from '../support/make-workbook.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

let test: TestStudio;
beforeAll(() => {
  test = openTestStudio();
});
afterAll(() => test.close());

const count = 120;

/** A table in AGIQA-3K's layout: the tenth of each prompt's images are of one generator of each kind. */
function makeTable(change: (line: string, at: number) => string = (line) => line): Blob {
  const random = createRandom(9);
  const generators = ['AttnGAN', 'glide', 'DALLE2', 'sd1.5', 'midjourney', 'xl2.2'];
  const lines = Array.from({ length: count }, (_, at) => {
    const tier = Math.floor((at % 6) / 2);
    const quality = Math.max(0, Math.min(5, 1 + tier + 0.4 * random.normal()));
    const align = Math.max(0, Math.min(5, quality + 0.4 * random.normal()));
    const prompt = `"object ${Math.floor(at / 6)}, adjective"`;
    return `${generators[at % 6]}_normal_${String(Math.floor(at / 6)).padStart(3, '0')}.jpg,${prompt},,,,${quality.toFixed(4)},0.5,${align.toFixed(4)},0.5`;
  });
  const header = 'name,prompt,adj1,adj2,style,mos_quality,std_quality,mos_align,std_align';
  return new Blob([[header, ...lines.map(change)].join('\n')]);
}

function prepare(file: Blob) {
  return test.client.agreement.prepareEvaluation({
    protocol: 'agiqa-3k',
    source: { fileName: 'data.csv', file },
  });
}

describe('a data set’s table', () => {
  it('is one MOS set however often it is taken in', async () => {
    const set = await prepare(makeTable());
    expect(set).toMatchObject({ dimensions: ['alignment', 'quality'], images: count });
    expect((await prepare(makeTable())).id).toBe(set.id);
  });

  it.each([
    [
      'a MOS off the scale',
      (cells: string[]) => cells.with(-4, '6.2'),
      /line 5: mos_quality 6.2 lies outside the scale of 0 to 5/,
    ],
    ['NaN', (cells: string[]) => cells.with(-4, 'NaN'), /line 5: mos_quality is missing/],
    [
      'a MOS that is no number',
      (cells: string[]) => cells.with(-2, 'good'),
      /line 5: mos_align “good” is not a number/,
    ],
    [
      'a name that stands twice',
      (cells: string[]) => cells.with(0, 'AttnGAN_normal_000.jpg'),
      /stands on line 2 already/,
    ],
  ])('with %s is refused whole, with the line', async (_what, change, message) => {
    const before = (await test.client.mos.sets()).length;
    const broken = makeTable((line, at) => (at === 3 ? change(line.split(/,(?! )/)).join(',') : line));
    await expect(prepare(broken)).rejects.toMatchObject({
      code: 'badInput',
      message: expect.stringMatching(message),
    });
    expect((await test.client.mos.sets()).length).toBe(before);
  });
});

describe('a look at a table before any work', () => {
  it('tells everything that is wrong at once, by line, and takes nothing in', async () => {
    const before = (await test.client.mos.sets()).length;
    const changes = new Map([
      [1, (cells: string[]) => cells.with(-4, '-1')],
      [3, (cells: string[]) => cells.with(0, 'AttnGAN_normal_000.jpg')],
      [7, (cells: string[]) => cells.with(-2, 'nan')],
    ]);
    const file = makeTable(
      (line, at) =>
        changes
          .get(at)?.(line.split(/,(?! )/))
          .join(',') ?? line,
    );
    const source = { fileName: 'data.csv', file };
    await expect(
      test.client.agreement.checkEvaluation({ protocol: 'agiqa-3k', source }),
    ).rejects.toMatchObject({
      code: 'badInput',
      message: expect.stringMatching(
        /3 of its rows need mending: line 3: .*outside the scale.*line 5: .*stands on line 2 already.*line 9: mos_align is missing/,
      ),
    });
    expect((await test.client.mos.sets()).length).toBe(before);
  });

  it('names the rows whose images the folder does not have', async () => {
    const folder = test.folder('few-images');
    writeFileSync(join(folder, 'AttnGAN_normal_000.jpg'), '');
    const source = { fileName: 'data.csv', file: makeTable() };
    const checked = await test.client.agreement.checkEvaluation({ protocol: 'agiqa-3k', source, folder });
    expect(checked).toMatchObject({ rows: count, dimensions: ['quality', 'alignment'] });
    expect(checked.unmatched).toHaveLength(count - 1);
    expect(checked.unmatched[0]).toEqual({ line: 3, name: 'glide_normal_000.jpg' });
  });
});

describe('an evaluation', () => {
  it('of MOS alone has the human side, the published rows, and why nothing was trained', async () => {
    const set = await prepare(makeTable());
    const evaluation = await test.client.agreement.evaluate({
      protocol: 'agiqa-3k',
      mosSetId: set.id,
      repeats: 3,
    });
    expect(Evaluation.parse(evaluation)).toEqual(evaluation);
    expect(evaluation.columns).toEqual(['All', 'bad', 'medium', 'good']);
    const quality = evaluation.dimensions.find(({ dimension }) => dimension === 'quality')!;
    expect(quality.mos.map(({ n }) => n)).toEqual([120, 40, 40, 40]);
    expect(quality.groups).toBe(20);
    const published = quality.rows.find(({ label }) => label === 'SF-IQA (quality)')!;
    expect(published.cells.map(({ srcc }) => srcc!.median)).toEqual([0.9024, 0.4936, 0.6739, 0.8239]);
    expect(quality.rows.every(({ kind }) => kind === 'published')).toBe(true);
    expect(evaluation.problems[0]).toContain('0 images of the set have features');
    expect(evaluation.between[0]!.cells[0]!.srcc).toBeGreaterThan(0.7);
  });

  it('trains on one side and judges on the other, which it never saw: labels by prompt alone cannot be learned', async () => {
    const set = await prepare(makeTable());
    const rows = (await test.client.mos.rows({ mosSetId: set.id })).filter(
      ({ dimension }) => dimension === 'quality',
    );
    const { id: packId, features } = test.studio.packs.get('classic')!.manifest;
    const random = createRandom(3);
    test.studio.db.transaction(() => {
      for (const { imageId, mean } of rows) {
        const values = Float32Array.from({ length: features.length }, () => random.normal());
        values[0] = mean + 0.2 * random.normal();
        saveFeature(test.studio.db, { packId, imageId, kind: 'features', version: features.version, values });
      }
    });
    const order = { protocol: 'agiqa-3k', mosSetId: set.id, repeats: 4, kind: 'ridge' } as const;
    const evaluation = await test.client.agreement.evaluate(order);
    const [trained] = evaluation.dimensions.find(({ dimension }) => dimension === 'quality')!.rows;
    expect(trained).toMatchObject({ kind: 'trained' });
    const { srcc } = trained!.cells[0]!;
    expect(srcc!.repeats).toBe(4);
    expect(srcc!.low).toBeLessThanOrEqual(srcc!.median);
    expect(srcc!.median).toBeGreaterThan(0.2);
    expect(await test.client.agreement.evaluate(order)).toEqual(evaluation);
  });

  it('says of every score that the pack’s own training made that it saw the set, and a new head does not start from one', async () => {
    const set = await prepare(makeTable());
    const heads = await test.client.heads.list();
    for (const { id } of heads) await test.finish(test.client.heads.activate({ id }));
    const { dimensions } = await test.client.agreement.evaluate({
      ...{ protocol: 'agiqa-3k', mosSetId: set.id, repeats: 2, kind: 'ridge' },
    });
    for (const { dimension, rows } of dimensions) {
      const own = rows.find(({ label }) => label === `Classic ${dimension}`)!;
      expect(own.note).toContain('Not a fair figure: it was trained on images of this set.');
    }
    const job = await test.finish(
      test.client.heads.train({ packId: 'classic', mosSetId: set.id, dimension: 'quality', kind: 'ridge' }),
    );
    expect(job.summary!.notes!.join(' ')).toContain('starts from nothing instead');
    const made = (await test.client.heads.list()).find(({ id }) => id === job.summary!.headId)!;
    expect(made.heldOut).toMatchObject({ parentSaw: true });
  });
});

describe('a picture that a data set has under two names', () => {
  it('counts once, and the evaluation says which rows are left out; an import of one’s own names the line', async () => {
    const folder = test.folder('twins');
    const picture = await encodeScene(900, { width: 64, height: 64 });
    for (const name of ['twin-a.png', 'twin-b.png']) writeFileSync(join(folder, name), picture);
    await test.finish(test.client.library.score({ folder }));
    const others = Array.from({ length: 12 }, (_, at) => `other-${at}.png,"prompt ${at}",${1 + (at % 4)}`);
    const lines = ['name,prompt,mos', 'twin-a.png,"prompt 0",0', ...others, 'twin-b.png,"prompt 1",0.2'];
    const source = { fileName: 'set.csv', file: new Blob([lines.join('\n')]) };
    await expect(test.client.mos.import({ source })).rejects.toMatchObject({
      code: 'badInput',
      message: expect.stringContaining(
        'line 15: “twin-b.png” is byte for byte the picture “twin-a.png” of line 2 (such rows can be left out)',
      ),
    });
    expect(await test.client.mos.import({ source, name: 'mine', twins: 'leaveOut' })).toMatchObject({
      ...{ images: 13, leftOutRows: 1 },
    });
    // The scores of another metric are told apart in the same way.
    const metric = {
      fileName: 'metric.csv',
      file: new Blob(['name,clip\ntwin-a.png,1\nother-0.png,2\ntwin-b.png,3']),
    };
    await expect(test.client.agreement.importColumns({ source: metric })).rejects.toMatchObject({
      message: expect.stringContaining(
        'line 4: “twin-b.png” is byte for byte the picture “twin-a.png” of line 2',
      ),
    });
    expect(await test.client.agreement.importColumns({ source: metric, twins: 'leaveOut' })).toEqual({
      ...{ columns: ['clip'], images: 2, unknown: 0, leftOut: 1 },
    });
    const set = await test.client.agreement.prepareEvaluation({ protocol: 'generic', source });
    expect(set.images).toBe(13);
    const { problems } = await test.client.agreement.evaluate({
      ...{ protocol: 'generic', mosSetId: set.id, packId: 'classic', repeats: 2 },
    });
    expect(problems[0]).toBe(
      'Rows left out: 1. Their pictures are, byte for byte, those of earlier rows, and of each picture the first row counts: “twin-b.png” (line 15, as line 2).',
    );
  });
});

describe('AIGCIQA2023 as its authors give it out', () => {
  it('is one table: workbooks and MATLAB files side by side, images told apart by their folder', async () => {
    const folder = test.folder('aigciqa');
    const generators = ['Controlnet', 'DALLE'];
    const files = ['000-1.png', '000-2.png', '001-1.png'];
    const index = generators.flatMap((generator) => files.map((file) => [generator, file]));
    for (const [at, [generator, file]] of index.entries()) {
      mkdirSync(join(folder, generator!), { recursive: true });
      writeFileSync(join(folder, generator!, file!), await encodeScene(at + 500, { width: 64, height: 64 }));
    }
    mkdirSync(join(folder, 'DATA', 'MOS'), { recursive: true });
    writeFileSync(join(folder, 'DATA', 'pic-index.xlsx'), makeWorkbook(index));
    writeFileSync(
      join(folder, 'DATA', 'prompts.xlsx'),
      makeWorkbook([
        ['category', 'sub-category', 'prompt'],
        ['a', 'b', 'a fox'],
        ['a', 'b', 'a <red> owl'],
      ]),
    );
    const values = index.map((_, at) => 40 + 5 * at);
    for (const number of [1, 2, 3]) {
      const moved = values.map((value) => value + number);
      writeFileSync(join(folder, 'DATA', 'MOS', `mosz${number}.mat`), makeMatFile(moved));
    }
    await test.finish(test.client.library.score({ folder }));
    const take = () =>
      test.client.agreement.prepareEvaluation({ protocol: 'aigciqa2023', source: { path: folder } });
    const set = await take();
    expect(set).toMatchObject({
      images: 6,
      withFiles: 6,
      dimensions: ['authenticity', 'correspondence', 'quality'],
    });
    const rows = (await test.client.mos.rows({ mosSetId: set.id })).filter(
      ({ dimension }) => dimension === 'quality',
    );
    expect(rows.map(({ mean }) => mean).sort()).toEqual(values.map((value) => value + 1));
    const details = await Promise.all(rows.map(({ imageId }) => test.client.images.detail({ id: imageId })));
    expect(new Set(details.map(({ generator }) => generator))).toEqual(new Set(generators));
    expect(details.filter(({ prompt }) => prompt === 'a <red> owl')).toHaveLength(2);
    writeFileSync(join(folder, 'DATA', 'MOS', 'mosz2.mat'), makeMatFile([1, 2]));
    await expect(take()).rejects.toMatchObject({
      code: 'badInput',
      message: expect.stringContaining('2 values, the index 6 rows'),
    });
    rmSync(join(folder, 'DATA', 'MOS', 'mosz2.mat'));
    await expect(take()).rejects.toMatchObject({
      code: 'notFound',
      message: expect.stringContaining('authenticity'),
    });
  });
});

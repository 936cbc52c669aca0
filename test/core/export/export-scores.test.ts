import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCsv } from '../../../core/export/encode-csv.ts';
import { tabulate } from '../../../core/export/export-table.ts';
import { encodeScene, withPngText, writeScenes } from '../../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';

let test: TestStudio;
let folder: string;
let sibling: string;
const first =
  'name,path,prompt,generator,pack,q,s,quality,alignment,overall,quality_head,alignment_head,overall_head';
const size = { width: 64, height: 48 };

beforeAll(async () => {
  test = openTestStudio();
  const parent = test.folder('images');
  folder = join(parent, 'run');
  sibling = join(parent, 'run 2');
  for (const path of [folder, sibling]) mkdirSync(path);
  await writeScenes(folder, 2, size);
  writeFileSync(
    join(folder, '=1+1.png'),
    withPngText(await encodeScene(70, size), 'parameters', odd('=HYPERLINK("x")')),
  );
  writeFileSync(
    join(folder, 'odd.png'),
    withPngText(await encodeScene(71, size), 'parameters', odd('a "b", c\nd')),
  );
  writeFileSync(join(sibling, 'plain.png'), await encodeScene(72, size));
  for (const path of [folder, sibling]) await test.finish(test.client.library.score({ folder: path }));
});
afterAll(() => test.close());

function odd(prompt: string): string {
  return `${prompt}\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 64x48, Model: @model`;
}

async function exportCsv(below?: string): Promise<string> {
  const request = {
    kind: 'scores' as const,
    packId: 'classic',
    ...(below === undefined ? {} : { folder: below }),
  };
  return [...encodeCsv(await tabulate(test.studio, request))].join('');
}

async function exportRows(below?: string): Promise<Record<string, string>[]> {
  return parse(await exportCsv(below), { columns: true });
}

describe('exported scores', () => {
  it('begin with the columns that are promised, in their order', async () => {
    const [header] = (await exportCsv()).split('\n');
    expect(header!.startsWith(first)).toBe(true);
    expect(header!.slice(first.length)).toBe(
      `,niqe,colourfulness,sharpness,contrast,${['alignment', 'quality']
        .flatMap((target) => ['low', 'high', 'coverage', 'spread'].map((part) => `${target}_${part}`))
        .join(',')},computed_by`,
    );
  });

  it('are one row a file, with the numbers that the library shows', async () => {
    const rows = await exportRows();
    expect(rows.map((row) => row['name']).sort()).toEqual(
      ["'=1+1.png", 'odd.png', 'plain.png', 'scene-000.png', 'scene-001.png'].sort(),
    );
    const { ids } = await test.client.images.query({ filter: { text: 'scene-000' } });
    const detail = await test.client.images.detail({ id: ids[0]! });
    const row = rows.find(({ name }) => name === 'scene-000.png')!;
    expect(row).toMatchObject({
      path: join(folder, 'scene-000.png'),
      prompt: detail.prompt,
      generator: 'painter',
      pack: 'classic',
      quality_head: 'Classic quality',
      alignment_head: 'Classic alignment',
    });
    expect(Number(row['quality'])).toBe(detail.scores['quality']);
    expect(Number(row['alignment'])).toBe(detail.scores['alignment']);
    for (const { name, value } of detail.signals) expect(Number(row[name]), name).toBe(value);
  });

  it('leave a value that does not exist empty: S of this pack, and overall without a head', async () => {
    for (const row of await exportRows()) {
      expect(row).toMatchObject({ s: '', overall: '', overall_head: '' });
      expect(row['q']).not.toBe('');
    }
    expect(await exportRows(sibling)).toMatchObject([{ name: 'plain.png', prompt: '', generator: '' }]);
  });

  it('are those below the folder that is asked for, not of one whose name begins the same', async () => {
    expect((await exportRows(folder)).every(({ path }) => path!.startsWith(`${folder}/`))).toBe(true);
    expect(await exportRows(folder)).toHaveLength(4);
    expect(await exportRows(`${folder}/`)).toHaveLength(4);
    expect(await exportRows('/')).toHaveLength(5);
    expect(await exportRows(join(folder, 'none'))).toEqual([]);
  });

  it('run no formula in a spreadsheet, whatever files, prompts and generators are called', async () => {
    const row = (await exportRows()).find(({ name }) => name?.includes('1+1'))!;
    expect(row).toMatchObject({ name: "'=1+1.png", prompt: `'=HYPERLINK("x")`, generator: "'@model" });
    for (const cell of (await exportRows()).flatMap((cells) => Object.values(cells))) {
      if (!/^-?[\d.]+(e[+-]?\d+)?$/.test(cell)) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    }
  });

  it('keep commas, quotes and line ends of a prompt', async () => {
    expect((await exportRows()).find(({ name }) => name === 'odd.png')!['prompt']).toBe('a "b", c\nd');
  });

  it('of an unknown pack are refused', async () => {
    await expect(tabulate(test.studio, { kind: 'scores', packId: 'none' })).rejects.toThrowError(
      expect.objectContaining({ code: 'notFound' }),
    );
  });
});

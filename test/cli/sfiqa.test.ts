/** The command line as people and scripts use it: a process, its output, its exit code. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../cli/exit-codes.ts';
import { openForReading } from '../../db/database.ts';
import { writeScenes } from '../support/make-images.ts';
import { startSfiqa } from '../support/run-sfiqa.ts';
import { startWebStudio } from '../support/web-studio.ts';

const imageCount = 12;

let folder: string;
let library: string;
let images: string;

/** Starts `sfiqa` on the library of these tests. */
function sfiqa(args: string[]) {
  return startSfiqa(library, args);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sfiqa-cli-'));
  library = join(folder, 'library');
  images = join(folder, 'images');
  mkdirSync(images);
  await writeScenes(images, imageCount, { width: 128, height: 96 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('score', () => {
  test('scores a folder and writes exactly the promised columns first', async () => {
    const out = join(folder, 'scores.csv');
    const { code, err } = await sfiqa(['score', images, '--out', out]).ended;
    expect(code, err).toBe(exitCodes.done);
    expect(err).toContain(`${imageCount} scored, 0 skipped (done before), 0 failed`);
    const text = readFileSync(out, 'utf8');
    expect(text).toMatch(
      /^name,path,prompt,generator,pack,q,s,quality,alignment,overall,quality_head,alignment_head,overall_head/,
    );
    const rows = parse(text, { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(imageCount);
    expect(rows[0]).toMatchObject({
      name: 'scene-000.png',
      pack: 'classic',
      s: '',
      overall: '',
      generator: 'painter',
    });
    expect(rows[0]?.['prompt']).toBe('green hills at dusk, variation 0');
    expect(Number(rows[0]?.['quality'])).toBeGreaterThan(0);
    expect(Number(rows[0]?.['alignment'])).toBeGreaterThan(0);
  });

  test('run again it skips what is done', async () => {
    const { code, err } = await sfiqa(['score', images]).ended;
    expect(code).toBe(exitCodes.done);
    expect(err).toContain(`0 scored, ${imageCount} skipped (done before), 0 failed`);
  });

  test('a broken file gets its reason and its own exit code, and stops nothing', async () => {
    const mixed = join(folder, 'mixed');
    mkdirSync(mixed);
    await writeScenes(mixed, 1, { width: 64, height: 64 });
    writeFileSync(join(mixed, 'empty.png'), '');
    const { code, out, err } = await sfiqa(['score', mixed, '--out', '-']).ended;
    expect(code).toBe(exitCodes.someFilesFailed);
    expect(err).toContain('1 scored, 0 skipped (done before), 1 failed');
    expect(err).toMatch(/empty\.png: .*empty/);
    expect(out.split('\n')).toHaveLength(3);
  });

  test('sub-folders are left out where --no-recursive says so', async () => {
    const nested = join(folder, 'nested');
    mkdirSync(join(nested, 'below'), { recursive: true });
    await writeScenes(join(nested, 'below'), 1, { width: 64, height: 64 });
    expect((await sfiqa(['score', nested, '--no-recursive']).ended).err).toContain('0 scored');
    expect((await sfiqa(['score', nested]).ended).err).toMatch(/1 (scored|skipped)/);
  });

  test('prompts come from a list where one is given', async () => {
    const list = join(folder, 'list.csv');
    writeFileSync(list, 'name,prompt\nscene-001.png,"a hen, painted"\nnowhere.png,x\n');
    const { err, out } = await sfiqa(['score', images, '--prompts', list, '--out', '-']).ended;
    expect(err).toContain('1 of 2 names found');
    const rows = parse(out, { columns: true }) as Record<string, string>[];
    expect(rows.find(({ name }) => name === 'scene-001.png')?.['prompt']).toBe('a hen, painted');
  });

  test('Ctrl-C stops cleanly, and the next run goes on', async () => {
    const many = join(folder, 'many');
    mkdirSync(many);
    await writeScenes(many, 24, { width: 200, height: 160 });
    const before = countScored();
    const running = sfiqa(['score', many]);
    while (countScored() < before + 2) await new Promise((resolve) => setTimeout(resolve, 20));
    running.kill('SIGINT');
    const stopped = await running.ended;
    expect(stopped.err).toContain('Run the same command again to go on.');
    expect(stopped.code).toBe(exitCodes.stopped);
    const next = await sfiqa(['score', many]).ended;
    expect(next.code).toBe(exitCodes.done);
    expect(next.err).toMatch(/, [1-9]\d* skipped/);
  });
});

describe('the other commands', () => {
  let table: string;
  beforeAll(() => {
    table = join(folder, 'ratings.csv');
    const rows = Array.from({ length: imageCount }, (_, at) => {
      return `images/scene-${String(at).padStart(3, '0')}.png,prompt ${Math.floor(at / 2)},${(at % 5) + 0.5}`;
    });
    writeFileSync(table, `name,prompt,mos_quality\n${rows.join('\n')}\n`);
  });

  test('import-mos, agreement, train-head, activate-head and export lead from a table to new scores', async () => {
    const imported = await sfiqa(['import-mos', table, '--name', 'Ratings']).ended;
    expect(imported.out, imported.err).toContain(`“Ratings”: ${imageCount} images`);
    expect((await sfiqa(['mos-sets']).ended).out).toContain('Ratings');

    const agreement = await sfiqa(['agreement', '--json']).ended;
    const { measured } = JSON.parse(agreement.out);
    expect(measured[0].agreement.overall).toMatchObject({ n: imageCount, srcc: { n: imageCount } });
    const shown = await sfiqa(['agreement']).ended;
    const metric = join(folder, 'metric.csv');
    const scored = Array.from({ length: 8 }, (_, at) => `images/scene-00${at}.png,${at % 5}`);
    writeFileSync(metric, ['name,fid', ...scored].join('\n'));
    const taken = await sfiqa(['import-scores', metric]).ended;
    expect(taken.out, taken.err).toContain('fid: scores of 8 images.');
    const other = await sfiqa(['agreement', '--column', 'fid', '--lower-is-better', '--json']).ended;
    expect(JSON.parse(other.out).measured[0].agreement.overall.n).toBe(8);
    const absent = await sfiqa(['agreement', '--head', '999']).ended;
    expect(absent.err).toContain('no image has a score of head 999');
    expect(absent.code).toBe(exitCodes.failed);
    expect(shown.out).toMatch(/SRCC +PLCC +KRCC +RMSE +main score/);

    const trained = await sfiqa(['train-head', '--seed', '3', '--name', 'Mine']).ended;
    expect(trained.code, trained.err).toBe(exitCodes.done);
    const id = /activate-head (\d+)/.exec(trained.out)?.[1] ?? '';
    expect((await sfiqa(['heads']).ended).out).toMatch(/ active .*Classic quality/);
    expect((await sfiqa(['activate-head', id]).ended).out).toContain('is the active one');
    expect((await sfiqa(['heads']).ended).out).toMatch(/ active .*Mine/);

    const scores = await sfiqa(['export', 'scores', '--folder', images]).ended;
    const rows = parse(scores.out, { columns: true }) as Record<string, string>[];
    expect(rows.map((row) => row['quality_head'])).toEqual(rows.map(() => 'Mine'));
    const best = join(folder, 'best.jsonl');
    const columns = 'name,score:quality=q';
    const exported = await sfiqa([
      'export',
      'images',
      '--columns',
      columns,
      '--query',
      'scene-00',
      '--out',
      best,
    ]).ended;
    expect(exported.code, exported.err).toBe(exitCodes.done);
    const lines = readFileSync(best, 'utf8').trimEnd().split('\n');
    for (const line of lines) {
      expect(JSON.parse(line)).toEqual({ name: expect.stringMatching(/^scene-00/), q: expect.any(Number) });
    }
    const printed = await sfiqa(['export', 'images', '--columns', columns, '--format', 'jsonl']).ended;
    expect(printed.out).toContain('"scene-010.png"');
    expect(printed.out.trimEnd().split('\n')).toEqual(expect.arrayContaining(lines));
    const mos = await sfiqa(['export', 'mos']).ended;
    expect(mos.out).toMatch(/^name,prompt,adj1,adj2,style,mos_quality,std_quality,mos_align,std_align,n_/);
  });

  test('export xmp writes sidecars of what a query finds, names what it leaves out, and has an exit code for it', async () => {
    writeFileSync(join(images, 'scene-001.png.xmp'), 'mine');
    const { code, err } = await sfiqa(['export', 'xmp', '--query', 'name:scene-00']).ended;
    expect(code, err).toBe(exitCodes.someFilesFailed);
    expect(err).toMatch(/scene-001\.png: its sidecar cannot be read as XMP/);
    expect(err).toMatch(/^Written: \d+ sidecars$/m);
    expect(readFileSync(join(images, 'scene-000.png.xmp'), 'utf8')).toContain(
      '<sfiqa:pack>classic</sfiqa:pack>',
    );
    expect(readFileSync(join(images, 'scene-001.png.xmp'), 'utf8')).toBe('mine');
  });

  test('import-mos takes the scale that is said, and turns means round where lower is better', async () => {
    const ranks = join(folder, 'ranks.csv');
    writeFileSync(ranks, 'name,mos_rank\nimages/scene-000.png,1\nimages/scene-001.png,6\n');
    const turned = await sfiqa(['import-mos', ranks, '--scale', '1:7', '--lower-is-better']).ended;
    expect(turned.out, turned.err).toContain('“ranks”: 2 images');
    const [setId] = /(?<=MOS set )\d+/.exec(turned.out) ?? [];
    const means = parse((await sfiqa(['export', 'mos', '--mos', setId ?? '']).ended).out, {
      columns: true,
    }) as Record<string, string>[];
    const turnedOf = Object.fromEntries(means.map((row) => [row['name'], row['mos_rank']]));
    expect(turnedOf).toEqual({ 'scene-000.png': '7', 'scene-001.png': '2' });
    const corrected = await sfiqa(['mos-scale', setId ?? '', '--scale', '1:9']).ended;
    expect(corrected.out, corrected.err).toBe('“ranks”: rank 1:9 (turned round).\n');
    const takenBack = await sfiqa(['mos-scale', setId ?? '', '--scale', 'unknown']).ended;
    expect(takenBack.out, takenBack.err).toBe('“ranks”: rank not known.\n');
  });

  test('doctor tells versions and providers, also as JSON', async () => {
    const { code, out } = await sfiqa(['doctor', '--json']).ended;
    expect(code).toBe(exitCodes.done);
    const titles = JSON.parse(out).sections.map(({ title }: { title: string }) => title);
    expect(titles).toEqual(['Runtime', 'Libraries', 'Execution providers', 'Library', 'Packs']);
  });

  test('what a person gets wrong is a sentence and exit code 2, never a stack trace', async () => {
    for (const args of [
      ['nonsense'],
      ['score'],
      ['score', images, '--nonsense'],
      ['export', 'nonsense'],
      ['export', 'images', '--columns', 'nonsense', '--out', '-'],
      ['agreement', '--mos', 'x'],
      ['train-head', '--kind', 'forest'],
    ]) {
      const { code, err } = await sfiqa(args).ended;
      expect(code, args.join(' ')).toBe(exitCodes.badUsage);
      expect(err).not.toMatch(/^ +at /m);
    }
  });

  test('what is not there is told with exit code 1', async () => {
    for (const args of [
      ['score', join(folder, 'nowhere')],
      ['activate-head', '999'],
      ['export', 'mos', '--mos', '999'],
    ]) {
      const { code, err } = await sfiqa(args).ended;
      expect(code, args.join(' ')).toBe(exitCodes.failed);
      expect(err.trim()).not.toBe('');
      expect(err).not.toMatch(/^ +at /m);
    }
  });

  test('a library that is open elsewhere is told with where, and exit code 4', async () => {
    const studio = await startWebStudio({ libraryFolder: library });
    const { code, err } = await sfiqa(['heads']).ended;
    await studio.stop();
    expect(code).toBe(exitCodes.libraryLocked);
    expect(err).toContain(studio.url);
  });

  test('help names every exit code', async () => {
    const { code, out } = await sfiqa(['--help']).ended;
    expect(code).toBe(exitCodes.done);
    for (const exitCode of Object.values(exitCodes)) expect(out).toMatch(new RegExp(`^ +${exitCode} `, 'm'));
  });
});

function countScored(): number {
  const db = openForReading(join(library, 'studio.sqlite'));
  const count = Number(
    db.sqlite.prepare("SELECT count(*) FROM feature WHERE kind = 'features'").pluck().get(),
  );
  db.close();
  return count;
}

describe('import', () => {
  test('says what a public data set holds, then takes it in; what it does not know is refused', async () => {
    const place = join(folder, 'reward');
    mkdirSync(place);
    const entry = { prompt: 'a fox', generations: ['a.webp', 'b.webp'], ranking: [2, 1] };
    writeFileSync(join(place, 'test.json'), JSON.stringify([entry]));
    const { code, out, err } = await sfiqa(['import', place, '--no-score']).ended;
    expect(code, err).toBe(exitCodes.done);
    expect(out).toContain('2 images (0 in the library), 1 prompts.');
    expect(out).toMatch(/MOS set \d+ “ImageReward”: 2 images \(0 of them with files here\), preference\./);
    const unknown = await sfiqa(['import', images, '--preview']).ended;
    expect(unknown.code).toBe(exitCodes.failed);
    expect(unknown.err).toContain('none of the data sets whose files are known');
  });
});

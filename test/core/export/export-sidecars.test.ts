/** Sidecars as a job: what is told beside each file, what is left out and why, and that nothing else is touched. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { DOMParser } from '@xmldom/xmldom';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SidecarExportInput } from '../../../contract/export-sidecars.ts';
import { planImageTable } from '../../../core/export/plan-images.ts';
import { writeSidecars as writeOnThread } from '../../../core/export/write-sidecars.ts';
import { mergeXmp } from '../../../core/export/xmp-document.ts';
import { addImages, studyOf } from '../../support/add-images.ts';
import { encodeScene, withPngText, writeScenes } from '../../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';
import { rateStudies } from '../../support/rate-studies.ts';
import { runAsNobody } from '../../support/run-as-nobody.ts';
import { startSfiqa } from '../../support/run-sfiqa.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const size = { width: 32, height: 32 };
const isRoot = process.getuid?.() === 0;
/** Where another account may write, too. */
const shared = makeTempFolder();

let opened: TestStudio;
let images: string;
let seed = 80;

beforeAll(() => {
  opened = openTestStudio();
});
beforeEach(() => {
  images = opened.folder('images');
});
afterAll(async () => await opened.close());

async function addScored(...names: string[]): Promise<void> {
  for (const [at, name] of names.entries()) {
    const png = await encodeScene(seed, size);
    seed += 1;
    writeFileSync(join(images, name), withPngText(png, 'parameters', `a <fox> & "hen" ${at}\nSteps: 20`));
  }
  await opened.finish(opened.client.library.score({ folder: images }));
}

/** The images of the test's own folder, by name. */
async function findIds(): Promise<number[]> {
  const root = (await opened.client.library.roots()).find(({ path }) => path === images)!;
  return (await opened.client.images.query({ filter: { rootId: root.id }, order: 'name' })).ids;
}

async function startSidecars(more: Partial<SidecarExportInput> = {}) {
  const choice = { kind: 'images' as const, imageIds: await findIds() };
  return await opened.client.exports.sidecars({ choice, ...more });
}

async function writeSidecars(more: Partial<SidecarExportInput> = {}) {
  return await opened.finish(startSidecars(more));
}

/** Texts of our properties, and of `xmp:Rating`, in the order of the file. */
function readSidecar(name: string): [string, string][] {
  const document = new DOMParser().parseFromString(readFileSync(join(images, name), 'utf8'), 'text/xml');
  const ours = [...document.getElementsByTagNameNS('urn:sf-iqa-studio:xmp:1.0/', '*')];
  return ours
    .filter((element) => element.getElementsByTagName('*').length === 0)
    .map((element) => [element.localName ?? '', element.textContent ?? '']);
}

describe('what is told', () => {
  test('prompt, signals and scores with their heads, beside each file; the image is not touched', async () => {
    await addScored('a.png', 'b & <c>.png');
    const before = ['a.png', 'b & <c>.png'].map((name) => hashOf(name));
    const job = await writeSidecars();
    expect(job).toMatchObject({ state: 'done', error: null, summary: { rows: 2 } });
    expect(readdirSync(images).sort()).toEqual(['a.png', 'a.png.xmp', 'b & <c>.png', 'b & <c>.png.xmp']);
    expect(['a.png', 'b & <c>.png'].map((name) => hashOf(name))).toEqual(before);
    const ids = await findIds();
    const detail = await opened.client.images.detail({ id: ids[1]! });
    const told = readSidecar('b & <c>.png.xmp');
    expect(told).toContainEqual(['prompt', 'a <fox> & "hen" 1']);
    expect(told).toContainEqual(['pack', 'classic']);
    expect(told).toContainEqual(['Q', String(detail.branches.q)]);
    const at = told.findIndex(([name, value]) => name === 'target' && value === 'quality');
    expect(told.slice(at, at + 3)).toEqual([
      ['target', 'quality'],
      ['P', String(detail.scores['quality'])],
      ['head', 'Classic quality'],
    ]);
  });

  test('MOS of each dimension with interval, votes and method as the study shows them; stars only when asked', async () => {
    await addScored('a.png', 'b.png');
    const ids = await findIds();
    const study = await opened.client.studies.create(studyOf(ids));
    const { open, voteAll } = rateStudies(opened);
    for (const [raterName, value] of [
      ['Ada', 4],
      ['Bob', 5],
    ] as const) {
      await voteAll(await open(study.id, raterName), (imageId) => (imageId === ids[0] ? value : 1));
    }
    const [set] = await opened.client.mos.sets();
    const rows = await opened.client.mos.rows({ mosSetId: set!.id });
    const row = rows.find(({ imageId }) => imageId === ids[0]);
    const choice = { kind: 'study' as const, studyId: study.id };
    await writeSidecars({ choice });
    const told = readSidecar('a.png.xmp');
    expect(told.slice(told.findIndex(([name]) => name === 'dimension'))).toEqual([
      ['dimension', 'quality'],
      ['MOS', '4.5'],
      ['ciLow', String(row!.low)],
      ['ciHigh', String(row!.high)],
      ['n', '2'],
      ['method', set!.method],
      ['set', set!.name],
    ]);
    expect(readFileSync(join(images, 'a.png.xmp'), 'utf8')).not.toContain('Rating');
    await writeSidecars({ choice, rating: 'quality' });
    expect(readFileSync(join(images, 'a.png.xmp'), 'utf8')).toContain('xmp:Rating="5"');
    expect(readFileSync(join(images, 'b.png.xmp'), 'utf8')).toContain('xmp:Rating="1"');
    await writeSidecars({ choice, rating: 'quality', ratingScale: [1, 9] });
    expect(readFileSync(join(images, 'a.png.xmp'), 'utf8')).toContain('xmp:Rating="3"');
  });

  test('the same again writes nothing', async () => {
    await addScored('a.png');
    await writeSidecars();
    const before = statSync(join(images, 'a.png.xmp'), { bigint: true });
    const { summary } = await writeSidecars();
    expect(summary).toMatchObject({ rows: 0, notes: [expect.stringMatching(/^1 said the same/)] });
    expect(statSync(join(images, 'a.png.xmp'), { bigint: true })).toMatchObject({
      ino: before.ino,
      mtimeNs: before.mtimeNs,
    });
  });
});

describe('what is left out, with the reason', () => {
  test('a sidecar that is broken, a link or not UTF-8 stays as it is; the others are written', async () => {
    await addScored('broken.png', 'fine.png', 'linked.png', 'wide.png');
    const outside = join(opened.folder('outside'), 'theirs.xmp');
    writeFileSync(outside, 'theirs');
    writeFileSync(join(images, 'broken.png.xmp'), '<x:xmpmeta');
    writeFileSync(join(images, 'wide.png.xmp'), Buffer.from('\uFEFF<a/>', 'utf16le'));
    symlinkSync(outside, join(images, 'linked.png.xmp'));
    const { summary } = await writeSidecars();
    expect(summary).toMatchObject({ rows: 1, skipped: 3 });
    expect(summary!.notes!.sort()).toEqual([
      expect.stringMatching(/broken\.png: .*cannot be read as XMP/),
      expect.stringMatching(/linked\.png: a link/),
      expect.stringMatching(/wide\.png: .*not UTF-8/),
    ]);
    expect(readFileSync(join(images, 'broken.png.xmp'), 'utf8')).toBe('<x:xmpmeta');
    expect(readFileSync(outside, 'utf8')).toBe('theirs');
    expect(lstatSync(join(images, 'linked.png.xmp')).isSymbolicLink()).toBe(true);
    expect(readdirSync(images).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  test('files that are gone or have changed, images that nothing is known of', async () => {
    await addScored('changed.png', 'gone.png');
    writeFileSync(join(images, 'changed.png'), await encodeScene(99, size));
    rmSync(join(images, 'gone.png'));
    const imageIds = [...(await findIds()), ...addImages(opened.studio, 1)];
    const { summary } = await writeSidecars({ choice: { kind: 'images', imageIds } });
    expect(summary).toMatchObject({ rows: 0, skipped: 3 });
    expect(summary!.reasons!.map(({ message }) => message).sort()).toEqual([
      expect.stringMatching(/neither scores nor MOS/),
      expect.stringMatching(/has changed/),
      expect.stringMatching(/not there any more/),
    ]);
    expect(readdirSync(images)).toEqual(['changed.png']);
  });

  test('a folder of the library that cannot be reached', async () => {
    await addScored('a.png');
    renameSync(images, `${images}-elsewhere`);
    const { summary } = await writeSidecars();
    expect(summary).toMatchObject({ rows: 0, reasons: [{ count: 1, message: /cannot be reached/ }] });
    renameSync(`${images}-elsewhere`, images);
  });

  // Root may write everywhere, and is somebody else here.
  test.skipIf(isRoot && runAsNobody === null)('a folder and a sidecar that may only be read', async () => {
    const run = runAsNobody ?? ((library: string, args: string[]) => startSfiqa(library, args).ended);
    const [library, pictures] = ['library', 'pictures'].map((name) => join(shared, name)) as [string, string];
    chmodSync(shared, 0o777);
    mkdirSync(pictures);
    await writeScenes(pictures, 2, size);
    chmodSync(pictures, 0o777);
    expect(await run(library, ['score', pictures])).toMatchObject({ code: 0 });
    const [first, second] = readdirSync(pictures).sort() as [string, string];
    const theirs = mergeXmp(null, { fields: [], lists: [], rating: 2 });
    writeFileSync(join(pictures, `${first}.xmp`), theirs, { mode: 0o444 });
    const partly = await run(library, ['export', 'xmp']);
    expect(partly.err).toMatch(/1 × .*may only be read.*Written: 1 sidecars/s);
    rmSync(join(pictures, `${second}.xmp`));
    chmodSync(pictures, 0o555);
    const nothing = await run(library, ['export', 'xmp']);
    chmodSync(pictures, 0o755);
    expect(nothing.err).toMatch(/2 × .*may only be read.*Written: 0 sidecars/s);
    expect(readdirSync(pictures).sort()).toEqual([first, `${first}.xmp`, second]);
    expect(readFileSync(join(pictures, `${first}.xmp`), 'utf8')).toBe(theirs);
  });

  test('a folder that a link has replaced since', async () => {
    mkdirSync(join(images, 'below'));
    await addScored('below/a.png');
    const outside = join(opened.folder('outside'), 'moved');
    renameSync(join(images, 'below'), outside);
    symlinkSync(outside, join(images, 'below'));
    const { summary } = await writeSidecars();
    expect(summary).toMatchObject({ rows: 0, reasons: [{ message: /a link leads/ }] });
    expect(readdirSync(outside)).toEqual(['a.png']);
  });

  test('a file whose name leaves no room for the ending', async () => {
    await addScored(`${'x'.repeat(250)}.png`);
    expect((await writeSidecars()).summary).toMatchObject({ rows: 0, reasons: [{ message: /too long/ }] });
  });

  test('images that would share a sidecar, where it has the stem’s name', async () => {
    await addScored('a.png', 'a.jpg', 'b.png');
    const { summary } = await writeSidecars({ naming: 'stem' });
    expect(summary).toMatchObject({ rows: 1, skipped: 2, reasons: [{ count: 2, message: /same sidecar/ }] });
    expect(readdirSync(images).filter((name) => name.endsWith('.xmp'))).toEqual(['b.xmp']);
  });
});

test('stars need a dimension that there is, on a scale that somebody said', async () => {
  await addScored('stars.png');
  const stars = { rating: 'quality' };
  await expect(writeSidecars({ rating: 'beauty' })).rejects.toMatchObject({
    code: 'badInput',
    message: /no MOS of/,
  });
  const file = new File(['name,mos_quality\nstars.png,75\n'], 'm.csv');
  await opened.client.mos.import({ source: { fileName: 'm.csv', file } });
  await expect(writeSidecars(stars)).rejects.toMatchObject({ code: 'badInput', message: /which scale/ });
  await writeSidecars({ ...stars, ratingScale: [0, 100] });
  expect(readFileSync(join(images, 'stars.png.xmp'), 'utf8')).toContain('xmp:Rating="4"');
});

describe('cancelled', () => {
  const count = 16;
  beforeEach(async () => await addScored(...Array.from({ length: count }, (_, at) => `${at}.png`)));

  function written(): string[] {
    return readdirSync(images).filter((name) => name.includes('.xmp'));
  }

  test('the job keeps what is written, whole, and the next one goes on', async () => {
    const job = await startSidecars();
    expect(await opened.client.jobs.cancel({ id: job.id })).toMatchObject({
      state: 'cancelled',
      error: null,
    });
    const before = written();
    for (const name of before) expect(readSidecar(name)).toContainEqual(['pack', 'classic']);
    expect((await writeSidecars()).summary!.rows).toBe(count - before.length);
    expect(readdirSync(images)).toHaveLength(2 * count);
  });

  test('the thread stops between two files and says how many it wrote', async () => {
    const { ids, context } = await planImageTable(opened.studio, {
      choice: { kind: 'images', imageIds: await findIds() },
      columns: [{ key: 'name' }],
      rows: 'images',
    });
    const { port1: ours, port2: port } = new MessageChannel();
    ours.postMessage('stop');
    const plan = { ids, context, opinion: null, naming: 'image' as const, rating: null };
    const answer = await writeOnThread({ database: opened.studio.db.sqlite.name, plan, port });
    ours.close();
    expect(answer).toMatchObject({ outcome: { rows: written().length } });
    expect(written().length).toBeLessThan(count);
  });
});

function hashOf(name: string): string {
  return createHash('sha256')
    .update(readFileSync(join(images, name)))
    .digest('hex');
}

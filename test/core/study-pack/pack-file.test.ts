/** A study pack that is one file: it carries the same study as a folder, and a file that was tampered with writes nothing. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { describeResults } from '../../../core/study-pack/results.ts';
import { studyOf } from '../../support/add-images.ts';
import { writeScenes } from '../../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';
import { rateStudies } from '../../support/rate-studies.ts';

let owner: TestStudio;
/** Takes in nothing of all that is refused. */
let refusing: TestStudio;
let studyId: number;
/** A pack as a folder, whose files the zips of these tests are made of. */
let folder: string;
let path: string;
const studios: TestStudio[] = [];

beforeAll(async () => {
  [owner, refusing] = [openNew(), openNew()];
  const scenes = owner.folder('scenes');
  await writeScenes(scenes, 3, { width: 32, height: 32 });
  await owner.finish(owner.client.library.score({ folder: scenes }));
  const { ids } = await owner.client.images.query({});
  ({ id: studyId } = await owner.client.studies.create(studyOf(ids)));
  folder = await exportAs('pack');
  path = await exportAs('pack.sfiqa-study');
});
afterAll(async () => await Promise.all(studios.map(async ({ close }) => await close())));

function openNew(): TestStudio {
  const studio = openTestStudio();
  studios.push(studio);
  return studio;
}

async function exportAs(name: string): Promise<string> {
  const to = join(owner.folder('packs'), name);
  const order = { studyId, path: to, raterNames: ['Ada', 'Ben'] };
  const job = await owner.finish(owner.client.studies.exportPack(order));
  expect(job).toMatchObject({ state: 'done', error: null });
  return to;
}

async function takeIn(studio: TestStudio, from: string) {
  return await studio.finish(studio.client.studies.importPack({ path: from }));
}

interface Record {
  name: string;
  bytes: Buffer;
  compress?: boolean;
  mode?: number;
  fileComment?: string;
}

function recordsOf(pack: string): Record[] {
  const images = readdirSync(join(pack, 'images'));
  const names = ['study.json', ...images.map((name) => `images/${name}`)];
  return names.map((name) => ({
    name,
    bytes: readFileSync(join(pack, name)),
    compress: name === 'study.json',
  }));
}

/** Writes a zip; `rename` changes a name in the bytes, past what yazl refuses to write. */
async function writeZip(records: readonly Record[], rename?: [from: string, to: string]): Promise<string> {
  const zip = new ZipFile();
  for (const { name, bytes, compress = false, ...options } of records) {
    zip.addBuffer(bytes, name, { compress, ...options });
  }
  zip.end();
  let text = (await buffer(zip.outputStream)).toString('latin1');
  if (rename !== undefined) text = text.replaceAll(...rename);
  const to = join(owner.folder('zips'), 'a.zip');
  writeFileSync(to, text, 'latin1');
  return to;
}

test('a pack in one file is taken in, rated and sent back like a folder, and the same votes give the same content', async () => {
  const hashes = [];
  const files = [];
  for (const [from, rater] of [
    [path, 'Ada'],
    [folder, 'Ben'],
  ] as const) {
    const machine = openNew();
    const job = await takeIn(machine, from);
    expect(job).toMatchObject({ state: 'done', error: null, summary: { rows: 3 } });
    const there = job.summary!.studyId!;
    const { open, voteAll } = rateStudies(machine);
    await voteAll(await open(there, rater), () => 4);
    const text = JSON.stringify(describeResults(machine.studio, there));
    files.push({ source: { fileName: 'results.json', file: new Blob([text]) } });
  }
  for (const order of [[0, 1], [1, 0, 1], [1]] as const) {
    for (const at of order) hashes.push((await owner.client.studies.merge(files[at]!)).contentHash);
  }
  expect(new Set(hashes.slice(1)).size, 'after both are in, nothing changes').toBe(1);
  const mean = (await owner.client.studies.list()).find(({ id }) => id === studyId)!;
  expect(mean).toMatchObject({ votes: 6, raters: 2 });
});

test('its images lie in the library’s folder, byte for byte, and a second pack of the study shares them', async () => {
  const machine = openNew();
  await takeIn(machine, path);
  const home = join(machine.studio.folder, 'study-packs');
  const [name] = readdirSync(home);
  const images = join(home, name!, 'images');
  const found = readdirSync(images);
  expect(found.toSorted()).toEqual(readdirSync(join(folder, 'images')).toSorted());
  for (const image of found) {
    const sha256 = createHash('sha256')
      .update(readFileSync(join(images, image)))
      .digest('hex');
    expect(image.startsWith(sha256)).toBe(true);
  }
  expect(await takeIn(machine, path)).toMatchObject({ state: 'done' });
  expect(readdirSync(home)).toEqual([name]);
  expect(await machine.client.studies.list()).toHaveLength(1);
});

test('a pack whose sizes and places stand in Zip64 records, as those over 4 GB do, is taken in', async () => {
  const zip = new ZipFile();
  for (const { name, bytes, compress = false } of recordsOf(folder)) {
    zip.addBuffer(bytes, name, { compress, forceZip64Format: true });
  }
  zip.end({ forceZip64Format: true, comment: '' });
  const to = join(owner.folder('zips'), 'large.zip');
  const bytes = await buffer(zip.outputStream);
  // The end of the central directory in Zip64 (APPNOTE 4.3.14).
  expect(bytes.includes(Buffer.from('PK\x06\x06', 'latin1'))).toBe(true);
  writeFileSync(to, bytes);
  expect(await takeIn(openNew(), to)).toMatchObject({ state: 'done', summary: { rows: 3 } });
});

test('a file is not written over, and is there whole or not at all', async () => {
  await expect(owner.client.studies.exportPack({ studyId, path, raterNames: ['Ada'] })).rejects.toMatchObject(
    { code: 'conflict', message: expect.stringContaining('Choose another name') },
  );
  const root = (await owner.client.library.roots())[0]!.path;
  const scene = join(root, readdirSync(root)[0]!);
  const bytes = readFileSync(scene);
  const to = join(owner.folder('broken'), 'broken.zip');
  try {
    writeFileSync(scene, Buffer.concat([bytes, Buffer.from([0])]));
    const job = await owner.finish(
      owner.client.studies.exportPack({ studyId, path: to, raterNames: ['Ada'] }),
    );
    expect(job.state).toBe('failed');
  } finally {
    writeFileSync(scene, bytes);
  }
  expect(readdirSync(dirname(to))).toEqual([]);
});

const image = () => recordsOf(folder)[1]!;
const other = (change: Partial<Record>): Record => ({ ...image(), ...change });

test.each<[why: string, make: () => Promise<string> | string, words: RegExp]>([
  [
    'a name above the folder',
    async () =>
      await writeZip([...recordsOf(folder), other({ name: 'aa/evil.png' })], ['aa/evil', '../evil']),
    /relative path/,
  ],
  [
    'an absolute name',
    async () => await writeZip([...recordsOf(folder), other({ name: 'aevil.png' })], ['aevil', '/evil']),
    /absolute path/,
  ],
  [
    'a file that is no part of a pack',
    async () => await writeZip([...recordsOf(folder), other({ name: 'images/run.sh' })]),
    /images\/run\.sh.*does not belong/,
  ],
  [
    'a link',
    async () =>
      await writeZip([...recordsOf(folder), other({ name: `images/${'0'.repeat(64)}.png`, mode: 0o120777 })]),
    /is a link/,
  ],
  [
    'long comments',
    async () =>
      await writeZip(recordsOf(folder).map((record) => ({ ...record, fileComment: 'x'.repeat(300) }))),
    /more than a zip program notes/,
  ],
  ['a name twice', async () => await writeZip([...recordsOf(folder), image()]), /twice/],
  [
    'an image that would be more than the file',
    async () => await writeZip(recordsOf(folder).map((record) => ({ ...record, compress: true }))),
    /is compressed/,
  ],
  ['half a file', () => cut(path), /copied whole/],
  ['no design', async () => await writeZip(recordsOf(folder).slice(1)), /no study\.json/],
  [
    'an image that lacks',
    async () => await writeZip(recordsOf(folder).slice(0, -1)),
    /missing from the pack/,
  ],
  [
    'an image with other bytes',
    async () =>
      await writeZip(
        recordsOf(folder).map((record, at) => (at === 1 ? { ...record, bytes: Buffer.alloc(90) } : record)),
      ),
    /is damaged/,
  ],
  [
    'another design',
    async () =>
      await writeZip(
        recordsOf(folder).map((record, at) =>
          at === 0
            ? { ...record, bytes: Buffer.from(String(record.bytes).replaceAll(/seed\\":11/g, 'seed\\":12')) }
            : record,
        ),
      ),
    /frozen/,
  ],
  ['no zip at all', () => join(folder, 'study.json'), /copied whole/],
  ['nothing', () => join(folder, 'absent.zip'), /no study pack/],
])('a file with %s is refused in words, and leaves nothing behind', async (_, make, words) => {
  const job = await takeIn(refusing, await make());
  expect(job.state).toBe('failed');
  expect(job.error!.message).toMatch(words);
  expect(await refusing.client.studies.list()).toEqual([]);
  const home = join(refusing.studio.folder, 'study-packs');
  expect(existsSync(home) ? readdirSync(home) : []).toEqual([]);
  expect(readdirSync(dirname(refusing.studio.folder)).filter((name) => name.includes('evil'))).toEqual([]);
});

test('sizes that are claimed past the file are refused before anything is written', async () => {
  const zip = await writeZip(recordsOf(folder));
  const bytes = readFileSync(zip);
  // The central directory's record of the first image: compressed and uncompressed size.
  const at = bytes.lastIndexOf(image().name) - 46;
  bytes.writeUInt32LE(0x7fffffff, at + 20);
  bytes.writeUInt32LE(0x7fffffff, at + 24);
  writeFileSync(zip, bytes);
  const job = await takeIn(refusing, zip);
  expect(job.error!.message).toMatch(/claim to be larger/);
});

function cut(from: string): string {
  const to = join(owner.folder('zips'), basename(from));
  const bytes = readFileSync(from);
  writeFileSync(to, bytes.subarray(0, bytes.length / 2));
  return to;
}

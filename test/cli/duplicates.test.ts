/** `sfiqa duplicates`: groups with the best first and why, and the rest rejected by one step that the window undoes. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitCodes } from '../../cli/exit-codes.ts';
import { encodeScene } from '../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';
import { startSfiqa } from '../support/run-sfiqa.ts';

let folder: string;
let libraryFolder: string;

/** Two scenes of which one lies there three times: as drawn, at half its size, and paler. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sfiqa-duplicates-'));
  libraryFolder = join(folder, 'library');
  const images = join(folder, 'images');
  const opened = openTestStudio({ libraryFolder });
  const drawn = await encodeScene(1, { width: 256, height: 192 });
  mkdirSync(images);
  writeFileSync(join(images, 'drawn.png'), drawn);
  writeFileSync(join(images, 'half.png'), await sharp(drawn).resize(128).png().toBuffer());
  const paler = await sharp(drawn).modulate({ saturation: 0.2 }).png().toBuffer();
  writeFileSync(join(images, 'paler.png'), paler);
  writeFileSync(join(images, 'other.png'), await encodeScene(2, { width: 256, height: 192 }));
  await opened.finish(opened.client.library.score({ folder: images }));
  await opened.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function sfiqa(...args: string[]) {
  return await startSfiqa(libraryFolder, ['duplicates', ...args]).ended;
}

/** What the window's engine has of the library, which is closed again. */
async function inStudio<Result>(look: (studio: TestStudio) => Promise<Result>): Promise<Result> {
  const opened = openTestStudio({ libraryFolder });
  try {
    return await look(opened);
  } finally {
    await opened.close();
  }
}

async function findRejected(): Promise<string[]> {
  return await inStudio(async ({ client }) => {
    const { ids } = await client.images.query({ filter: { query: 'flag:reject' }, order: 'name' });
    return (await client.images.cards({ ids })).map(({ name }) => name);
  });
}

test('groups are listed, the best of each first and why; nothing is changed by looking', async () => {
  const { code, out, err } = await sfiqa();
  expect(code, err).toBe(exitCodes.done);
  expect(err).toContain('1 group among 4 images compared by fingerprints, at least 95 % alike.');
  expect(out).toMatch(/Group \d+: 3 images\nlike the best +quality +size +flag +file\n/);
  expect(out).toMatch(/\nbest by quality +\d\.\d{3} .*\n\d+\.\d % .*\n\d+\.\d % /);
  expect(out).not.toContain('other.png');
  expect(await findRejected()).toEqual([]);
});

test('a likeness that is asked for is kept to, and one that cannot be is refused', async () => {
  const { out, err } = await sfiqa('--by', 'fingerprints', '--threshold', '0.99', '--json');
  const { search, groups, rejected } = JSON.parse(out);
  expect(search, err).toMatchObject({ by: 'fingerprint', threshold: 0.99 });
  expect(groups[0].images.map(({ name }: { name: string }) => name).sort()).toEqual([
    'drawn.png',
    'half.png',
  ]);
  expect([groups.length, rejected]).toEqual([1, 0]);
  const wrong = await sfiqa('--threshold', '97');
  expect(wrong.code).toBe(exitCodes.badUsage);
  expect(wrong.err).toContain('A likeness is a number from 0.8 to 0.9999.');
});

test('--reject-rest flags all but the best and says how many; no file goes, and the window undoes it', async () => {
  const { code, out, err } = await sfiqa('--reject-rest', '--json');
  expect(code, err).toBe(exitCodes.done);
  expect(err).toContain('2 images rejected; their files stay.');
  const { groups, rejected } = JSON.parse(out);
  expect(rejected).toBe(2);
  const [best, ...rest]: { name: string; flag: string | null; paths: string[] }[] = groups[0].images;
  expect(best?.flag).toBeNull();
  expect(await findRejected()).toEqual(rest.map(({ name }) => name).sort());
  for (const { flag, paths } of rest) expect([flag, existsSync(paths[0]!)]).toEqual(['reject', true]);

  const again = await sfiqa('--reject-rest');
  expect(again.err).toMatch(/1 group settled before\.\nNothing to reject\./);
  await inStudio(async ({ client }) => await client.curate.undo());
  expect(await findRejected()).toEqual([]);
});

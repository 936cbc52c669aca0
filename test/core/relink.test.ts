/** Folders that lie elsewhere now: said once, for everything below. */
import { mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findUnchanged } from '../../core/find-unchanged.ts';
import { filesOfImage, saveFile, saveRoot } from '../../db/files.ts';
import { addImages } from '../support/add-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

let opened: TestStudio;
let disk: string;
let imageIds: number[];

beforeAll(() => {
  opened = openTestStudio();
  disk = opened.folder('disk');
  const { db } = opened.studio;
  imageIds = addImages(opened.studio, 4);
  for (const [at, name] of ['run-1', 'run-2'].entries()) {
    const folder = join(disk, 'old', name);
    mkdirSync(folder, { recursive: true });
    const rootId = saveRoot(db, folder, true, 0).id;
    for (const k of [0, 1]) {
      writeFileSync(join(folder, `${k}.png`), 'x');
      const file = { rootId, path: `${k}.png`, rawPath: null, sizeBytes: 1, mtimeMs: 1 };
      saveFile(db, file, { imageId: imageIds[2 * at + k]! }, 0);
    }
  }
  renameSync(join(disk, 'old'), join(disk, 'new'));
});
afterAll(async () => await opened.close());

describe('Relinking', () => {
  test('is refused where the files are not, and changes nothing', async () => {
    const { relink } = opened.client.library;
    mkdirSync(join(disk, 'empty'));
    const from = join(disk, 'old');
    await expect(relink({ from, to: join(disk, 'empty') })).rejects.toMatchObject({ code: 'badInput' });
    await expect(relink({ from, to: join(disk, 'nowhere') })).rejects.toMatchObject({ code: 'badInput' });
    await expect(relink({ from: '/other', to: join(disk, 'new') })).rejects.toMatchObject({
      code: 'notFound',
    });
    // One below the other's new place would be the same folder twice.
    await expect(
      relink({ from: join(disk, 'old', 'run-1'), to: join(disk, 'new', 'run-2') }),
    ).resolves.toBeDefined();
    await expect(
      relink({ from: join(disk, 'old', 'run-2'), to: join(disk, 'new', 'run-2') }),
    ).rejects.toMatchObject({ code: 'conflict' });
    await relink({ from: join(disk, 'new', 'run-2'), to: join(disk, 'new', 'run-1') });
    expect((await opened.client.library.roots()).map(({ path }) => path)).toEqual([
      join(disk, 'new', 'run-1'),
      join(disk, 'old', 'run-2'),
    ]);
  });

  test('of the folder above moves all that lie below, and every image finds its file', async () => {
    const { roots } = await opened.client.library.relink({ from: join(disk, 'old'), to: join(disk, 'new') });
    expect(roots).toEqual([expect.objectContaining({ found: 2, looked: 2, to: join(disk, 'new', 'run-2') })]);
    expect((await opened.client.library.roots()).every(({ isReachable }) => isReachable)).toBe(true);
    const detail = await opened.client.images.detail({ id: imageIds[3]! });
    expect(detail.paths).toEqual([join(disk, 'new', 'run-2', '1.png')]);
  });

  test('takes files along whose names are not UTF-8', async () => {
    const { db } = opened.studio;
    const id = imageIds[0]!;
    const [before, after] = [join(disk, 'before'), join(disk, 'after')];
    mkdirSync(before);
    const rawPath = Buffer.concat([Buffer.from(`${before}/caf`), Buffer.from([0xe9]), Buffer.from('.png')]);
    writeFileSync(rawPath, 'x');
    const { mtimeMs } = statSync(rawPath);
    const rootId = saveRoot(db, before, true, 0).id;
    saveFile(db, { rootId, path: 'caf%E9.png', rawPath, sizeBytes: 1, mtimeMs }, { imageId: id }, 0);
    renameSync(before, after);
    await opened.client.library.relink({ from: before, to: after });
    const files = filesOfImage(db, id).filter(({ raw_path }) => raw_path !== null);
    expect(files[0]?.raw_path?.toString('latin1')).toBe(`${after}/caf\xe9.png`);
    expect(await findUnchanged(files)).toHaveProperty('path');
  });
});

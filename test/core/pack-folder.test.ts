/** Packs on their way to other machines: whole, verified, or refused by name. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FormulaModels } from '../support/formula-models.ts';
import { writeScenes } from '../support/make-images.ts';
import {
  addTiny,
  infoOf,
  type NetworkLibrary,
  openNetworkLibrary,
  readOverall,
  scoreImages,
} from '../support/network-library.ts';
import { openTestStudio } from '../support/open-test-studio.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

let library: NetworkLibrary;
beforeEach(async () => {
  library = await openNetworkLibrary({ sets: ['base', 'rank'] });
});
afterEach(() => library.close());

test('an exported folder is a pack there, with the same heads and numbers, when the checkpoint is gone', async () => {
  const id = await addTiny(library);
  await writeScenes(library.images, 3, { width: 32, height: 32 });
  await scoreImages(library, id);
  const out = join(library.folder('out'), 'exported');
  const job = await library.finish(library.client.packs.export({ id, folder: out }));
  expect(job).toMatchObject({ kind: 'exportPack', state: 'done', error: null });
  expect(readdirSync(dirname(out))).toEqual(['exported']);
  rmSync(dirname(library.weights), { recursive: true });
  const there = openTestStudio({ launchModels: new FormulaModels().launch });
  try {
    expect(await there.client.packs.plan({ folder: out })).toMatchObject({ id });
    const added = await there.finish(there.client.packs.add({ folder: out, title: 'From the other' }));
    expect(added).toMatchObject({ state: 'done', error: null });
    const pack = (await there.client.packs.list()).at(-1)!;
    expect(pack).toMatchObject({ id, title: 'From the other', problem: null, isUntrained: false });
    expect(pack.heads).toEqual((await infoOf(library, id)).heads);
    await there.finish(there.client.library.score({ folder: library.images, packId: id }));
    expect(await readOverall(there.client, id)).toEqual(await readOverall(library.client, id));
  } finally {
    await there.close();
  }
});

test('a tampered or missing file is named, and nothing is left', async () => {
  const id = await addTiny(library);
  const out = join(library.folder('out'), 'exported');
  await library.finish(library.client.packs.export({ id, folder: out }));
  const there = openTestStudio({ launchModels: new FormulaModels().launch });
  try {
    const weights = join(out, 'weights.safetensors');
    const bytes = readFileSync(weights);
    const harmed = Buffer.from(bytes);
    harmed[bytes.length - 9]! ^= 1;
    writeFileSync(weights, harmed);
    const tampered = await there.finish(there.client.packs.add({ folder: out }));
    expect(tampered).toMatchObject({ state: 'failed', error: { code: 'checkpointInvalid' } });
    expect(tampered.error!.message).toContain('weights.safetensors is not the file that was exported');
    renameSync(weights, `${weights}.away`);
    await expect(there.client.packs.add({ folder: out })).rejects.toMatchObject({
      message: expect.stringContaining('weights.safetensors'),
    });
    expect(there.studio.packs.size).toBe(1);
    expect(readdirSync(join(there.studio.folder, 'packs'))).toEqual([]);
  } finally {
    await there.close();
  }
});

test('a folder without its list of hashes is refused: nobody could tell whether it came over whole', async () => {
  const id = await addTiny(library);
  const out = join(library.folder('out'), 'exported');
  await library.finish(library.client.packs.export({ id, folder: out }));
  rmSync(join(out, 'SHA256SUMS'));
  const there = openTestStudio({ launchModels: new FormulaModels().launch });
  try {
    await expect(there.client.packs.add({ folder: out })).rejects.toMatchObject({
      code: 'checkpointInvalid',
      message: expect.stringContaining(`${join(out, 'SHA256SUMS')} is missing`),
    });
    expect(there.studio.packs.size).toBe(1);
  } finally {
    await there.close();
  }
});

test.skipIf(!existsSync('/proc/self'))('a place that takes no folders is told of', async () => {
  const id = await addTiny(library);
  const job = await library.finish(library.client.packs.export({ id, folder: '/proc/x' }));
  expect(job).toMatchObject({ state: 'failed', error: { code: 'unreadable' } });
  expect(job.error!.message).toContain('cannot be made');
});

const otherDisk = '/dev/shm';
const hasOtherDisk = existsSync(otherDisk) && statSync(otherDisk).dev !== statSync(tmpdir()).dev;

test.skipIf(!hasOtherDisk)('a pack whose weights are read in place is exported with them', async () => {
  const away = makeTempFolder(otherDisk);
  const weights = join(away, 'the weights.safetensors');
  copyFileSync(library.weights, weights);
  copyFileSync(join(dirname(library.weights), 'tokenizer.json'), join(away, 'tokenizer.json'));
  const { client, finish } = library;
  expect(await client.packs.plan({ sfiqa: weights })).toMatchObject({ weights: 'inPlace' });
  const added = await finish(client.packs.add({ sfiqa: weights, id: 'far' }));
  expect(added).toMatchObject({ state: 'done', error: null });
  const out = join(library.folder('out'), 'exported');
  expect(await finish(client.packs.export({ id: 'far', folder: out }))).toMatchObject({ state: 'done' });
  expect(readFileSync(join(out, 'the weights.safetensors'))).toEqual(readFileSync(weights));
  rmSync(weights);
  expect((await infoOf(library, 'far')).problem).toContain(weights);
  await client.packs.remove({ id: 'far' });
  const again = await finish(client.packs.add({ folder: out }));
  expect(again).toMatchObject({ state: 'done', error: null });
  await writeScenes(library.images, 1, { width: 32, height: 32 });
  expect(await scoreImages(library, 'far')).toMatchObject({ state: 'done', error: null });
});

test('only a new or empty folder is exported to; a cancelled export leaves nothing', async () => {
  const id = await addTiny(library);
  mkdirSync(join(library.images, 'x'));
  await expect(library.client.packs.export({ id, folder: library.images })).rejects.toMatchObject({
    code: 'conflict',
  });
  const out = join(library.folder('out'), 'exported');
  const { id: jobId } = await library.client.packs.export({ id, folder: out });
  const job = await library.client.jobs.cancel({ id: jobId });
  expect(job).toMatchObject({ state: 'cancelled', error: null });
  expect(readdirSync(dirname(out))).toEqual([]);
});

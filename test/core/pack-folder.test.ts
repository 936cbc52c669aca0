/** Packs on their way to other machines: whole, verified, or refused by name. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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

/** An exported pack's folder becomes a pack again, or it is said which of its files is wrong. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type AddPack, PackManifest } from '../../../contract/pack.ts';
import { buildPack } from '../../../native-models/packs/build-pack.ts';
import { openPack } from '../../../native-models/packs/open-pack.ts';
import { planPack } from '../../../native-models/packs/plan-pack.ts';
import { writeUntrained } from '../../../scripts/support/make-untrained.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const folder = makeTempFolder();
const packs = join(folder, 'packs');

function build(id: string, order: AddPack) {
  return buildPack({ kind: 'buildPack', order, id, title: `The ${id}`, to: join(packs, id) });
}

beforeAll(async () => {
  const weights = await writeUntrained('tiny', join(folder, 'sfiqa'));
  await build('source', { sfiqa: weights, precision: 'int8' });
});

test('an exported pack is added from its folder, with times of its own', async () => {
  const exported = join(folder, 'exported');
  await cp(join(packs, 'source'), exported, { recursive: true });
  const what: AddPack = { folder: exported, precision: 'float32' };
  const plan = await planPack({ kind: 'planPack', order: what, to: join(packs, 'adopted') });
  expect(plan).toMatchObject({ suggestedId: 'source', writesBytes: 0 });
  const { manifest } = await build('adopted', what);
  expect(manifest).toMatchObject({ id: 'adopted', network: { precision: 'int8' } });
  const opened = await openPack(join(packs, 'adopted'));
  expect(opened.network.fingerprint).toBe((await openPack(join(packs, 'source'))).network.fingerprint);
});

test('a file of it that is missing or short is named, and nothing is added', async () => {
  const damaged = join(folder, 'damaged');
  await cp(join(packs, 'source'), damaged, { recursive: true });
  writeFileSync(join(damaged, 'base-image.int8.bin'), 'short');
  const what: AddPack = { folder: damaged, precision: 'float32' };
  await expect(build('broken', what)).rejects.toMatchObject({
    message: expect.stringMatching(
      /base-image\.int8\.bin has 5 bytes, not the \d+ .* copy the whole folder again/,
    ),
  });
  rmSync(join(damaged, 'base-image.int8.bin'));
  await expect(build('broken', what)).rejects.toMatchObject({ code: 'notFound' });
  const headless = join(folder, 'headless');
  await cp(join(packs, 'source'), headless, { recursive: true });
  const manifest = PackManifest.parse(JSON.parse(readFileSync(join(headless, 'manifest.json'), 'utf8')));
  const head = {
    name: 'Lost',
    file: 'lost.head',
    sha256: '0'.repeat(64),
    kind: 'network',
    inputs: 'signals',
  };
  const heads = [{ ...head, target: 'overall', range: [0, 5], figures: {} }];
  writeFileSync(join(headless, 'manifest.json'), JSON.stringify({ ...manifest, heads }));
  await expect(build('broken', { ...what, folder: headless })).rejects.toMatchObject({
    message: expect.stringContaining(join(headless, 'lost.head')),
  });
  expect(readdirSync(packs).filter((name) => name.startsWith('broken'))).toEqual([]);
});

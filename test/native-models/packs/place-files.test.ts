import { appendFileSync, existsSync, lstatSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AddPack } from '../../../contract/pack.ts';
import { embedTexts, Tokenisers } from '../../../native-models/inference/run-pack.ts';
import { SessionStore } from '../../../native-models/inference/session-store.ts';
import { type BuildOptions, buildPack } from '../../../native-models/packs/build-pack.ts';
import { openPack } from '../../../native-models/packs/open-pack.ts';
import { planPack } from '../../../native-models/packs/plan-pack.ts';
import { writeUntrained } from '../../../scripts/support/make-untrained.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const folder = makeTempFolder();
const packs = join(folder, 'packs');
let clip: string;

beforeAll(async () => {
  clip = await writeUntrained('tinyClip', join(folder, 'PickScore_v1'));
});

function build(id: string, order: AddPack, options: BuildOptions = {}) {
  return buildPack({ kind: 'buildPack', order, id, title: `The ${id}`, to: join(packs, id) }, options);
}

const otherDisk = '/dev/shm';
const hasOtherDisk = existsSync(otherDisk) && statSync(otherDisk).dev !== statSync(folder).dev;

describe.skipIf(!hasOtherDisk)('weights that cannot be linked (on another disk)', () => {
  const away = hasOtherDisk ? makeTempFolder(otherDisk) : '';
  let far: string;

  beforeAll(async () => {
    // A name that no link would have: it is read as it is.
    await writeUntrained('tinyClip', join(away, 'my clip'));
    far = join(away, 'my clip', 'model.safetensors');
  });

  test('are read where they lie, which the plan says; nothing is written there, and the numbers are the same bits', async () => {
    const what: AddPack = { clip: far, precision: 'float32' };
    const plan = await planPack({ kind: 'planPack', order: what, to: join(packs, 'far') });
    expect(plan).toMatchObject({ weights: 'inPlace', graphFolder: join(packs, 'far') });
    expect(plan.notes.join(' ')).toContain(join(away, 'my clip'));
    expect(plan.writesBytes).toBeLessThan(statSync(far).size / 2);
    const { manifest } = await build('far', what);
    expect(manifest.network!.sources).toMatchObject([{ path: far, isInPlace: true }]);
    expect(readdirSync(join(packs, 'far')).filter((name) => name.endsWith('.safetensors'))).toEqual([]);
    expect(readdirSync(join(away, 'my clip')).toSorted()).toEqual([
      'config.json',
      'model.safetensors',
      'tokenizer.json',
    ]);
    const near = await build('near', { clip, precision: 'float32' });
    expect(manifest.features.version).toBe(near.manifest.features.version);
    expect(await embed('far')).toEqual(await embed('near'));
  });

  test('a graph in int8 takes nothing from there: it may be on another drive than what was converted', async () => {
    const { manifest } = await build('far-int8', { clip: far, precision: 'int8' });
    const folders = manifest
      .network!.members[0]!.graphs.filter(({ lowering }) => lowering === 'cpu')
      .map(({ precision, weightsFolder }) => [precision, weightsFolder]);
    expect(folders).toEqual([
      ['float32', join(away, 'my clip')],
      ['int8', null],
      ['float32', join(away, 'my clip')],
      ['int8', null],
    ]);
    await build('near-int8', { clip, precision: 'int8' });
    expect(await embed('far-int8')).toEqual(await embed('near-int8'));
  });

  test('are copied where that is asked for: then they may go', async () => {
    const lent = await writeUntrained('tinyClip', join(away, 'lent'));
    const what: AddPack = { clip: lent, precision: 'float32', copiesWeights: true };
    const plan = await planPack({ kind: 'planPack', order: what, to: join(packs, 'copied') });
    expect(plan.weights).toBe('copied');
    expect(plan.writesBytes).toBeGreaterThan(statSync(lent).size);
    const seen: string[] = [];
    await build('copied', what, { onProgress: ({ phase }) => seen.push(phase) });
    expect(seen).toContain('copy');
    rmSync(join(away, 'lent'), { recursive: true });
    await openPack(join(packs, 'copied'));
    expect(await embed('copied')).toEqual(await embed('near'));
  });

  test('a copy that is withdrawn leaves nothing', async () => {
    const controller = new AbortController();
    const what: AddPack = { clip: far, precision: 'float32', copiesWeights: true };
    const onProgress = () => controller.abort();
    await expect(build('half', what, { signal: controller.signal, onProgress })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(readdirSync(packs).filter((name) => name.startsWith('half'))).toEqual([]);
  });

  test('a checkpoint that is moved or edited after it was added is missed by its own path', async () => {
    const lost = await writeUntrained('tinyClip', join(away, 'lost'));
    await build('lost', { clip: lost, precision: 'float32' });
    appendFileSync(lost, 'x');
    await expect(openPack(join(packs, 'lost'))).rejects.toMatchObject({ code: 'conflict' });
    rmSync(lost);
    await expect(openPack(join(packs, 'lost'))).rejects.toMatchObject({
      code: 'notFound',
      message: expect.stringContaining(lost),
    });
  });
});

/** The embedding of one text, as the pack's session gives it. */
async function embed(id: string): Promise<Float32Array> {
  const pack = await openPack(join(packs, id));
  const run = { members: null, precision: null, providers: ['cpu' as const] };
  const store = new SessionStore({ budgetBytes: Number.POSITIVE_INFINITY });
  const { members } = await embedTexts(store, pack, { run, texts: ['a cat'], tokenisers: new Tokenisers() });
  await store.forget(pack.folder);
  return members['base']!;
}

test('weights behind symbolic links, as the hub keeps them, are linked themselves', async () => {
  const hub = join(folder, 'snapshots');
  await mkdir(hub);
  for (const name of ['model.safetensors', 'config.json', 'tokenizer.json'])
    symlinkSync(join('..', 'PickScore_v1', name), join(hub, name));
  await build('hub', { clip: join(hub, 'model.safetensors'), precision: 'float32' });
  const { ino } = lstatSync(join(packs, 'hub', 'model.safetensors'));
  expect(ino).toBe(statSync(clip).ino);
  await openPack(join(packs, 'hub'));
});

/** PickScore by a click: fetched from a hub, made a pack, scored with; offline one is told what to bring by hand. */
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Hub, openHub, openPickScoreHub } from '../support/hub.ts';
import { writeScenes } from '../support/make-images.ts';
import { type NetworkLibrary, openNetworkLibrary, scoreImages } from '../support/network-library.ts';

let library: NetworkLibrary;
let hub: Hub;
beforeEach(async () => {
  library = await openNetworkLibrary({ kind: 'tinyClip' });
  hub = await openPickScoreHub(dirname(library.weights));
  vi.stubEnv('HF_TOKEN', '');
  vi.stubEnv('HF_ENDPOINT', hub.endpoint);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.close();
  await library.close();
});

test('it is fetched into the library and becomes a pack that gives S', async () => {
  const job = await library.finish(library.client.packs.fetch({ name: 'pickscore' }));
  expect(job).toMatchObject({
    kind: 'fetchPack',
    state: 'done',
    error: null,
    summary: { packId: 'pickscore' },
  });
  const pack = (await library.client.packs.list()).at(-1)!;
  expect(pack).toMatchObject({ id: 'pickscore', title: 'PickScore v1', problem: null });
  expect(pack.network!.files[0]!.path).toBe(
    join(library.studio.folder, 'checkpoints', 'pickscore', 'model.safetensors'),
  );
  await writeScenes(library.images, 2, { width: 32, height: 32 });
  expect(await scoreImages(library, 'pickscore')).toMatchObject({ state: 'done', summary: { scored: 2 } });
  await expect(library.client.packs.fetch({ name: 'pickscore' })).rejects.toMatchObject({ code: 'conflict' });
});

test('removed and fetched again, nothing is downloaded twice', async () => {
  await library.finish(library.client.packs.fetch({ name: 'pickscore' }));
  await library.client.packs.remove({ id: 'pickscore' });
  const stored = hub.asked.filter(({ url }) => url.startsWith('store:')).length;
  const job = await library.finish(library.client.packs.fetch({ name: 'pickscore', precision: 'int8' }));
  expect(job).toMatchObject({ state: 'done', error: null });
  expect(hub.asked.filter(({ url }) => url.startsWith('store:')).length).toBe(stored);
});

test('without a connection the job says what to bring from where and where to put it, and nothing is left', async () => {
  await hub.close();
  const job = await library.finish(library.client.packs.fetch({ name: 'pickscore' }));
  expect(job).toMatchObject({ state: 'failed', error: { code: 'offline' } });
  expect(job.error!.message).toContain('yuvalkirstain/PickScore_v1');
  expect(job.error!.message).toContain(join(library.studio.folder, 'checkpoints', 'pickscore'));
  expect(library.studio.packs.size).toBe(1);
  hub = await openHub('a/b', {});
});

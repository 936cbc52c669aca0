/** Models come from the hub whole and verified or not at all, go on where they stopped, and otherwise one is told what to do by hand. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type FetchHooks, fetchRepository } from '../../../core/models/fetch-from-hub.ts';
import { fetchPickScore } from '../../../core/models/fetch-pickscore.ts';
import { type Hub, hash, openHub } from '../../support/hub.ts';

const repository = 'owner/model';
const weights = Buffer.alloc(3_000_000, 'weights, each like the other; ');
const config = Buffer.from('{"hidden_act":"gelu"}\n');
const partName = `model.safetensors.${hash('sha256', weights).slice(0, 12)}.part`;

let hub: Hub;
let to: string;

beforeEach(async () => {
  vi.stubEnv('HF_TOKEN', '');
  vi.stubEnv('HF_ENDPOINT', '');
  to = await mkdtemp(join(tmpdir(), 'sfiqa-hub-'));
  hub = await openHub(repository, {
    'config.json': { bytes: config, isLarge: false },
    'model.safetensors': { bytes: weights, isLarge: true },
  });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.close();
  await rm(to, { recursive: true });
});

function fetchBoth(hooks: FetchHooks = {}, more: { token?: string; revision?: string } = {}) {
  const files = ['config.json', 'model.safetensors'];
  const order = { repository, files, to, endpoint: hub.endpoint, ...more };
  return fetchRepository(order, { retryDelaysMs: [1, 1, 1], ...hooks });
}

/** The starts of the ranges that the store was asked for; 0 for the whole file; the client's probe of one byte left out. */
function starts(): number[] {
  return hub.asked
    .filter(({ url, range }) => url.startsWith('store:') && range !== 'bytes=0-0')
    .map(({ range }) => Number(/^bytes=(\d+)-/.exec(range ?? 'bytes=0-')![1]));
}

async function expectBoth(): Promise<void> {
  expect((await readFile(join(to, 'model.safetensors'))).equals(weights)).toBe(true);
  expect((await readFile(join(to, 'config.json'))).equals(config)).toBe(true);
  expect((await readdir(to)).sort()).toEqual(['config.json', 'model.safetensors']);
}

describe('fetching', () => {
  test('brings small and large files, over the hub’s redirect, and tells path, size and SHA-256', async () => {
    const { files } = await fetchBoth();
    expect(files).toEqual([
      { path: join(to, 'config.json'), sha256: hash('sha256', config), sizeBytes: config.length },
      { path: join(to, 'model.safetensors'), sha256: hash('sha256', weights), sizeBytes: weights.length },
    ]);
    await expectBoth();
  });

  test('what the hub offers in chunks comes as plain bytes, and goes on like them', async () => {
    hub.faults.offersChunks = true;
    hub.faults.breakAfter = [1_000_000];
    await fetchBoth();
    expect(starts()).toHaveLength(2);
    expect(starts()[1]).toBeGreaterThan(0);
    await expectBoth();
  });

  test('progress grows over all files to the total', async () => {
    const seen: number[] = [];
    const total = config.length + weights.length;
    await fetchBoth({
      onProgress: ({ doneBytes, totalBytes }) => {
        expect(totalBytes).toBe(total);
        seen.push(doneBytes);
      },
    });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.length).toBeGreaterThan(5);
    expect(seen.at(-1)).toBe(total);
  });

  test('what is there is verified, not fetched again', async () => {
    await fetchBoth();
    hub.asked.length = 0;
    await fetchBoth();
    expect(hub.asked.map(({ url }) => url)).toEqual([`/api/models/${repository}/paths-info/main`]);
  });

  test('the token goes to the hub and not to where it sends us; another form is refused', async () => {
    await fetchBoth({}, { token: 'hf_secret' });
    const [own, store] = [true, false].map((isOwn) =>
      hub.asked.filter(({ url }) => url.startsWith('store:') !== isOwn),
    );
    expect(own!.every(({ authorization }) => authorization === 'Bearer hf_secret')).toBe(true);
    expect(store!.length).toBeGreaterThan(0);
    expect(store!.every(({ authorization }) => authorization === undefined)).toBe(true);
    await expect(fetchBoth({}, { token: 'secret' })).rejects.toMatchObject({ code: 'badInput' });
  });

  test('HF_ENDPOINT and HF_TOKEN are respected', async () => {
    vi.stubEnv('HF_ENDPOINT', `${hub.endpoint}/`);
    vi.stubEnv('HF_TOKEN', 'hf_fromenvironment');
    await fetchRepository({ repository, files: ['config.json'], to });
    expect(hub.asked[0]!.authorization).toBe('Bearer hf_fromenvironment');
    expect(await readdir(to)).toEqual(['config.json']);
  });
});

describe('interruptions', () => {
  test('a broken connection goes on from the byte where it broke', async () => {
    hub.faults.breakAfter = [1_000_000, 500_000];
    await fetchBoth();
    const [first, second, third] = starts();
    expect(first).toBe(0);
    expect(second).toBeGreaterThan(0);
    expect(second).toBeLessThanOrEqual(1_000_000);
    expect(third).toBeGreaterThan(second!);
    await expectBoth();
  });

  test('a hub that gives nothing more ends the call, the part stays, and the next call goes on', async () => {
    hub.faults.breakAfter = [1_000_000, 0, 0, 0, 0, 0, 0];
    await expect(fetchBoth()).rejects.toMatchObject({ code: 'offline' });
    const { size } = await stat(join(to, partName));
    expect(size).toBeGreaterThan(0);
    hub.faults.breakAfter = [];
    hub.asked.length = 0;
    await fetchBoth();
    expect(starts()).toEqual([size]);
    await expectBoth();
  });

  test('after a kill of the whole program the next call goes on from the disk', async () => {
    hub.faults.stallAfter = 1_500_000;
    const module = fileURLToPath(new URL('../../../core/models/fetch-from-hub.ts', import.meta.url));
    const order = { repository, files: ['model.safetensors'], to, endpoint: hub.endpoint };
    const code = `(await import(${JSON.stringify(module)})).fetchRepository(${JSON.stringify(order)})`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' });
    const sizeNow = () =>
      stat(join(to, partName)).then(
        ({ size }) => size,
        () => 0,
      );
    while ((await sizeNow()) < 1_500_000) await sleep(10);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await readdir(to)).toEqual([partName]);
    delete hub.faults.stallAfter;
    hub.asked.length = 0;
    await fetchBoth();
    expect(starts()).toEqual([1_500_000]);
    await expectBoth();
  });

  test('cancelling is `cancelled`, keeps the part, and leaves nothing under the file’s name', async () => {
    hub.faults.stallAfter = 1_000_000;
    const abort = new AbortController();
    const fetching = fetchBoth({
      signal: abort.signal,
      onProgress: ({ doneBytes }) => {
        if (doneBytes >= 1_000_000) abort.abort();
      },
    });
    await expect(fetching).rejects.toMatchObject({ code: 'cancelled' });
    expect((await readdir(to)).sort()).toEqual(['config.json', partName]);
    await expect(fetchBoth({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('a whole file in answer to a range is not appended', async () => {
    await writeFile(join(to, partName), weights.subarray(0, 1_000_000));
    hub.faults.ignoresRanges = true;
    await expect(fetchBoth()).rejects.toMatchObject({ code: 'offline' });
    expect((await stat(join(to, partName))).size).toBe(1_000_000);
  });

  test('a part of a file that the hub has replaced since is thrown away', async () => {
    await writeFile(join(to, 'model.safetensors.0123456789ab.part'), 'of yesterday');
    await writeFile(join(to, 'model.safetensors.mine.part'), 'a person’s own');
    await fetchBoth();
    expect((await readdir(to)).sort()).toEqual([
      'config.json',
      'model.safetensors',
      'model.safetensors.mine.part',
    ]);
  });
});

describe('verification', () => {
  test('bytes with another hash never get the name, and nothing of them stays', async () => {
    hub.faults.isCorrupt = true;
    await expect(fetchBoth()).rejects.toMatchObject({
      code: 'unreadable',
      details: { hash: hash('sha256', weights) },
    });
    expect(await readdir(to)).toEqual(['config.json']);
  });

  test('a part that was damaged on the disk is fetched anew', async () => {
    const part = Buffer.from(weights.subarray(0, 1_000_000));
    part.fill(0, 500_000, 504_096);
    await writeFile(join(to, partName), part);
    await fetchBoth();
    expect(starts()).toEqual([1_000_000, 0]);
    await expectBoth();
  });

  test('another file of that name is left alone', async () => {
    await writeFile(join(to, 'config.json'), '{"mine":true}');
    await expect(fetchBoth()).rejects.toMatchObject({
      code: 'conflict',
      details: { path: join(to, 'config.json') },
    });
    expect(await readFile(join(to, 'config.json'), 'utf8')).toBe('{"mine":true}');
  });

  test('a small file is verified by git’s hash', async () => {
    const listing = async (...args: Parameters<typeof fetch>): Promise<Response> => {
      const response = await fetch(...args);
      if (!String(args[0]).includes('paths-info')) return response;
      const text = await response.text();
      return new Response(text.replaceAll(/"oid":"[0-9a-f]{40}"/g, `"oid":"${'0'.repeat(40)}"`));
    };
    await expect(fetchBoth({ fetch: listing })).rejects.toMatchObject({ code: 'unreadable' });
    expect(await readdir(to)).toEqual([]);
  });
});

describe('what cannot be fetched says why and what to do', () => {
  test('a missing file or repository is named', async () => {
    const order = { repository, files: ['config.json', 'weights.bin'], to, endpoint: hub.endpoint };
    await expect(fetchRepository(order)).rejects.toMatchObject({
      code: 'notFound',
      message: expect.stringContaining('weights.bin'),
    });
    await expect(fetchRepository({ ...order, repository: 'owner/other' })).rejects.toMatchObject({
      code: 'notFound',
      message: expect.stringContaining('owner/other'),
    });
    expect(await readdir(to)).toEqual([]);
  });

  test('offline: which files, from which repositories, and where to put them', async () => {
    await hub.close();
    const thrown = await fetchPickScore({ to, endpoint: hub.endpoint }).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: 'offline', details: { folder: to } });
    for (const part of [
      'ECONNREFUSED',
      'config.json, model.safetensors from https://huggingface.co/yuvalkirstain/PickScore_v1/tree/main',
      'tokenizer.json from https://huggingface.co/laion/CLIP-ViT-H-14-laion2B-s32B-b79K/tree/main',
      `put the files into ${to}`,
    ])
      expect(String(thrown)).toContain(part);
    hub = await openHub(repository, {});
  });

  test.each([
    [401, 'forbidden'],
    [403, 'forbidden'],
    [429, 'offline'],
    [503, 'offline'],
  ])('HTTP %i is `%s`, with the same help', async (status, code) => {
    hub.faults.status = status;
    await expect(fetchBoth()).rejects.toMatchObject({
      code,
      message: expect.stringMatching(`HTTP ${status}.*model.safetensors from .*${repository}.*${to}`),
      details: { status },
    });
  });

  test('a network’s sign-in page is not taken for the hub', async () => {
    hub.faults.isSignInPage = true;
    await expect(fetchBoth()).rejects.toMatchObject({ code: 'offline' });
    expect(await readdir(to)).toEqual([]);
  });

  test('a file larger than the disk has room for is refused before the first byte', async () => {
    const huge = async (...args: Parameters<typeof fetch>): Promise<Response> => {
      const text = await (await fetch(...args)).text();
      return new Response(text.replaceAll(`${weights.length}`, `${2 ** 52}`));
    };
    await expect(fetchBoth({ fetch: huge })).rejects.toMatchObject({
      code: 'diskFull',
      details: { path: to, neededBytes: 2 ** 52 + config.length },
    });
    expect(hub.asked).toHaveLength(1);
    expect(await readdir(to)).toEqual([]);
  });

  test('a folder that cannot be written', async () => {
    await writeFile(join(to, 'a-file'), '');
    const order = { repository, files: ['config.json'], to: join(to, 'a-file', 'folder') };
    await expect(fetchRepository({ ...order, endpoint: hub.endpoint })).rejects.toMatchObject({
      code: 'badInput',
    });
  });
});

/** `sfiqa models add pickscore` against a hub on this machine that breaks off, lies, and is not there. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exitCodes } from '../../cli/exit-codes.ts';
import { writeUntrained } from '../../scripts/support/make-untrained.ts';
import { type Hub, hash, openPickScoreHub } from '../support/hub.ts';
import { startSfiqa } from '../support/run-sfiqa.ts';

let folder: string;
let weights: string;
let hub: Hub;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sfiqa-fetch-'));
  weights = await writeUntrained('tinyClip', join(folder, 'published'));
  hub = await openPickScoreHub(dirname(weights));
});
afterEach(async () => {
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

const to = () => join(folder, 'library', 'checkpoints', 'pickscore');
/** The ranges of the weights that were asked for; the hub's client asks for one byte first, to learn the size. */
const ranges = () =>
  hub.asked
    .filter(({ url, range }) => url.startsWith('store:') && range !== 'bytes=0-0')
    .map(({ range }) => range);

function sfiqa(...args: string[]) {
  const env = { HF_ENDPOINT: hub.endpoint, HF_TOKEN: '' };
  return startSfiqa(join(folder, 'library'), args, { env }).ended;
}

test('a connection that breaks is taken up where it broke, also by another run of the command; then it is a pack', async () => {
  // The first run meets a hub that goes away for good after the first part.
  hub.faults.breakAfter = [100_000, 0, 0, 0, 0, 0];
  const cut = startSfiqa(join(folder, 'library'), ['models', 'add', 'pickscore'], {
    env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: '' },
  });
  await expect.poll(() => ranges().length, { timeout: 100_000 }).toBeGreaterThan(1);
  cut.kill('SIGKILL');
  await cut.ended;
  const [part] = readdirSync(to()).filter((name) => name.endsWith('.part'));
  expect(readFileSync(join(to(), part!)).length).toBe(100_000);
  expect(existsSync(join(to(), 'model.safetensors'))).toBe(false);
  hub.faults.breakAfter = [];
  const before = ranges().length;
  const { code, out, err } = await sfiqa('models', 'add', 'pickscore');
  expect(code, err).toBe(exitCodes.done);
  expect(out).toContain('Added “pickscore”');
  expect(ranges().slice(before)).toEqual([expect.stringMatching(/^bytes=100000-/)]);
  expect(hash('sha256', readFileSync(join(to(), 'model.safetensors')))).toBe(
    hash('sha256', readFileSync(weights)),
  );
  expect(readdirSync(to()).sort()).toEqual(['config.json', 'model.safetensors', 'tokenizer.json']);
});

test('other bytes than the hub promised are told by their hash, and nothing of them is kept', async () => {
  hub.faults.isCorrupt = true;
  const { code, err } = await sfiqa('models', 'add', 'pickscore');
  expect(code).toBe(exitCodes.failed);
  expect(err).toContain(`sha256 ${hash('sha256', readFileSync(weights))} was expected`);
  expect(readdirSync(to()).sort()).toEqual(['config.json', 'tokenizer.json']);
  expect((await sfiqa('models', 'list')).out).not.toContain('pickscore');
});

test('offline: which files, from which repositories, into which folder, and how to go on; done so, it works without a hub', async () => {
  await hub.close();
  const { code, err } = await sfiqa('models', 'add', 'pickscore');
  expect(code).toBe(exitCodes.failed);
  for (const part of [
    'config.json, model.safetensors from https://huggingface.co/yuvalkirstain/PickScore_v1/tree/main',
    'tokenizer.json from https://huggingface.co/laion/CLIP-ViT-H-14-laion2B-s32B-b79K/tree/main',
    `put the files into ${to()}`,
    `sfiqa models add --pickscore "${to()}"`,
  ]) {
    expect(err).toContain(part);
  }
  mkdirSync(dirname(to()), { recursive: true });
  rmSync(to(), { recursive: true, force: true });
  renameSync(dirname(weights), to());
  const added = await sfiqa('models', 'add', '--pickscore', to());
  expect(added.code, added.err).toBe(exitCodes.done);
  hub = await openPickScoreHub(to());
});

test('what a fetched model does not go with is said in words, before anything is asked of the hub', async () => {
  const { code, err } = await sfiqa('models', 'add', 'pickscore', '--sampling', 'fragment');
  expect(code).not.toBe(exitCodes.done);
  expect(err).toContain(
    '--sampling does not go with “pickscore”: it compares a picture with its prompt and sees it whole',
  );
  expect((await sfiqa('models', 'add', 'pickscore', '--clip', weights)).err).toContain(
    'Leave the name out to add files of your own',
  );
  expect(hub.asked).toEqual([]);
});

import { appendFileSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { openPack, stampPack } from '../../../native-models/packs/open-pack.ts';
import { makeUntrained } from '../../../scripts/support/make-untrained.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const root = makeTempFolder();
let count = 0;
let pack: string;
let weights: string;

beforeEach(async () => {
  const made = await makeUntrained('tinyClip', join(root, String(count++)), { precision: 'int8' });
  pack = made.packFolder;
  weights = made.weights;
});

function editManifest(edit: (manifest: { format: string; network: Record<string, unknown> }) => void): void {
  const path = join(pack, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  edit(manifest);
  writeFileSync(path, JSON.stringify(manifest));
}

describe('a pack that cannot be used says why, and what to do', () => {
  test('a checkpoint that was moved or deleted still works: the pack holds a link to it', async () => {
    renameSync(weights, `${weights}.moved`);
    await openPack(pack);
    rmSync(`${weights}.moved`);
    await openPack(pack);
  });

  test('a checkpoint that was edited', async () => {
    const opened = await openPack(pack);
    const stamp = await stampPack(opened);
    expect(await stampPack(opened)).toBe(stamp);
    appendFileSync(weights, 'x');
    expect(await stampPack(opened)).not.toBe(stamp);
    await expect(openPack(pack)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/model\.safetensors was changed after it was added.*Add it again/),
      details: { path: weights },
    });
  });

  test('a checkpoint that was touched: its size is the same, its time is not', async () => {
    utimesSync(weights, new Date(), new Date(2020, 1, 1));
    await expect(openPack(pack)).rejects.toMatchObject({ code: 'conflict' });
  });

  test.each([
    'model.safetensors',
    'base-image.int8.bin',
    'base-text.float32.onnx',
    'tokenizer.json',
    'manifest.json',
  ])('%s is gone', async (file) => {
    rmSync(join(pack, file));
    await expect(openPack(pack)).rejects.toMatchObject({
      code: 'notFound',
      message: expect.stringContaining(file),
    });
  });

  test('a tampered graph, converted file, manifest', async () => {
    const graph = join(pack, 'base-image.float32.onnx');
    const bytes = readFileSync(graph);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(graph, bytes);
    await expect(openPack(pack)).rejects.toMatchObject({
      code: 'checkpointInvalid',
      message: expect.stringContaining('base-image.float32.onnx'),
    });
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(graph, bytes);
    await openPack(pack);
    appendFileSync(join(pack, 'base-image.int8.bin'), 'x');
    await expect(openPack(pack)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('base-image.int8.bin'),
    });
    writeFileSync(join(pack, 'manifest.json'), '{"format":');
    await expect(openPack(pack)).rejects.toMatchObject({ code: 'checkpointInvalid' });
    writeFileSync(join(pack, 'manifest.json'), '{"format":"sfiqa-pack/1"}');
    await expect(openPack(pack)).rejects.toMatchObject({ code: 'checkpointInvalid' });
  });

  test('another tokeniser: its tokens, and with them S, would be others', async () => {
    const path = join(pack, 'tokenizer.json');
    const stamp = await stampPack(await openPack(pack));
    appendFileSync(path, ' ');
    await expect(openPack(pack)).rejects.toMatchObject({ code: 'checkpointInvalid', details: { path } });
    const { network } = JSON.parse(readFileSync(join(pack, 'manifest.json'), 'utf8'));
    editManifest((manifest) => {
      const { tokeniserSha256: _, ...similarity } = network.similarity;
      manifest.network['similarity'] = similarity;
    });
    // A pack that was made before the hash was noted.
    expect(await stampPack(await openPack(pack))).not.toBe(stamp);
  });

  test('a graph file outside the pack is not taken', async () => {
    editManifest(({ network }) => {
      const [member] = network['members'] as [{ graphs: [{ file: string }] }];
      member.graphs[0].file = '../../etc/passwd';
    });
    await expect(openPack(pack)).rejects.toMatchObject({ code: 'checkpointInvalid' });
  });

  test('a newer or an older studio made it', async () => {
    editManifest((manifest) => {
      manifest.format = 'sfiqa-pack/2';
    });
    await expect(openPack(pack)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/newer version.*sfiqa-pack\/2/),
    });
    for (const [field, version, code] of [
      ['builder', 1000, 'unsupported'],
      ['preprocess', 1000, 'unsupported'],
    ] as const) {
      editManifest((manifest) => {
        manifest.format = 'sfiqa-pack/1';
        manifest.network = { ...manifest.network, builder: 1, preprocess: 1, [field]: version };
      });
      await expect(openPack(pack)).rejects.toMatchObject({ code });
    }
  });
});

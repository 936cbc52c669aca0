import { chmodSync, copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AddPack } from '../../../contract/pack.ts';
import { formulaTensor } from '../../../native-models/checkpoints/formula.ts';
import { openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import { readTensor } from '../../../native-models/checkpoints/read-tensor.ts';
import { writeSafetensors } from '../../../native-models/checkpoints/write-safetensors.ts';
import { lookAtImages } from '../../../native-models/inference/run-pack.ts';
import { SessionStore } from '../../../native-models/inference/session-store.ts';
import { buildPack } from '../../../native-models/packs/build-pack.ts';
import { openPack } from '../../../native-models/packs/open-pack.ts';
import { planPack } from '../../../native-models/packs/plan-pack.ts';
import { recogniseBackbone, recogniseClip, recogniseSfIqa } from '../../../native-models/packs/recognise.ts';
import { clipTiny, swinMinute, writeUntrained } from '../../../scripts/support/make-untrained.ts';
import {
  clipShapes,
  type Shapes,
  sfIqaShapes,
  swinShapes,
} from '../../../scripts/support/untrained-shapes.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const folder = makeTempFolder();
let weights: string;
let clip: string;

beforeAll(async () => {
  weights = await writeUntrained('tiny', join(folder, 'sfiqa'), { sets: ['base', 'rplcc'] });
  clip = await writeUntrained('tinyClip', join(folder, 'clip'));
});

async function writeShapes(name: string, shapes: Shapes): Promise<string> {
  const path = join(folder, name);
  await writeSafetensors(
    path,
    shapes.map(([tensor, shape]) => ({
      ...{ name: tensor, dtype: 'float32', shape },
      chunks: () => [formulaTensor(tensor, shape)],
    })),
  );
  return path;
}

function plan(order: Partial<AddPack>) {
  return planPack({
    kind: 'planPack',
    order: { precision: 'float32', ...order },
    to: join(folder, 'packs', 'x'),
  });
}

describe('what a file is', () => {
  test('a dictionary of sets, some of them, one set alone', async () => {
    expect((await recogniseSfIqa(weights)).sets.map(({ name }) => name)).toEqual(['base', 'rplcc']);
    expect((await recogniseSfIqa(weights, ['rplcc'])).sets).toEqual([{ name: 'rplcc', prefix: 'rplcc.' }]);
    await expect(recogniseSfIqa(weights, ['plcc'])).rejects.toMatchObject({
      code: 'badInput',
      message: expect.stringContaining('base, rplcc'),
    });
    const single = await writeShapes('single.safetensors', sfIqaShapes(swinMinute, clipTiny));
    expect((await recogniseSfIqa(single)).sets).toEqual([{ name: 'base', prefix: '' }]);
  });

  test('a CLIP by its folder or its file; its sizes come from config.json', async () => {
    const part = await recogniseClip(join(folder, 'clip'));
    expect(part).toMatchObject({ config: clipTiny, title: 'CLIP clip', pixels: null });
    expect((await recogniseClip(clip)).config).toEqual(part.config);
  });

  test('a SwinV2 of timm; without its mask, the name tells window and size', async () => {
    const path = await writeShapes('swin.safetensors', swinShapes(swinMinute));
    expect((await recogniseBackbone(path)).config).toEqual(swinMinute);
    const unmasked = swinShapes(swinMinute).filter(([name]) => !name.endsWith('attn_mask'));
    await expect(recogniseBackbone(await writeShapes('some.safetensors', unmasked))).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('swinv2_tiny_window16_256'),
    });
    const named = await writeShapes('swinv2_tiny_window8_256.ms.safetensors', unmasked);
    expect((await recogniseBackbone(named)).config).toEqual(swinMinute);
    const larger = await writeShapes('swinv2_base_window12to16_192to256.safetensors', unmasked);
    expect((await recogniseBackbone(larger)).config).toMatchObject({
      window: 16,
      imageSize: 256,
      pretrainedWindows: [12, 12, 12, 6],
    });
  });

  test('a CLIP of open_clip is seen under the names of transformers, q, k and v cut from one matrix', async () => {
    const opened = await recogniseClip(await writeOpenClip());
    const official = new Map(clipShapes(clipTiny));
    for (const [name, shape] of official) {
      expect(opened.checkpoint.tensors.get(name)?.shape, name).toEqual(shape);
    }
    expect(opened.config).toEqual({ ...clipTiny });
    const read = (name: string) => readTensor(opened.checkpoint.tensors.get(name)!);
    const joint = formulaTensor('visual.transformer.resblocks.1.attn.in_proj_weight', [192, 64]);
    expect(await read('vision_model.encoder.layers.1.self_attn.v_proj.weight')).toEqual(
      joint.slice(128 * 64),
    );
    const projection = formulaTensor('visual.proj', [64, 32]);
    const turned = await read('visual_projection.weight');
    expect([turned[1], turned[64]]).toEqual([projection[32], projection[1]]);
  });

  test('and its pack computes what a pack of the same weights in transformers’ form computes; only the projections are copied', async () => {
    const openClip = await writeOpenClip();
    const { checkpoint } = await recogniseClip(openClip);
    const renamed = join(folder, 'renamed.safetensors');
    await writeSafetensors(
      renamed,
      [...checkpoint.tensors].map(([name, entry]) => ({
        ...{ name, dtype: 'float32' as const, shape: entry.shape },
        chunks: async function* () {
          yield await readTensor(entry);
        },
      })),
    );
    const image = {
      quality: null,
      similarity: formulaTensor('pixels', [3, 28, 28], { base: 0, amplitude: 1.7 }),
    };
    const looks = [];
    for (const [at, path] of [openClip, renamed].entries()) {
      const to = join(folder, 'packs', `clip-${at}`);
      const order: AddPack = { clip: path, tokeniser: join(folder, 'clip'), precision: 'float32' };
      const { manifest } = await buildPack({ kind: 'buildPack', id: `clip-${at}`, title: 'CLIP', order, to });
      const copied = manifest.network!.sources.filter(({ isOriginal }) => !isOriginal);
      expect(copied.map(({ link, sizeBytes }) => [link, sizeBytes])).toEqual(
        at === 1 ? [] : ['image', 'text'].map((role) => [`base-${role}.float32.bin`, 64 * 32 * 4]),
      );
      const run = { members: null, precision: null, providers: ['cpu' as const] };
      const store = new SessionStore({ budgetBytes: 1e9 });
      looks.push(...(await lookAtImages(store, await openPack(to), { run, images: [image] })));
    }
    expect(looks[0]!.vectors['image']).toEqual(looks[1]!.vectors['image']);
  });
});

/** The names and shapes that open_clip saves, in a state_dict as HPS v2's. */
async function writeOpenClip(): Promise<string> {
  const { vision, text, projection } = clipTiny;
  const blocks = (prefix: string, { hidden, intermediate, layers }: typeof text | typeof vision): Shapes =>
    Array.from({ length: layers }, (_, layer) => `${prefix}transformer.resblocks.${layer}`).flatMap(
      (name): Shapes => [
        ...['ln_1', 'ln_2'].flatMap(
          (norm): Shapes => [
            [`${name}.${norm}.weight`, [hidden]],
            [`${name}.${norm}.bias`, [hidden]],
          ],
        ),
        [`${name}.attn.in_proj_weight`, [3 * hidden, hidden]],
        [`${name}.attn.in_proj_bias`, [3 * hidden]],
        [`${name}.attn.out_proj.weight`, [hidden, hidden]],
        [`${name}.attn.out_proj.bias`, [hidden]],
        [`${name}.mlp.c_fc.weight`, [intermediate, hidden]],
        [`${name}.mlp.c_fc.bias`, [intermediate]],
        [`${name}.mlp.c_proj.weight`, [hidden, intermediate]],
        [`${name}.mlp.c_proj.bias`, [hidden]],
      ],
    );
  const norm = (name: string, size: number): Shapes => [
    [`${name}.weight`, [size]],
    [`${name}.bias`, [size]],
  ];
  return await writeShapes('open_clip.safetensors', [
    ['logit_scale', []],
    ['positional_embedding', [text.positions, text.hidden]],
    ['text_projection', [text.hidden, projection]],
    ['token_embedding.weight', [text.vocabulary, text.hidden]],
    ...norm('ln_final', text.hidden),
    ['visual.class_embedding', [vision.hidden]],
    ['visual.positional_embedding', [5, vision.hidden]],
    ['visual.proj', [vision.hidden, projection]],
    ['visual.conv1.weight', [vision.hidden, 3, 14, 14]],
    ...norm('visual.ln_pre', vision.hidden),
    ...norm('visual.ln_post', vision.hidden),
    ...blocks('visual.', vision),
    ...blocks('', text),
  ]);
}

describe('what is wrong with a file', () => {
  test('it is another architecture, or given as what it is not', async () => {
    await expect(plan({ sfiqa: clip })).rejects.toMatchObject({
      code: 'checkpointInvalid',
      message: expect.stringMatching(/is a CLIP in the form of transformers, not the weights of SF-IQA/),
    });
    await expect(plan({ clip: weights })).rejects.toMatchObject({
      message: expect.stringContaining('a dictionary of trained sets of SF-IQA'),
    });
    const other = await writeShapes('other.safetensors', [['conv1.weight', [64, 3, 7, 7]]]);
    for (const order of [{ sfiqa: other }, { clip: other }, { backbone: other }]) {
      await expect(plan(order)).rejects.toMatchObject({
        code: 'checkpointInvalid',
        message: expect.stringContaining('conv1.weight'),
      });
    }
    await expect(plan({})).rejects.toMatchObject({ code: 'badInput' });
  });

  test('a tensor is missing or has another shape: it is named', async () => {
    const missing = 'base.transformer.encoder.layers.1.linear2.weight';
    const path = await writeUntrained('tiny', join(folder, 'missing'), {
      isLeftOut: (name) => name === missing,
    });
    await expect(plan({ sfiqa: path })).rejects.toMatchObject({
      code: 'checkpointInvalid',
      details: { tensor: missing },
    });
    const shapes = sfIqaShapes(swinMinute, clipTiny).map(([name, shape]): Shapes[number] =>
      name === 'fc2.weight' ? [name, [shape[0]!, shape[1]! + 1]] : [name, shape],
    );
    const wrong = await writeShapes('wrong.safetensors', shapes);
    await expect(plan({ sfiqa: wrong, tokeniser: join(folder, 'clip') })).rejects.toMatchObject({
      code: 'checkpointInvalid',
      message: expect.stringMatching(/fc2\.weight.*shape \[128,353\].*needs \[128,352\]/),
    });
  });

  test('half a download, no checkpoint, no file, no tokeniser', async () => {
    const half = join(folder, 'half.safetensors');
    copyFileSync(weights, half);
    truncateSync(half, readFileSync(weights).length / 2);
    await expect(plan({ sfiqa: half })).rejects.toMatchObject({ code: 'checkpointInvalid' });
    const text = join(folder, 'page.pt');
    writeFileSync(text, '<!doctype html><title>Sign in</title>');
    await expect(plan({ sfiqa: text })).rejects.toMatchObject({ code: 'checkpointInvalid' });
    await expect(plan({ sfiqa: join(folder, 'nowhere.pt') })).rejects.toMatchObject({ code: 'notFound' });
    const alone = await writeShapes('alone.safetensors', sfIqaShapes(swinMinute, clipTiny));
    await expect(plan({ sfiqa: alone })).rejects.toMatchObject({
      code: 'badInput',
      message: expect.stringContaining('tokenizer.json'),
    });
    const named = await plan({ sfiqa: alone, tokeniser: join(folder, 'clip', 'tokenizer.json') });
    expect(named.suggestedId).toBe('sfiqa-base');
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{}');
    await expect(plan({ sfiqa: alone, tokeniser: broken })).rejects.toMatchObject({ code: 'unsupported' });
  });

  test.skipIf(process.getuid?.() === 0)('no permission', async () => {
    const closed = join(folder, 'closed.safetensors');
    copyFileSync(weights, closed);
    chmodSync(closed, 0o000);
    await expect(plan({ sfiqa: closed })).rejects.toMatchObject({
      code: 'unreadable',
      message: expect.stringContaining('closed.safetensors'),
    });
  });

  test('weights in half precision are widened once, and the plan says how much that writes', async () => {
    const { tensors } = await openCheckpoint(clip);
    const path = join(folder, 'clip', 'half.safetensors');
    const halves = [...tensors.values()].map((entry) => ({
      ...{ name: entry.name, dtype: 'float16' as const, shape: entry.shape },
      chunks: async function* () {
        yield new Float16Array(await readTensor(entry));
      },
    }));
    await writeSafetensors(path, halves);
    const { writesBytes, notes } = await plan({ clip: path });
    expect(writesBytes).toBeGreaterThan(2 * readFileSync(path).length * 0.95);
    expect(notes.join(' ')).toContain('written once');
  });
});

/** State_dicts as training scripts leave them: what is around them, and what lies or does not lie beside them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formulaTensor } from '../../../native-models/checkpoints/formula.ts';
import { readTensor } from '../../../native-models/checkpoints/read-tensor.ts';
import { writeSafetensors } from '../../../native-models/checkpoints/write-safetensors.ts';
import { outlinePack } from '../../../native-models/packs/outline.ts';
import { recogniseBackbone, recogniseClip, recogniseSfIqa } from '../../../native-models/packs/recognise.ts';
import { clipTiny, swinMinute } from '../../../scripts/support/make-untrained.ts';
import {
  clipShapes,
  prefixed,
  type Shapes,
  sfIqaShapes,
  swinShapes,
} from '../../../scripts/support/untrained-shapes.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const folder = makeTempFolder();
let count = 0;

/** A checkpoint of these tensors in a folder of its own. */
async function write(shapes: Shapes, name = 'weights.safetensors'): Promise<string> {
  count += 1;
  const path = join(folder, `${count}`, name);
  mkdirSync(dirname(path));
  const tensors = shapes.map(([tensor, shape]) => ({
    ...{ name: tensor, dtype: 'float32' as const, shape },
    chunks: () => [formulaTensor(tensor, shape)],
  }));
  await writeSafetensors(path, tensors);
  return path;
}

const clip = clipShapes(clipTiny);
/** Enough of an open_clip checkpoint for its sizes to be told. */
const openClip: Shapes = [
  ['logit_scale', []],
  ['positional_embedding', [77, 64]],
  ['text_projection', [64, 32]],
  ['token_embedding.weight', [514, 64]],
  ['transformer.resblocks.1.mlp.c_fc.weight', [128, 64]],
  ['transformer.resblocks.0.mlp.c_fc.weight', [128, 64]],
  ['visual.positional_embedding', [5, 64]],
  ['visual.proj', [64, 32]],
  ['visual.conv1.weight', [64, 3, 14, 14]],
  ['visual.transformer.resblocks.1.mlp.c_fc.weight', [128, 64]],
  ['visual.transformer.resblocks.0.mlp.c_fc.weight', [128, 64]],
];

describe('what is around a state_dict', () => {
  test.each([
    'module.',
    '_orig_mod.',
    'model.',
    'state_dict.',
    'state_dict.module.',
    'model.module._orig_mod.',
  ])('%s is seen through, whatever lies beside it in the file', async (prefix) => {
    const rest: Shapes = [['optimizer.state.0.exp_avg', [3]]];
    const part = await recogniseClip(await write([...prefixed(prefix, clip), ...rest]));
    expect(part.config).toEqual(clipTiny);
    expect(
      [...part.checkpoint.tensors.keys()].filter((name) => !name.startsWith('optimizer')).sort(),
    ).toEqual(clip.map(([name]) => name).sort());
    const name = 'text_projection.weight';
    expect(await readTensor(part.checkpoint.tensors.get(name)!)).toEqual(
      formulaTensor(prefix + name, [32, 64]),
    );
    const swin = prefixed(prefix, swinShapes(swinMinute));
    expect((await recogniseBackbone(await write([...swin, ...rest]))).config).toEqual(swinMinute);
    const openPart = await recogniseClip(await write([...prefixed(prefix, openClip), ...rest]));
    expect(openPart.config).toEqual(clipTiny);
  });

  test('a set of SF-IQA alone in a dictionary is `base`; sets of a parallel training keep their names', async () => {
    const set = sfIqaShapes(swinMinute, clipTiny);
    for (const prefix of ['', 'module.', 'state_dict.', 'model.', 'state_dict.module.']) {
      const path = await write(prefixed(prefix, set));
      expect((await recogniseSfIqa(path)).sets.map(({ name }) => name)).toEqual(['base']);
      const [member] = (await outlinePack({ sfiqa: path, precision: 'float32' })).members;
      expect(member?.fusion?.layers.map(({ outputs }) => outputs)).toEqual([10, 10, 1]);
    }
    const sets = ['base', 'rank'].flatMap((name) => prefixed(`state_dict.${name}.module.`, set));
    expect((await recogniseSfIqa(await write(sets))).sets).toEqual([
      { name: 'base', prefix: 'state_dict.base.' },
      { name: 'rank', prefix: 'state_dict.rank.' },
    ]);
  });

  test('the paper’s fusion of two layers is read as it is', async () => {
    const set = sfIqaShapes(swinMinute, clipTiny).flatMap(([name, shape]): Shapes => {
      if (name.startsWith('ScoreModel.fc3')) return [];
      if (name === 'ScoreModel.fc2.weight') return [[name, [1, 10]]];
      return [[name, name === 'ScoreModel.fc2.bias' ? [1] : shape]];
    });
    const { members } = await outlinePack({ sfiqa: await write(set), precision: 'float32' });
    expect(members[0]?.fusion?.layers.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([
      [2, 10],
      [10, 1],
    ]);
  });

  test('a network that is there twice, as itself and as its moving average, is refused with both names', async () => {
    const path = await write(['state_dict.', 'state_dict_ema.'].flatMap((prefix) => prefixed(prefix, clip)));
    await expect(recogniseClip(path)).rejects.toMatchObject({
      code: 'checkpointInvalid',
      message: expect.stringMatching(/2 times: “state_dict”, “state_dict_ema”/),
    });
  });

  test.each([
    ['visual.layer1.0.conv1.weight', 'ResNet'],
    ['visual.attn_pool.query', 'CoCa'],
    ['logit_bias', 'SigLIP'],
  ])('a relative of CLIP is refused by name: %s', async (name, what) => {
    await expect(recogniseClip(await write([...openClip, [name, [1]]]))).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining(what),
    });
  });
});

describe('what lies beside a CLIP', () => {
  function putBeside(path: string, name: string, json: unknown): void {
    writeFileSync(join(dirname(path), name), JSON.stringify(json));
  }

  test('nothing: exact GELU and PickScore’s heads are assumed, and the plan says so', async () => {
    for (const shapes of [clip, openClip]) {
      const { config, notes } = await recogniseClip(await write(shapes));
      expect(config).toEqual(clipTiny);
      expect(notes).toEqual([
        expect.stringMatching(
          /^No .*config\.json lies beside .*Assumed: exact GELU.*1 heads for images, 1 for text/,
        ),
      ]);
    }
  });

  test('nothing, but a name that stands for QuickGELU', async () => {
    const { config, notes } = await recogniseClip(await write(openClip, 'openai-vit-b-32.safetensors'));
    expect([config.vision.activation, config.text.activation]).toEqual(['quick_gelu', 'quick_gelu']);
    expect(notes[0]).toMatch(/Assumed: QuickGELU, because of its name/);
  });

  test('open_clip’s own configuration tells activation, heads and pixels', async () => {
    const path = await write(openClip);
    putBeside(path, 'open_clip_config.json', {
      model_cfg: {
        ...{ embed_dim: 32, quick_gelu: true },
        vision_cfg: { image_size: 28, layers: 2, width: 64, head_width: 16, patch_size: 14 },
        text_cfg: { context_length: 77, vocab_size: 514, width: 64, heads: 2, layers: 2 },
      },
      preprocess_cfg: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
    });
    expect(await recogniseClip(path)).toMatchObject({
      config: {
        vision: { ...clipTiny.vision, activation: 'quick_gelu', heads: 4 },
        text: { ...clipTiny.text, activation: 'quick_gelu', heads: 2 },
      },
      pixels: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
      notes: [],
    });
    putBeside(path, 'open_clip_config.json', { model_cfg: {} });
    await expect(recogniseClip(path)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('vision_cfg'),
    });
  });

  test('the config.json of something else does not count for open_clip’s names; a CLIP’s does', async () => {
    const path = await write(openClip);
    putBeside(path, 'config.json', { architecture: 'swinv2_tiny_window8_256' });
    expect((await recogniseClip(path)).config).toEqual(clipTiny);
    putBeside(path, 'config.json', { model_type: 'clip', text_config: { eos_token_id: 7 } });
    expect((await recogniseClip(path)).config.text.eosTokenId).toBe(7);
  });

  test('a preparation of images that is not CLIP’s is told', async () => {
    const path = await write(clip);
    const usual = {
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.5, 0.5, 0.5],
      size: { shortest_edge: 28 },
      resample: 3,
    };
    putBeside(path, 'preprocessor_config.json', usual);
    expect((await recogniseClip(path)).notes).toHaveLength(1);
    for (const other of [
      { resample: 2 },
      { size: { height: 28, width: 28 } },
      { size: 32 },
      { do_center_crop: false },
    ]) {
      putBeside(path, 'preprocessor_config.json', { ...usual, ...other });
      expect((await recogniseClip(path)).notes[1]).toMatch(/preprocessor_config\.json .*28 pixels/);
    }
  });
});

test('a tensor that is seen through two names still knows its own', async () => {
  const { checkpoint } = await recogniseClip(await write(prefixed('state_dict.', openClip)));
  expect(checkpoint.tensors.get('visual_projection.weight')?.name).toBe('state_dict.visual.proj');
});

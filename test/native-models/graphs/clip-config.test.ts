import { describe, expect, test } from 'vitest';
import type { Checkpoint, TensorEntry } from '../../../native-models/checkpoints/checkpoint.ts';
import {
  type ClipConfig,
  inferClipConfig,
  parseClipConfig,
} from '../../../native-models/graphs/clip-config.ts';
import { clipShapes } from '../../../scripts/support/untrained-shapes.ts';
import { hasShared, readSharedJson } from '../../support/shared.ts';

/** ViT-B/32 and its text tower, which transformers assumes where a file says nothing. */
const baseModel: ClipConfig = {
  projection: 512,
  vision: {
    ...{ hidden: 768, intermediate: 3072, layers: 12, heads: 12, activation: 'quick_gelu' },
    ...{ imageSize: 224, patchSize: 32 },
  },
  text: {
    ...{ hidden: 512, intermediate: 2048, layers: 12, heads: 8, activation: 'quick_gelu' },
    ...{ vocabulary: 49408, positions: 77, eosTokenId: 49407 },
  },
};
/** PickScore: ViT-H/14. */
const hugeModel: ClipConfig = {
  projection: 1024,
  vision: {
    ...{ hidden: 1280, intermediate: 5120, layers: 32, heads: 16, activation: 'gelu' },
    ...{ imageSize: 224, patchSize: 14 },
  },
  text: {
    ...{ hidden: 1024, intermediate: 4096, layers: 24, heads: 16, activation: 'gelu' },
    ...{ vocabulary: 49408, positions: 77, eosTokenId: 2 },
  },
};

describe('config.json', () => {
  test.each([{}, { vision_config: {}, text_config: {} }, { vision_config_dict: null, text_config: null }])(
    'what is left out is CLIP’s own: %j',
    (json) => {
      expect(parseClipConfig(json, 'config.json')).toEqual(baseModel);
    },
  );

  test('stated sizes count, other fields are passed over', () => {
    const json = {
      ...{ model_type: 'clip', projection_dim: 1024, logit_scale_init_value: 2.6592 },
      vision_config: {
        ...{ hidden_size: 1280, intermediate_size: 5120, num_hidden_layers: 32, num_attention_heads: 16 },
        ...{ patch_size: 14, hidden_act: 'gelu', dropout: 0, layer_norm_eps: 1e-5 },
      },
      text_config: {
        ...{ hidden_size: 1024, intermediate_size: 4096, num_hidden_layers: 24, num_attention_heads: 16 },
        ...{ hidden_act: 'gelu', eos_token_id: 2 },
      },
    };
    expect(parseClipConfig(json, 'config.json')).toEqual(hugeModel);
  });

  test('another epsilon is that of its tower alone', () => {
    const { vision, text } = parseClipConfig({ vision_config: { layer_norm_eps: 1e-6 } }, 'config.json');
    expect(vision).toEqual({ ...baseModel.vision, epsilon: 1e-6 });
    expect(text).toEqual(baseModel.text);
  });

  test('a tower stated a second time counts, as in files of 2022', () => {
    const { vision } = parseClipConfig(
      { vision_config: { hidden_size: 640 }, vision_config_dict: { num_hidden_layers: 24 } },
      'config.json',
    );
    expect(vision).toEqual({ ...baseModel.vision, layers: 24 });
  });

  test.each([
    ['another architecture', { model_type: 'siglip' }, /model_type/],
    ['an activation that no CLIP has', { text_config: { hidden_act: 'gelu_new' } }, /hidden_act/],
    ['an epsilon that is none', { vision_config: { layer_norm_eps: 0 } }, /layer_norm_eps/],
    ['no size', { vision_config: { hidden_size: 0 } }, /hidden_size/],
    ['no object', null, /it is not an object with fields/],
    ['heads that do not share out the channels', { vision_config: { hidden_size: 770 } }, /770/],
    ['patches that do not fill the image', { vision_config: { image_size: 225 } }, /225/],
  ])('%s is refused by name', (_, json, message) => {
    expect(() => parseClipConfig(json, '/models/config.json')).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        message: expect.stringMatching(message),
        details: { path: '/models/config.json' },
      }),
    );
  });
});

describe('shapes', () => {
  function makeCheckpoint(shapes: Iterable<[string, readonly number[]]>): Checkpoint {
    const tensors = new Map(
      Array.from(shapes, ([name, shape]): [string, TensorEntry] => [
        name,
        {
          ...{ name, shape, dtype: 'float32', strides: [], isContiguous: true },
          ...{ file: '/weights.pt', offset: 0, byteLength: 0, storageStart: 0, storageByteLength: 0 },
          storageCrc32: null,
        },
      ]),
    );
    const rest = { files: [], metadata: {}, fingerprint: '' };
    return { path: '/weights.pt', format: 'torch', tensors, ...rest };
  }
  function nameTensors(config: ClipConfig, prefix: string): [string, number[]][] {
    return clipShapes(config).map(([name, shape]) => [prefix + name, shape]);
  }

  test('ViT-H is known by its tensors, behind any prefix', () => {
    expect(
      inferClipConfig(makeCheckpoint(nameTensors(hugeModel, 'base.pickmodel.')), 'base.pickmodel.'),
    ).toEqual(hugeModel);
  });

  test('smaller towers have 64 channels a head', () => {
    const pickScoreLike = {
      ...baseModel,
      vision: { ...baseModel.vision, activation: 'gelu' as const },
      text: { ...baseModel.text, activation: 'gelu' as const, eosTokenId: 2 },
    };
    expect(inferClipConfig(makeCheckpoint(nameTensors(pickScoreLike, '')), '')).toEqual(pickScoreLike);
  });

  test.skipIf(!hasShared)('the official state_dict is PickScore’s ViT-H', () => {
    const { groups } = readSharedJson<{ groups: { pickmodel: { key: string; shape: number[] }[] } }>(
      'golden/state_dict_shapes.json',
    );
    const shapes = groups.pickmodel.map(({ key, shape }): [string, number[]] => [key, shape]);
    expect(inferClipConfig(makeCheckpoint(shapes), 'pickmodel.')).toEqual(hugeModel);
    expect(nameTensors(hugeModel, 'pickmodel.').sort()).toEqual(shapes.sort());
  });

  test.each([
    ['visual_projection.weight', null, 'checkpointInvalid', /no tensor “visual_projection\.weight”/],
    ['visual_projection.weight', [1024], 'checkpointInvalid', /\[1024\]; a CLIP has 2 dimensions/],
    ['vision_model.embeddings.position_embedding.weight', [200, 1280], 'checkpointInvalid', /200 rows/],
  ] as const)('a checkpoint whose %s has the shape %j is refused', (name, shape, code, message) => {
    const shapes = new Map<string, readonly number[]>(nameTensors(hugeModel, ''));
    if (shape === null) shapes.delete(name);
    else shapes.set(name, shape);
    expect(() => inferClipConfig(makeCheckpoint(shapes), '')).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});

/** Names and shapes of the tensors of SF-IQA and of any CLIP, in the order and spelling of the official checkpoints. */
import type { ClipConfig, ClipTower } from '../../native-models/graphs/clip-config.ts';
import { type QualityBranchConfig, sfIqaQuality } from '../../native-models/graphs/quality-branch.ts';
import type { SwinV2Config } from '../../native-models/graphs/swin-v2.ts';

export type Shapes = [name: string, shape: number[]][];

/** A CLIP as transformers saves it. */
export function clipShapes({ projection, vision, text }: ClipConfig): Shapes {
  const tokens = (vision.imageSize / vision.patchSize) ** 2 + 1;
  return [
    ['logit_scale', []],
    ['text_model.embeddings.token_embedding.weight', [text.vocabulary, text.hidden]],
    ['text_model.embeddings.position_embedding.weight', [text.positions, text.hidden]],
    ...towerShapes('text_model', text),
    ...normShapes('text_model.final_layer_norm', text.hidden),
    ['vision_model.embeddings.class_embedding', [vision.hidden]],
    [
      'vision_model.embeddings.patch_embedding.weight',
      [vision.hidden, 3, vision.patchSize, vision.patchSize],
    ],
    ['vision_model.embeddings.position_embedding.weight', [tokens, vision.hidden]],
    ...normShapes('vision_model.pre_layrnorm', vision.hidden),
    ...towerShapes('vision_model', vision),
    ...normShapes('vision_model.post_layernorm', vision.hidden),
    ['visual_projection.weight', [projection, vision.hidden]],
    ['text_projection.weight', [projection, text.hidden]],
  ];
}

function towerShapes(tower: string, { layers, hidden, intermediate }: ClipTower): Shapes {
  return Array.from({ length: layers }, (_, layer) => `${tower}.encoder.layers.${layer}`).flatMap((name) => [
    ...['k_proj', 'v_proj', 'q_proj', 'out_proj'].flatMap((part) =>
      linearShapes(`${name}.self_attn.${part}`, hidden, hidden),
    ),
    ...normShapes(`${name}.layer_norm1`, hidden),
    ...linearShapes(`${name}.mlp.fc1`, hidden, intermediate),
    ...linearShapes(`${name}.mlp.fc2`, intermediate, hidden),
    ...normShapes(`${name}.layer_norm2`, hidden),
  ]);
}

/** A SwinV2 as timm 0.6.13 saves it, without the classifier; the shift mask of the first stage tells window and image size. */
export function swinShapes({
  patchSize,
  channels,
  depths,
  heads,
  window,
  imageSize,
  mlpRatio,
}: SwinV2Config): Shapes {
  const windows = (imageSize / patchSize / window) ** 2;
  const last = channels * 2 ** (depths.length - 1);
  return [
    ['patch_embed.proj.weight', [channels, 3, patchSize, patchSize]],
    ['patch_embed.proj.bias', [channels]],
    ...normShapes('patch_embed.norm', channels),
    ['layers.0.blocks.1.attn_mask', [windows, window ** 2, window ** 2]],
    ...depths.flatMap((depth, stage): Shapes => {
      const width = channels * 2 ** stage;
      const blocks = Array.from({ length: depth }, (_, at) =>
        swinBlockShapes(`layers.${stage}.blocks.${at}`, { width, heads: heads[stage]!, mlpRatio }),
      ).flat();
      if (stage === depths.length - 1) return blocks;
      const merging = `layers.${stage}.downsample`;
      return [
        ...blocks,
        [`${merging}.reduction.weight`, [2 * width, 4 * width]],
        ...normShapes(`${merging}.norm`, 2 * width),
      ];
    }),
    ...normShapes('norm', last),
  ];
}

function swinBlockShapes(
  name: string,
  { width, heads, mlpRatio }: { width: number; heads: number; mlpRatio: number },
): Shapes {
  return [
    [`${name}.attn.logit_scale`, [heads, 1, 1]],
    [`${name}.attn.q_bias`, [width]],
    [`${name}.attn.v_bias`, [width]],
    ...linearShapes(`${name}.attn.cpb_mlp.0`, 2, 512),
    [`${name}.attn.cpb_mlp.2.weight`, [heads, 512]],
    [`${name}.attn.qkv.weight`, [3 * width, width]],
    ...linearShapes(`${name}.attn.proj`, width, width),
    ...normShapes(`${name}.norm1`, width),
    ...linearShapes(`${name}.mlp.fc1`, width, mlpRatio * width),
    ...linearShapes(`${name}.mlp.fc2`, mlpRatio * width, width),
    ...normShapes(`${name}.norm2`, width),
  ];
}

/** One trained set of SF-IQA (`Net.py`'s state_dict, without constant buffers). */
export function sfIqaShapes(swin: SwinV2Config, clip: ClipConfig): Shapes {
  return [
    ...qualityShapes({ ...sfIqaQuality, backbone: swin }),
    ...prefixed('pickmodel.', clipShapes(clip)),
    ...linearShapes('ScoreModel.fc1', 2, 10),
    ...linearShapes('ScoreModel.fc2', 10, 10),
    ...linearShapes('ScoreModel.fc3', 10, 1),
  ];
}

/** SF-IQA's quality branch alone. */
export function qualityShapes({ backbone, encoder }: QualityBranchConfig): Shapes {
  const { channels: first, depths } = backbone;
  const last = first * 2 ** (depths.length - 1);
  // Levels after their patch merging: twice the channels each, but for the last.
  const channels = depths.reduce((sum, _, at) => sum + Math.min(last, first * 2 ** (at + 1)), 0);
  return [
    ...prefixed('model.', swinShapes(backbone)),
    ...Array.from({ length: encoder.layers }, (_, at) =>
      encoderShapes(`transformer.encoder.layers.${at}`, channels, encoder.feedForward),
    ).flat(),
    ...linearShapes('fc2', channels, last),
    ...linearShapes('fc', 2 * last, 1),
  ];
}

function encoderShapes(name: string, channels: number, feedForward: number): Shapes {
  return [
    [`${name}.self_attn.in_proj_weight`, [3 * channels, channels]],
    [`${name}.self_attn.in_proj_bias`, [3 * channels]],
    ...linearShapes(`${name}.self_attn.out_proj`, channels, channels),
    ...linearShapes(`${name}.linear1`, channels, feedForward),
    ...linearShapes(`${name}.linear2`, feedForward, channels),
    ...normShapes(`${name}.norm1`, channels),
    ...normShapes(`${name}.norm2`, channels),
  ];
}

export function prefixed(prefix: string, shapes: Shapes): Shapes {
  return shapes.map(([name, shape]) => [prefix + name, shape]);
}

function linearShapes(name: string, inputs: number, outputs: number): Shapes {
  return [
    [`${name}.weight`, [outputs, inputs]],
    [`${name}.bias`, [outputs]],
  ];
}

function normShapes(name: string, channels: number): Shapes {
  return [
    [`${name}.weight`, [channels]],
    [`${name}.bias`, [channels]],
  ];
}

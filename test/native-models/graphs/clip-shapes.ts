/** The tensors of a CLIP, by the names and shapes that transformers writes. */
import type { ClipConfig, ClipTower } from '../../../native-models/graphs/clip-config.ts';

export function listClipTensors(config: ClipConfig): [name: string, shape: number[]][] {
  const { projection, vision, text } = config;
  const tokens = (vision.imageSize / vision.patchSize) ** 2 + 1;
  return [
    ['logit_scale', []],
    ['text_model.embeddings.token_embedding.weight', [text.vocabulary, text.hidden]],
    ['text_model.embeddings.position_embedding.weight', [text.positions, text.hidden]],
    ...listLayers('text_model', text),
    ...listNorm('text_model.final_layer_norm', text.hidden),
    ['vision_model.embeddings.class_embedding', [vision.hidden]],
    [
      'vision_model.embeddings.patch_embedding.weight',
      [vision.hidden, 3, vision.patchSize, vision.patchSize],
    ],
    ['vision_model.embeddings.position_embedding.weight', [tokens, vision.hidden]],
    ...listNorm('vision_model.pre_layrnorm', vision.hidden),
    ...listLayers('vision_model', vision),
    ...listNorm('vision_model.post_layernorm', vision.hidden),
    ['visual_projection.weight', [projection, vision.hidden]],
    ['text_projection.weight', [projection, text.hidden]],
  ];
}

function listLayers(
  name: string,
  { layers, hidden, intermediate }: ClipTower,
): [name: string, shape: number[]][] {
  return Array.from({ length: layers }, (_, at) => {
    const layer = `${name}.encoder.layers.${at}`;
    return [
      ...['k', 'v', 'q', 'out'].flatMap((part) =>
        listLinear(`${layer}.self_attn.${part}_proj`, hidden, hidden),
      ),
      ...listNorm(`${layer}.layer_norm1`, hidden),
      ...listLinear(`${layer}.mlp.fc1`, hidden, intermediate),
      ...listLinear(`${layer}.mlp.fc2`, intermediate, hidden),
      ...listNorm(`${layer}.layer_norm2`, hidden),
    ];
  }).flat();
}

function listLinear(name: string, inputs: number, outputs: number): [name: string, shape: number[]][] {
  return [
    [`${name}.weight`, [outputs, inputs]],
    [`${name}.bias`, [outputs]],
  ];
}

function listNorm(name: string, channels: number): [name: string, shape: number[]][] {
  return [
    [`${name}.weight`, [channels]],
    [`${name}.bias`, [channels]],
  ];
}

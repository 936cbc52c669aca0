/** CLIP once more, token by token in float64, every token through every layer: what the graphs are compared with. */
import type { ClipConfig, ClipTower } from '../../../native-models/graphs/clip-config.ts';
import { add, dot, erf, layerNorm, linear, softmax, type Weights } from './swin-reference.ts';

type Vector = number[];

/** The embedding of one image [3, size, size], of length 1. */
export function referenceImage(
  pixels: ArrayLike<number>,
  weights: Weights,
  { vision }: ClipConfig,
): Float32Array {
  const { imageSize, patchSize, hidden } = vision;
  const name = 'vision_model.embeddings';
  const side = imageSize / patchSize;
  const patches = Array.from({ length: side * side }, (_, at) => {
    const [top, left] = [Math.floor(at / side) * patchSize, (at % side) * patchSize];
    const patch = Array.from({ length: 3 * patchSize ** 2 }, (_, index) => {
      const [channel, inside] = [Math.floor(index / patchSize ** 2), index % patchSize ** 2];
      const row = top + Math.floor(inside / patchSize);
      return pixels[(channel * imageSize + row) * imageSize + left + (inside % patchSize)]!;
    });
    return linear(patch, weights(`${name}.patch_embedding.weight`), null);
  });
  const places = weights(`${name}.position_embedding.weight`);
  const tokens = [Array.from(weights(`${name}.class_embedding`)), ...patches].map((token, at) =>
    layerNorm(
      add(token, places.subarray(at * hidden, (at + 1) * hidden)),
      weights,
      'vision_model.pre_layrnorm',
    ),
  );
  const [pooled] = encode(tokens, weights, 'vision_model', { tower: vision, isCausal: false });
  const normed = layerNorm(pooled!, weights, 'vision_model.post_layernorm');
  return normalise(linear(normed, weights('visual_projection.weight'), null));
}

/** The embedding of one prompt whose token at `position` is pooled, of length 1. */
export function referenceText(
  ids: readonly number[],
  position: number,
  weights: Weights,
  { text }: ClipConfig,
): Float32Array {
  const [words, places] = ['token', 'position'].map((table) =>
    weights(`text_model.embeddings.${table}_embedding.weight`),
  );
  function row(table: Float32Array, at: number): Float32Array {
    return table.subarray(at * text.hidden, (at + 1) * text.hidden);
  }
  const tokens = ids.map((id, at) => add(Array.from(row(words!, id)), row(places!, at)));
  const encoded = encode(tokens, weights, 'text_model', { tower: text, isCausal: true });
  const normed = layerNorm(encoded[position]!, weights, 'text_model.final_layer_norm');
  return normalise(linear(normed, weights('text_projection.weight'), null));
}

function normalise(x: Vector): Float32Array {
  const length = Math.hypot(...x);
  return Float32Array.from(x, (value) => value / length);
}

function encode(
  tokens: Vector[],
  weights: Weights,
  name: string,
  { tower, isCausal }: { tower: ClipTower; isCausal: boolean },
): Vector[] {
  function project(x: Vector, path: string): Vector {
    return linear(x, weights(`${path}.weight`), weights(`${path}.bias`));
  }
  let encoded = tokens;
  for (let at = 0; at < tower.layers; at += 1) {
    const layer = `${name}.encoder.layers.${at}`;
    const normed = encoded.map((token) => layerNorm(token, weights, `${layer}.layer_norm1`));
    const [q, k, v] = ['q_proj', 'k_proj', 'v_proj'].map((part) =>
      normed.map((token) => project(token, `${layer}.self_attn.${part}`)),
    ) as [Vector[], Vector[], Vector[]];
    encoded = encoded.map((token, query) => {
      const seen = isCausal ? query + 1 : k.length;
      const mixed = attend(q[query]!, k.slice(0, seen), v.slice(0, seen), tower.heads);
      const attended = add(token, project(mixed, `${layer}.self_attn.out_proj`));
      const wide = project(layerNorm(attended, weights, `${layer}.layer_norm2`), `${layer}.mlp.fc1`);
      const active = wide.map((value) =>
        tower.activation === 'gelu'
          ? (value / 2) * (1 + erf(value / Math.SQRT2))
          : value / (1 + Math.exp(-1.702 * value)),
      );
      return add(attended, project(active, `${layer}.mlp.fc2`));
    });
  }
  return encoded;
}

function attend(q: Vector, keys: Vector[], values: Vector[], heads: number): Vector {
  const each = q.length / heads;
  return Array.from({ length: heads }, (_, head) => {
    function part(x: Vector): Vector {
      return x.slice(head * each, (head + 1) * each);
    }
    const shares = softmax(keys.map((key) => dot(part(q), part(key)) / Math.sqrt(each)));
    return Array.from({ length: each }, (_, at) =>
      values.reduce((sum, value, other) => sum + shares[other]! * value[head * each + at]!, 0),
    );
  }).flat();
}

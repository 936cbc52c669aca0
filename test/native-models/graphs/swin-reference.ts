/** SwinV2 and SF-IQA's quality branch once more, token by token in float64 and as slow as that is: what the graphs are compared with. */
import type { QualityBranchConfig } from '../../../native-models/graphs/quality-branch.ts';
import type { SwinV2Config } from '../../../native-models/graphs/swin-v2.ts';

/** A checkpoint's tensors by name. */
export type Weights = (name: string) => Float32Array;
type Vector = number[];
/** One vector a token, row by row of the grid. */
type Grid = Vector[];

export function linear(x: Vector, weight: ArrayLike<number>, bias: ArrayLike<number> | null): Vector {
  const outputs = weight.length / x.length;
  return Array.from({ length: outputs }, (_, row) => {
    let sum = bias === null ? 0 : bias[row]!;
    for (let at = 0; at < x.length; at += 1) sum += weight[row * x.length + at]! * x[at]!;
    return sum;
  });
}

export function layerNorm(x: Vector, weights: Weights, name: string): Vector {
  const [scale, shift] = [weights(`${name}.weight`), weights(`${name}.bias`)];
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  return x.map((value, at) => ((value - mean) / Math.sqrt(variance + 1e-5)) * scale[at]! + shift[at]!);
}

export function add(a: Vector, b: ArrayLike<number>): Vector {
  return a.map((value, at) => value + b[at]!);
}

export function dot(a: Vector, b: Vector): number {
  return a.reduce((sum, value, at) => sum + value * b[at]!, 0);
}

export function softmax(x: Vector): Vector {
  const most = Math.max(...x);
  const powers = x.map((value) => Math.exp(value - most));
  const sum = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / sum);
}

/** The error function by its series, and by its continued fraction where that is quicker. */
export function erf(x: number): number {
  if (x < 0) return -erf(-x);
  if (x > 3) {
    let fraction = 0;
    for (let k = 60; k > 0; k -= 1) fraction = k / 2 / (x + fraction);
    return 1 - Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction));
  }
  let [term, sum] = [x, x];
  for (let k = 1; k < 80; k += 1) {
    term *= -(x * x) / k;
    sum += term / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function attentionBias(
  weights: Weights,
  name: string,
  window: number,
): (down: number, right: number) => Vector {
  function logSpaced(offset: number): number {
    const v = (offset / Math.max(window - 1, 1)) * 8;
    return (Math.sign(v) * Math.log2(Math.abs(v) + 1)) / 3;
  }
  const known = new Map<string, Vector>();
  return (down, right) => {
    const key = `${down} ${right}`;
    const bias =
      known.get(key) ??
      linear(
        linear(
          [logSpaced(down), logSpaced(right)],
          weights(`${name}.cpb_mlp.0.weight`),
          weights(`${name}.cpb_mlp.0.bias`),
        ).map((value) => Math.max(value, 0)),
        weights(`${name}.cpb_mlp.2.weight`),
        null,
      ).map((value) => 16 / (1 + Math.exp(-value)));
    known.set(key, bias);
    return bias;
  };
}

interface Place {
  window: string;
  region: string;
  row: number;
  column: number;
}

/** Where a token stands once the grid is rolled: in which window, and from which region of the unrolled grid. */
function placeToken(at: number, side: number, window: number, shift: number): Place {
  const [row, column] = [Math.floor(at / side), at % side].map((old) => (old - shift + side) % side) as [
    number,
    number,
  ];
  function region(rolled: number): number {
    return shift > 0 && rolled >= side - shift ? 1 : 0;
  }
  return {
    window: `${Math.floor(row / window)} ${Math.floor(column / window)}`,
    region: `${region(row)} ${region(column)}`,
    row,
    column,
  };
}

function swinAttention(
  grid: Grid,
  weights: Weights,
  name: string,
  { side, window, shift, heads }: { side: number; window: number; shift: number; heads: number },
): Grid {
  const channels = grid[0]!.length;
  const each = channels / heads;
  const zeros = new Array<number>(channels).fill(0);
  const bias = [...weights(`${name}.q_bias`), ...zeros, ...weights(`${name}.v_bias`)];
  const rows = grid.map((x) => linear(x, weights(`${name}.qkv.weight`), bias));
  const scales = weights(`${name}.logit_scale`);
  const biasOf = attentionBias(weights, name, window);
  const places = grid.map((_, at) => placeToken(at, side, window, shift));
  const byWindow = Map.groupBy(places.keys(), (at) => places[at]!.window);
  return grid.map((_, query) => {
    const here = places[query]!;
    const others = byWindow.get(here.window)!;
    const mixed = Array.from({ length: heads }, (_, head) => {
      function part(token: number, which: number): Vector {
        const start = which * channels + head * each;
        return rows[token]!.slice(start, start + each);
      }
      const q = part(query, 0);
      const scale = Math.exp(Math.min(scales[head]!, Math.log(100)));
      const logits = others.map((other) => {
        const there = places[other]!;
        const k = part(other, 1);
        const cosine = dot(q, k) / Math.sqrt(dot(q, q) * dot(k, k));
        const offset = biasOf(here.row - there.row, here.column - there.column)[head]!;
        return scale * cosine + offset + (here.region === there.region ? 0 : -100);
      });
      const shares = softmax(logits);
      const values = others.map((other) => part(other, 2));
      return Array.from({ length: each }, (_, at) =>
        values.reduce((sum, value, other) => sum + shares[other]! * value[at]!, 0),
      );
    });
    return linear(mixed.flat(), weights(`${name}.proj.weight`), weights(`${name}.proj.bias`));
  });
}

function swinBlock(
  grid: Grid,
  weights: Weights,
  name: string,
  shape: Parameters<typeof swinAttention>[3],
): Grid {
  const attended = swinAttention(grid, weights, `${name}.attn`, shape);
  return grid.map((token, at) => {
    const x = add(token, layerNorm(attended[at]!, weights, `${name}.norm1`));
    const wide = linear(x, weights(`${name}.mlp.fc1.weight`), weights(`${name}.mlp.fc1.bias`)).map(
      (value) => (value / 2) * (1 + erf(value / Math.SQRT2)),
    );
    const narrow = linear(wide, weights(`${name}.mlp.fc2.weight`), weights(`${name}.mlp.fc2.bias`));
    return add(x, layerNorm(narrow, weights, `${name}.norm2`));
  });
}

/** The outputs of all stages for one image [3, size, size]; `show` is given what lies between. */
export function referenceSwinV2(
  pixels: ArrayLike<number>,
  weights: Weights,
  config: SwinV2Config,
  { name = '', show = (_name: string, _grid: Grid): void => {} } = {},
): Grid[] {
  const { imageSize, patchSize, depths } = config;
  let side = imageSize / patchSize;
  let grid = Array.from({ length: side * side }, (_, at) => {
    const [top, left] = [Math.floor(at / side) * patchSize, (at % side) * patchSize];
    const patch = Array.from({ length: 3 * patchSize ** 2 }, (_, index) => {
      const [channel, inside] = [Math.floor(index / patchSize ** 2), index % patchSize ** 2];
      const row = top + Math.floor(inside / patchSize);
      return pixels[(channel * imageSize + row) * imageSize + left + (inside % patchSize)]!;
    });
    const proj = `${name}patch_embed.proj`;
    return layerNorm(
      linear(patch, weights(`${proj}.weight`), weights(`${proj}.bias`)),
      weights,
      `${name}patch_embed.norm`,
    );
  });
  return depths.map((depth, stage) => {
    const window = Math.min(config.window, side);
    for (let block = 0; block < depth; block += 1) {
      const path = `layers.${stage}.blocks.${block}`;
      const shift = block % 2 === 1 && side > window ? window / 2 : 0;
      grid = swinBlock(grid, weights, name + path, { side, window, shift, heads: config.heads[stage]! });
      show(path, grid);
    }
    if (stage < depths.length - 1) {
      grid = mergePatches(grid, weights, `${name}layers.${stage}.downsample`, side);
      side /= 2;
    }
    show(`layers.${stage}`, grid);
    return grid;
  });
}

function mergePatches(grid: Grid, weights: Weights, name: string, side: number): Grid {
  const half = side / 2;
  return Array.from({ length: half * half }, (_, at) => {
    const first = Math.floor(at / half) * 2 * side + (at % half) * 2;
    const joined = [first, first + side, first + 1, first + side + 1].flatMap((token) => grid[token]!);
    return layerNorm(linear(joined, weights(`${name}.reduction.weight`), null), weights, `${name}.norm`);
  });
}

/** Q and the 1536-d feature (as long as the config has it) of one image. */
export function referenceQuality(
  pixels: ArrayLike<number>,
  weights: Weights,
  { backbone, encoder }: QualityBranchConfig,
): { q: number; feature: Vector } {
  const levels = referenceSwinV2(pixels, weights, backbone, { name: 'model.' });
  const last = levels.at(-1)!;
  const side = Math.sqrt(last.length);
  const maps = levels.flatMap((level) => poolLevel(level, side));
  let tokens = last.map((_, cell) => maps.map((map) => map[cell]!));
  for (let layer = 0; layer < encoder.layers; layer += 1) {
    tokens = encoderLayer(tokens, weights, `transformer.encoder.layers.${layer}`, encoder.heads);
  }
  const mean = tokens[0]!.map((_, at) => tokens.reduce((sum, token) => sum + token[at]!, 0) / tokens.length);
  const memory = last.flat();
  const local = Array.from({ length: last[0]!.length }, (_, channel) => {
    const run = memory.slice(channel * last.length, (channel + 1) * last.length);
    return run.reduce((sum, value) => sum + value, 0) / run.length;
  });
  const feature = [...linear(mean, weights('fc2.weight'), weights('fc2.bias')), ...local];
  return { q: linear(feature, weights('fc.weight'), weights('fc.bias'))[0]!, feature };
}

/** L2 pooling of the tokens' memory read as [channels, side, side], then means on the grid of side `to`. */
function poolLevel(level: Grid, to: number): Vector[] {
  const side = Math.sqrt(level.length);
  const cells = side * side;
  const memory = level.flat();
  const channels = memory.length / cells;
  const norms = Array.from({ length: cells }, (_, cell) =>
    Math.hypot(...Array.from({ length: channels }, (_, channel) => memory[channel * cells + cell]!)),
  );
  return Array.from({ length: channels }, (_, channel) => {
    function energy(row: number, column: number): number {
      if (row < 0 || column < 0 || row >= side || column >= side) return 0;
      const cell = row * side + column;
      return (memory[channel * cells + cell]! / norms[cell]!) ** 2;
    }
    function pooled(row: number, column: number): number {
      let sum = 0;
      for (const down of [-1, 0, 1]) {
        for (const right of [-1, 0, 1]) {
          sum += ((2 - Math.abs(down)) * (2 - Math.abs(right)) * energy(row + down, column + right)) / 16;
        }
      }
      return Math.sqrt(sum + 1e-12);
    }
    const factor = side / to;
    return Array.from({ length: to * to }, (_, at) => {
      const [top, left] = [Math.floor(at / to) * factor, (at % to) * factor];
      const inside = Array.from({ length: factor ** 2 }, (_, index) =>
        pooled(top + Math.floor(index / factor), left + (index % factor)),
      );
      return inside.reduce((sum, value) => sum + value, 0) / inside.length;
    });
  });
}

function encoderLayer(tokens: Grid, weights: Weights, name: string, heads: number): Grid {
  const channels = tokens[0]!.length;
  const each = channels / heads;
  const attention = `${name}.self_attn`;
  const projection = weights(`${attention}.in_proj_weight`);
  const bias = weights(`${attention}.in_proj_bias`);
  function project(x: Vector, which: number): Vector {
    const rows = projection.subarray(which * channels * channels, (which + 1) * channels * channels);
    return linear(x, rows, bias.subarray(which * channels, (which + 1) * channels));
  }
  const side = Math.sqrt(tokens.length);
  const placed = tokens.map((token, cell) => add(token, sinePosition(cell, side, channels)));
  const [q, k] = [0, 1].map((which) => placed.map((token) => project(token, which)));
  const v = tokens.map((token) => project(token, 2));
  return tokens.map((_, query) => {
    const mixed = Array.from({ length: heads }, (_, head) => {
      function part(x: Vector): Vector {
        return x.slice(head * each, (head + 1) * each);
      }
      const shares = softmax(k!.map((key) => dot(part(q![query]!), part(key)) / Math.sqrt(each)));
      return Array.from({ length: each }, (_, at) =>
        v.reduce((sum, value, other) => sum + shares[other]! * value[head * each + at]!, 0),
      );
    });
    const out = linear(
      mixed.flat(),
      weights(`${attention}.out_proj.weight`),
      weights(`${attention}.out_proj.bias`),
    );
    const x = layerNorm(out, weights, `${name}.norm1`);
    const wide = linear(x, weights(`${name}.linear1.weight`), weights(`${name}.linear1.bias`));
    const narrow = linear(
      wide.map((value) => Math.max(value, 0)),
      weights(`${name}.linear2.weight`),
      weights(`${name}.linear2.bias`),
    );
    return layerNorm(add(x, narrow), weights, `${name}.norm2`);
  });
}

function sinePosition(cell: number, side: number, channels: number): Vector {
  return [Math.floor(cell / side), cell % side].flatMap((place) =>
    Array.from({ length: channels / 2 }, (_, at) => {
      const angle = ((place + 1) / (side + 1e-6)) * 2 * Math.PI;
      const phase = angle / 10_000 ** ((2 * Math.floor(at / 2)) / (channels / 2));
      return at % 2 === 0 ? Math.sin(phase) : Math.cos(phase);
    }),
  );
}

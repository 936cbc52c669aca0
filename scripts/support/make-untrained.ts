/** Makes weights by a formula and packs of them, tiny or at true size: for tests and benchmarks, whose numbers are no scores. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Precision } from '../../contract/pack.ts';
import { formulaChunks } from '../../native-models/checkpoints/formula.ts';
import { type TensorSource, writeSafetensors } from '../../native-models/checkpoints/write-safetensors.ts';
import type { ClipConfig } from '../../native-models/graphs/clip-config.ts';
import { type SwinV2Config, swinV2Tiny } from '../../native-models/graphs/swin-v2.ts';
import type { BuiltPack } from '../../native-models/messages.ts';
import { buildPack, untrainedMark } from '../../native-models/packs/build-pack.ts';
import { byteTokeniser } from './byte-tokeniser.ts';
import { clipShapes, prefixed, type Shapes, sfIqaShapes } from './untrained-shapes.ts';

/** CLIP ViT-H/14 as PickScore has it. */
export const clipHuge: ClipConfig = {
  projection: 1024,
  vision: {
    hidden: 1280,
    intermediate: 5120,
    layers: 32,
    heads: 16,
    activation: 'gelu',
    imageSize: 224,
    patchSize: 14,
  },
  text: {
    hidden: 1024,
    intermediate: 4096,
    layers: 24,
    heads: 16,
    activation: 'gelu',
    vocabulary: 49_408,
    positions: 77,
    eosTokenId: 2,
  },
};

/** As small as the shapes allow; heads of 64 channels, as shapes tell them where no `config.json` does. */
export const clipTiny: ClipConfig = {
  projection: 32,
  vision: {
    hidden: 64,
    intermediate: 128,
    layers: 2,
    heads: 1,
    activation: 'gelu',
    imageSize: 28,
    patchSize: 14,
  },
  text: {
    hidden: 64,
    intermediate: 128,
    layers: 2,
    heads: 1,
    activation: 'gelu',
    vocabulary: 514,
    positions: 77,
    eosTokenId: 2,
  },
};

/** SAMA's 256 pixels, little else. */
export const swinMinute: SwinV2Config = {
  imageSize: 256,
  patchSize: 8,
  channels: 16,
  depths: [2, 1, 1, 1],
  heads: [1, 2, 4, 8],
  window: 8,
  mlpRatio: 2,
};

export type UntrainedKind = 'sfiqa' | 'pickscore' | 'tiny' | 'tinyClip';

export interface UntrainedOptions {
  /** The trained sets of the dictionary. */
  sets?: readonly string[];
  /** Tensors to leave out, to prove what is said of them. */
  isLeftOut?: (name: string) => boolean;
}

/**
 * Writes weights to a new folder: `weights.safetensors` for SF-IQA (a dictionary of sets), `model.safetensors` with `config.json` for a CLIP, and a
 * tokeniser that knows single bytes. `base` has the goldens' numbers; in other sets the heads differ, as in the goldens.
 *
 * @returns the path of the weights
 */
export async function writeUntrained(
  kind: UntrainedKind,
  folder: string,
  { sets = ['base'], isLeftOut = () => false }: UntrainedOptions = {},
): Promise<string> {
  const clip = kind === 'sfiqa' || kind === 'pickscore' ? clipHuge : clipTiny;
  const isClip = kind === 'pickscore' || kind === 'tinyClip';
  const swin = kind === 'sfiqa' ? swinV2Tiny : swinMinute;
  await mkdir(folder, { recursive: true });
  const path = join(folder, isClip ? 'model.safetensors' : 'weights.safetensors');
  const tensors = isClip
    ? sourcesOf(clipShapes(clip), (name) => `pickmodel.${name}`)
    : sets.flatMap((set) =>
        sourcesOf(prefixed(`${set}.`, sfIqaShapes(swin, clip)), (name) => formulaName(set, name)),
      );
  await writeSafetensors(
    path,
    tensors.filter(({ name }) => !isLeftOut(name)),
    { format: 'pt', [untrainedMark]: 'by formula' },
  );
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(byteTokeniser(clip.text.vocabulary)));
  if (isClip) await writeFile(join(folder, 'config.json'), JSON.stringify(describeClip(clip)));
  return path;
}

/** Weights and a pack of them, in `<folder>/weights` and `<folder>/<id>`. */
export async function makeUntrained(
  kind: UntrainedKind,
  folder: string,
  { precision = 'float32', ...options }: UntrainedOptions & { precision?: Precision } = {},
): Promise<BuiltPack & { weights: string; packFolder: string }> {
  const weights = await writeUntrained(kind, join(folder, 'weights'), options);
  const isClip = kind === 'pickscore' || kind === 'tinyClip';
  const id = `untrained-${kind.toLowerCase()}`;
  const packFolder = join(folder, id);
  const order = { ...(isClip ? { clip: weights } : { sfiqa: weights }), precision };
  const built = await buildPack({ kind: 'buildPack', order, id, title: `Untrained ${kind}`, to: packFolder });
  return { ...built, weights, packFolder };
}

/** In the goldens' sets but `base`, heads are made of names of their own. */
function formulaName(set: string, fullName: string): string {
  const name = fullName.slice(set.length + 1);
  const isOwn = set !== 'base' && /^(fc|fc2|ScoreModel)\./.test(name);
  return isOwn ? `${set}/${name}` : name;
}

function sourcesOf(shapes: Shapes, formulaNameOf: (name: string) => string): TensorSource[] {
  return shapes.map(([name, shape]) => ({
    name,
    dtype: 'float32',
    shape,
    chunks: () =>
      name.endsWith('attn_mask')
        ? [new Float32Array(shape.reduce((product, size) => product * size, 1))]
        : formulaChunks(formulaNameOf(name), shape),
  }));
}

function describeClip({ projection, vision, text }: ClipConfig): unknown {
  const tower = ({
    hidden,
    intermediate,
    layers,
    heads,
    activation,
  }: ClipConfig['vision'] | ClipConfig['text']) => ({
    hidden_size: hidden,
    intermediate_size: intermediate,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    hidden_act: activation,
  });
  return {
    model_type: 'clip',
    projection_dim: projection,
    vision_config: { ...tower(vision), image_size: vision.imageSize, patch_size: vision.patchSize },
    text_config: {
      ...tower(text),
      vocab_size: text.vocabulary,
      max_position_embeddings: text.positions,
      eos_token_id: text.eosTokenId,
    },
  };
}

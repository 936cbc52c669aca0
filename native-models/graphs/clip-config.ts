/** The sizes of a CLIP: from its Hugging Face `config.json`, or from the shapes of its tensors where there is none. */
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { explainInvalid } from '../../contract/explain-invalid.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { type Activation, usualEpsilon } from './layers.ts';
import { shapeOf } from './tensor-shape.ts';

/** A stack of residual attention blocks. */
export interface ClipTower {
  hidden: number;
  /** Channels inside each block's feed-forward part. */
  intermediate: number;
  layers: number;
  heads: number;
  activation: Activation;
  /** Of all its layer norms, where it is not 1e-5. */
  epsilon?: number;
}

export interface ClipConfig {
  /** Channels of both embeddings. */
  projection: number;
  /** Images are `imageSize` pixels square, cut into patches of `patchSize` pixels square. */
  vision: ClipTower & { imageSize: number; patchSize: number };
  /** `eosTokenId` decides which token is pooled: see `pooledPosition`. */
  text: ClipTower & { vocabulary: number; positions: number; eosTokenId: number };
}

const size = z.int().positive();
const activation = z.enum(['gelu', 'quick_gelu']).default('quick_gelu');
const epsilon = z.number().positive().max(1).default(usualEpsilon);

/** What `CLIPVisionConfig`, `CLIPTextConfig` and `CLIPConfig` (transformers 4.38) take where a file leaves a field out. */
const visionSchema = z.object({
  hidden_size: size.default(768),
  intermediate_size: size.default(3072),
  num_hidden_layers: size.default(12),
  num_attention_heads: size.default(12),
  image_size: size.default(224),
  patch_size: size.default(32),
  hidden_act: activation,
  layer_norm_eps: epsilon,
});
const textSchema = z.object({
  hidden_size: size.default(512),
  intermediate_size: size.default(2048),
  num_hidden_layers: size.default(12),
  num_attention_heads: size.default(8),
  vocab_size: size.default(49408),
  max_position_embeddings: size.default(77),
  eos_token_id: z.int().nonnegative().default(49407),
  hidden_act: activation,
  layer_norm_eps: epsilon,
});
const configSchema = z.object({
  model_type: z.literal('clip').default('clip'),
  projection_dim: size.default(512),
  // Older files state a tower a second time; where that is not null, it is what counts.
  vision_config: visionSchema.nullish(),
  vision_config_dict: visionSchema.nullish(),
  text_config: textSchema.nullish(),
  text_config_dict: textSchema.nullish(),
});

/**
 * The sizes that a `config.json` states; CLIP's own where it leaves them out.
 *
 * @param json the parsed file
 * @param path where it lies, for messages
 * @throws StudioError `unsupported` where it states something else than a CLIP that the graphs can express
 */
export function parseClipConfig(json: unknown, path: string): ClipConfig {
  const parsed = configSchema.safeParse(json);
  if (!parsed.success) {
    throw new StudioError(
      'unsupported',
      `${path} is not the config.json of a CLIP that the studio knows: ${explainInvalid(parsed.error)}`,
      { path },
      { cause: parsed.error },
    );
  }
  const { data } = parsed;
  const vision = data.vision_config_dict ?? data.vision_config ?? visionSchema.parse({});
  const text = data.text_config_dict ?? data.text_config ?? textSchema.parse({});
  return checkHeads(
    {
      projection: data.projection_dim,
      vision: { ...readTower(vision), imageSize: vision.image_size, patchSize: vision.patch_size },
      text: {
        ...readTower(text),
        vocabulary: text.vocab_size,
        positions: text.max_position_embeddings,
        eosTokenId: text.eos_token_id,
      },
    },
    path,
  );
}

function readTower(tower: z.infer<typeof visionSchema> | z.infer<typeof textSchema>): ClipTower {
  return {
    hidden: tower.hidden_size,
    intermediate: tower.intermediate_size,
    layers: tower.num_hidden_layers,
    heads: tower.num_attention_heads,
    activation: tower.hidden_act,
    // Left out where it is the usual one, so that graphs of one architecture are known to be equal.
    ...(tower.layer_norm_eps === usualEpsilon ? {} : { epsilon: tower.layer_norm_eps }),
  };
}

/** What shapes do not tell, from a file beside the weights. Pooling is at the first largest id, as in PickScore and open_clip. */
export interface ClipHints {
  activation?: Activation;
  visionHeads?: number | undefined;
  textHeads?: number | undefined;
}

const OpenClipTower = z.object({
  width: size.optional(),
  head_width: size.optional(),
  heads: size.optional(),
});
const openClipSchema = z.object({
  model_cfg: z.object({
    quick_gelu: z.boolean().default(false),
    vision_cfg: OpenClipTower,
    text_cfg: OpenClipTower,
  }),
});

/**
 * What open_clip's `open_clip_config.json` says beyond the shapes; open_clip's own defaults (exact GELU, heads of 64 channels, 8 heads of
 * text) where it leaves them out.
 *
 * @throws StudioError `unsupported` where it is no such file
 */
export function parseOpenClipConfig(json: unknown, path: string): ClipHints {
  const parsed = openClipSchema.safeParse(json);
  if (!parsed.success) {
    throw new StudioError(
      'unsupported',
      `${path} is not a configuration of open_clip that the studio knows: ${explainInvalid(parsed.error)}`,
      { path },
      { cause: parsed.error },
    );
  }
  const { quick_gelu: isQuick, vision_cfg: vision, text_cfg: text } = parsed.data.model_cfg;
  return {
    activation: isQuick ? 'quick_gelu' : 'gelu',
    visionHeads: vision.width && vision.width / (vision.head_width ?? 64),
    textHeads: text.heads ?? 8,
  };
}

/** More than any CLIP has. */
const mostLayers = 1000;

/**
 * The sizes that the tensors of a checkpoint without `config.json` have, as the authors' dictionary of SF-IQA.
 *
 * Shapes tell neither heads, activation nor pooling. Where no file does, those are PickScore's: exact `gelu`, pooling at the first
 * maximum of the ids, 16 heads in vision towers from ViT-H (1280 channels) on, 64 channels a head in all others.
 *
 * @param prefix what stands before the tensors' names, e.g. `base.pickmodel.`
 * @throws StudioError `checkpointInvalid` where tensors are missing or their shapes are not those of a CLIP
 */
export function inferClipConfig(checkpoint: Checkpoint, prefix: string, hints: ClipHints = {}): ClipConfig {
  const { activation: known = 'gelu', visionHeads, textHeads } = hints;
  const read = (tensor: string, rank: number) => shapeOf(checkpoint, 'CLIP', prefix + tensor, rank);
  function readLayers(tower: string): Pick<ClipTower, 'layers' | 'intermediate' | 'activation'> {
    const layersPrefix = `${prefix}${tower}.encoder.layers.`;
    const indices = [...checkpoint.tensors.keys()]
      .filter((name) => name.startsWith(layersPrefix))
      .map((name) => Number.parseInt(name.slice(layersPrefix.length), 10))
      .filter((index) => index < mostLayers);
    const [intermediate] = read(`${tower}.encoder.layers.0.mlp.fc1.weight`, 2);
    // By the highest number: a layer that is missing is then missed, and makes no smaller network.
    return { layers: Math.max(...indices) + 1, intermediate: intermediate!, activation: known };
  }
  const [hidden, , patchSize] = read('vision_model.embeddings.patch_embedding.weight', 4);
  const positionName = 'vision_model.embeddings.position_embedding.weight';
  const [tokens] = read(positionName, 2);
  const [vocabulary, textHidden] = read('text_model.embeddings.token_embedding.weight', 2);
  if (!Number.isInteger(Math.sqrt(tokens! - 1))) {
    throw new StudioError(
      'checkpointInvalid',
      `“${prefix}${positionName}” in ${checkpoint.path} has ${tokens} rows, which are not one more than a square of patches.`,
      { path: checkpoint.path, tensor: prefix + positionName },
    );
  }
  const [positions] = read('text_model.embeddings.position_embedding.weight', 2);
  const config: ClipConfig = {
    projection: read('visual_projection.weight', 2)[0]!,
    vision: {
      ...readLayers('vision_model'),
      hidden: hidden!,
      heads: visionHeads ?? (hidden! >= 1280 ? 16 : hidden! / 64),
      // One token is the class; the others are a square of patches.
      imageSize: Math.sqrt(tokens! - 1) * patchSize!,
      patchSize: patchSize!,
    },
    text: {
      ...readLayers('text_model'),
      hidden: textHidden!,
      heads: textHeads ?? textHidden! / 64,
      vocabulary: vocabulary!,
      positions: positions!,
      eosTokenId: 2,
    },
  };
  return checkHeads(config, checkpoint.path);
}

/** A tower's channels are shared out evenly among its heads, and patches fill the image. */
function checkHeads(config: ClipConfig, path: string): ClipConfig {
  const { vision, text } = config;
  const isWhole = [
    vision.heads,
    vision.hidden / vision.heads,
    vision.imageSize / vision.patchSize,
    text.heads,
    text.hidden / text.heads,
  ].every(Number.isInteger);
  if (isWhole) return config;
  throw new StudioError(
    'unsupported',
    `${path}: ${vision.hidden} channels for ${round(vision.heads)} heads and images of ${vision.imageSize} pixels in patches of ` +
      `${vision.patchSize}, ${text.hidden} channels for ${round(text.heads)} heads of text: this does not come out even. ` +
      'A config.json beside the weights states the sizes that shapes do not tell.',
    { path },
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The sizes of a SwinV2 from its tensors, and from its name where they do not tell. */
import { basename } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import type { SwinV2Config } from '../graphs/swin-v2.ts';
import { missingTensor, shapeOf } from '../graphs/tensor-shape.ts';

/** `swinv2_tiny_window16_256`, `swinv2_base_window12to16_192to256`: window and image size, with those of pre-training before “to”. */
const timmName = /swinv2_\w+?_window(?:(\d+)to)?(\d+)_(?:(\d+)to)?(\d+)/;

/** Numbers of more than three digits are nobody's stages. */
const blockName = /^layers\.(\d{1,3})\.blocks\.(\d{1,3})\./;

/**
 * Channels, depths, heads and MLP come from shapes; window and image size from the stored shift mask of the first stage, or from what timm
 * calls the model (in `name`, the metadata, or the file's own name).
 *
 * @param prefix what stands before `patch_embed…`: nothing in timm, `model.` in SF-IQA
 * @throws StudioError `checkpointInvalid` where tensors are missing, `unsupported` where nothing tells window and image size
 */
export function inferSwinV2Config(
  checkpoint: Checkpoint,
  prefix: string,
  name = basename(checkpoint.path),
): SwinV2Config {
  const { path } = checkpoint;
  const read = (tensor: string, rank: number) => shapeOf(checkpoint, 'SwinV2', prefix + tensor, rank);
  const [channels, , patchSize] = read('patch_embed.proj.weight', 4) as [number, number, number];
  const depths = countBlocks(checkpoint, prefix);
  const heads = depths.map((_, stage) => read(`layers.${stage}.blocks.0.attn.logit_scale`, 3)[0]!);
  const [hidden] = read('layers.0.blocks.0.mlp.fc1.weight', 2) as [number];
  const sizes = readMask(checkpoint, prefix, patchSize) ?? readName(name, depths.length);
  if (sizes === null) {
    throw new StudioError(
      'unsupported',
      `${path} does not say for which window and image size it was trained. Name the file as timm names the model, e.g. swinv2_tiny_window16_256.safetensors.`,
      { path },
    );
  }
  return { patchSize, channels, depths, heads, mlpRatio: hidden / channels, ...sizes };
}

/** By the highest numbers of any tensor: one that is missing is then missed, and makes no smaller network. */
function countBlocks({ tensors, path }: Checkpoint, prefix: string): number[] {
  const depths: number[] = [];
  for (const name of tensors.keys()) {
    if (!name.startsWith(prefix)) continue;
    const [, stage, block] = blockName.exec(name.slice(prefix.length)) ?? [];
    if (stage === undefined) continue;
    depths[Number(stage)] = Math.max(depths[Number(stage)] ?? 0, Number(block) + 1);
  }
  if (depths.length > 0) return Array.from(depths, (depth = 1) => depth);
  throw missingTensor(path, 'SwinV2', `${prefix}layers.0.blocks.0.norm1.weight`);
}

type Sizes = Pick<SwinV2Config, 'window' | 'imageSize' | 'pretrainedWindows'>;

/** The mask of the first shifted block: [windows, window², window²]. */
function readMask({ tensors }: Checkpoint, prefix: string, patchSize: number): Sizes | null {
  const shape = tensors.get(`${prefix}layers.0.blocks.1.attn_mask`)?.shape;
  if (shape?.length !== 3) return null;
  const window = Math.sqrt(shape[1]!);
  const imageSize = Math.sqrt(shape[0]!) * window * patchSize;
  return Number.isInteger(window) && Number.isInteger(imageSize) ? { window, imageSize } : null;
}

function readName(name: string, stages: number): Sizes | null {
  const found = timmName.exec(name);
  if (found === null) return null;
  const [, pretrained, window, , imageSize] = found;
  const sizes = { window: Number(window), imageSize: Number(imageSize) };
  if (pretrained === undefined) return sizes;
  // timm halves the last stage's: its grid was smaller than the window.
  const last = Number(pretrained) / 2;
  const pretrainedWindows = Array.from({ length: stages }, (_, at) =>
    at === stages - 1 ? last : Number(pretrained),
  );
  return { ...sizes, pretrainedWindows };
}

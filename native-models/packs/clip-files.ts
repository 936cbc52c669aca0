/** What lies beside a CLIP's weights: the sizes that shapes do not tell, and how its images are prepared; what is guessed is said. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { StudioError, systemCodeOf } from '../../contract/errors.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import {
  type ClipConfig,
  inferClipConfig,
  parseClipConfig,
  parseOpenClipConfig,
} from '../graphs/clip-config.ts';

/** Where a CLIP's weights lie, and how they are named. */
export interface ClipWeights {
  /** By the names of transformers. */
  checkpoint: Checkpoint;
  folder: string;
  isOpenClip: boolean;
}

/**
 * By `open_clip_config.json` or `config.json`, whichever belongs to the names that the weights have; else by the shapes, PickScore and
 * the file's name.
 *
 * @returns with notes on what was guessed
 * @throws StudioError `unsupported`, `unreadable`, `checkpointInvalid`
 */
export async function readClipConfig(weights: ClipWeights): Promise<{ config: ClipConfig; notes: string[] }> {
  const { checkpoint, folder, isOpenClip } = weights;
  const openClip = isOpenClip ? await readJson(join(folder, openClipFile)) : null;
  if (openClip !== null) {
    const hints = parseOpenClipConfig(openClip, join(folder, openClipFile));
    return { config: inferClipConfig(checkpoint, '', hints), notes: [] };
  }
  const json = await readJson(join(folder, 'config.json'));
  // Beside open_clip's weights there may be the config.json of something else.
  if (json !== null && (!isOpenClip || IsClip.safeParse(json).success)) {
    return { config: parseClipConfig(json, join(folder, 'config.json')), notes: [] };
  }
  return guessConfig(weights);
}

const openClipFile = 'open_clip_config.json';
const IsClip = z.object({ model_type: z.literal('clip') });

/** CLIPs that were trained with QuickGELU: OpenAI's own, and those that name it or come from groups that kept it. */
const quickGeluNames = /openai|quick-?gelu|metaclip|dfn/i;

function guessConfig({ checkpoint, folder, isOpenClip }: ClipWeights): {
  config: ClipConfig;
  notes: string[];
} {
  const isQuick = quickGeluNames.test(`${basename(folder)} ${basename(checkpoint.path)}`);
  const config = inferClipConfig(checkpoint, '', isQuick ? { activation: 'quick_gelu' } : {});
  const { vision, text } = config;
  const activation = isQuick
    ? 'QuickGELU, because of its name'
    : 'exact GELU, as PickScore and LAION’s have it';
  const files = isOpenClip ? `${openClipFile} or config.json` : 'config.json';
  return {
    config,
    notes: [
      `No ${files} lies beside ${checkpoint.path}, and shapes do not tell everything. Assumed: ${activation}` +
        ` (${isQuick ? 'others have exact GELU' : 'OpenAI’s own CLIPs, MetaCLIP and DFN have QuickGELU'}); ` +
        `${vision.heads} heads for images, ${text.heads} for text; the first largest token ends a prompt. ` +
        `If the model has it otherwise, S will be wrong: put its ${files} beside the weights and add it again.`,
    ],
  };
}

export interface PixelStatistics {
  mean: number[];
  std: number[];
}

const Size = z.union([
  z.number(),
  z.object({ shortest_edge: z.number() }),
  z.object({ height: z.number(), width: z.number() }),
]);
const Preprocessor = z.object({
  image_mean: z.array(z.number()).length(3),
  image_std: z.array(z.number().positive()).length(3),
  resample: z.int().nullish(),
  size: Size.nullish(),
  do_center_crop: z.boolean().nullish(),
});
const OpenClipPreprocess = z.object({
  preprocess_cfg: z.object({
    mean: z.array(z.number()).length(3),
    std: z.array(z.number().positive()).length(3),
    interpolation: z.string().default('bicubic'),
    resize_mode: z.string().default('shortest'),
  }),
});

/** PIL's number of its bicubic filter. */
const bicubic = 3;

/** Mean and deviation that a file beside the weights states; notes on what it asks for and is not done. */
export async function readPixels(
  { folder, isOpenClip }: ClipWeights,
  sizePx: number,
): Promise<{ pixels: PixelStatistics | null; notes: string[] }> {
  const openClip = OpenClipPreprocess.safeParse(
    isOpenClip ? await readJson(join(folder, openClipFile)) : null,
  );
  if (openClip.success) {
    const { mean, std, interpolation, resize_mode: mode } = openClip.data.preprocess_cfg;
    const isOther = interpolation !== 'bicubic' || mode !== 'shortest';
    return { pixels: { mean, std }, notes: isOther ? [noteOnPixels(openClipFile, sizePx)] : [] };
  }
  const { data } = Preprocessor.safeParse(await readJson(join(folder, 'preprocessor_config.json')));
  if (data === undefined) return { pixels: null, notes: [] };
  const { size, resample, do_center_crop: crops } = data;
  const shorter =
    typeof size === 'object' && size !== null && 'shortest_edge' in size ? size.shortest_edge : size;
  const isOther = (resample ?? bicubic) !== bicubic || crops === false || (shorter ?? sizePx) !== sizePx;
  return {
    pixels: { mean: data.image_mean, std: data.image_std },
    notes: isOther ? [noteOnPixels('preprocessor_config.json', sizePx)] : [],
  };
}

function noteOnPixels(file: string, sizePx: number): string {
  return `${file} prepares images in another way than CLIP does. Here the shorter side is resized to ${sizePx} pixels (bicubic) and the centre cut out, so S will differ from that program’s.`;
}

/** Null where there is no such file. @throws StudioError `unreadable` where it is no JSON */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'ENOENT') return null;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new StudioError('unreadable', `${path} cannot be read: ${reason}.`, { path }, { cause: thrown });
  }
}

/** What the files are that a pack is to be made of: told by their tensors' names, never by the file's. */
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { MemberName } from '../../contract/pack.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { openCheckpoint } from '../checkpoints/open-checkpoint.ts';
import type { ClipConfig } from '../graphs/clip-config.ts';
import type { SwinV2Config } from '../graphs/swin-v2.ts';
import { missingTensor } from '../graphs/tensor-shape.ts';
import { type PixelStatistics, readClipConfig, readJson, readPixels } from './clip-files.ts';
import { renameOpenClip } from './open-clip-names.ts';
import { inferSwinV2Config } from './swin-config.ts';
import { dropModuleWrappers, findPrefixes, stripDictionaries, unwrap } from './unwrap.ts';

/** One of the trained sets of SF-IQA's checkpoint, and what stands before its tensors' names. */
export interface TrainedSet {
  name: string;
  prefix: string;
}

export interface SfIqaPart {
  checkpoint: Checkpoint;
  sets: TrainedSet[];
}

export interface ClipPart {
  checkpoint: Checkpoint;
  config: ClipConfig;
  /** Mean and standard deviation of its pixels, where a file beside the weights states them. */
  pixels: PixelStatistics | null;
  title: string;
  what: string;
  /** What was guessed, and what will be done otherwise than a file beside the weights says. */
  notes: string[];
}

export interface BackbonePart {
  checkpoint: Checkpoint;
  config: SwinV2Config;
  title: string;
}

type Kind = 'sfiqaSets' | 'sfiqaSingle' | 'clip' | 'openClip' | 'swinV2' | 'other';

const whatItIs: Record<Kind, string> = {
  sfiqaSets: 'a dictionary of trained sets of SF-IQA',
  sfiqaSingle: 'one trained set of SF-IQA',
  clip: 'a CLIP in the form of transformers',
  openClip: 'a CLIP in the form of open_clip',
  swinV2: 'a SwinV2',
  other: 'another architecture',
};

/** A name that each architecture has and the others have not. */
const marks = {
  quality: 'model.patch_embed.proj.weight',
  clip: 'text_model.embeddings.token_embedding.weight',
  openClip: 'visual.conv1.weight',
  swinV2: 'patch_embed.proj.weight',
  cosine: 'layers.0.blocks.0.attn.cpb_mlp.0.weight',
};

/** Beside a backbone called `model` these make a trained set of SF-IQA; without them it is a SwinV2 in a dictionary. */
const setParts = ['ScoreModel.fc1.weight', 'transformer.encoder.layers.0.norm1.weight'];

/** What a checkpoint is, and what stands before its tensors' names. */
function recognise(checkpoint: Checkpoint): { kind: Kind; prefixes: string[] } {
  const find = (mark: string) => findPrefixes(checkpoint, mark);
  if (setParts.some((part) => find(part).length > 0)) {
    const sets = [...new Set([marks.quality, ...setParts].flatMap(find))];
    const isSingle = sets.length === 1 && stripDictionaries(sets[0]!) === '';
    return { kind: isSingle ? 'sfiqaSingle' : 'sfiqaSets', prefixes: sets };
  }
  const clips = find(marks.clip);
  if (clips.length > 0) return { kind: 'clip', prefixes: clips };
  const openClips = find(marks.openClip);
  if (openClips.length > 0) return { kind: 'openClip', prefixes: openClips };
  const swins = find(marks.swinV2).filter((prefix) => checkpoint.tensors.has(prefix + marks.cosine));
  return { kind: swins.length > 0 ? 'swinV2' : 'other', prefixes: swins };
}

async function openAndRecognise(
  path: string,
): Promise<{ checkpoint: Checkpoint; kind: Kind; prefixes: string[] }> {
  const checkpoint = dropModuleWrappers(await openCheckpoint(path));
  return { checkpoint, ...recognise(checkpoint) };
}

function refuse(checkpoint: Checkpoint, kind: Kind, wanted: string): StudioError {
  const { path, tensors } = checkpoint;
  const first = [...tensors.keys()].slice(0, 3).join(', ');
  const hint = kind === 'other' ? ` (${tensors.size} tensors: ${first}, …)` : '';
  return new StudioError(
    'checkpointInvalid',
    `${path} is ${whatItIs[kind]}${hint}, not ${wanted}. Choose another file, or add it as what it is.`,
    { path, kind },
  );
}

/**
 * The authors' `weights_dict.pt` (a dictionary of trained sets), or one set alone, which is then called `base`.
 *
 * @param wanted the sets to take, in their order in the file; all where undefined
 * @throws StudioError what `openCheckpoint` throws; `checkpointInvalid` for another architecture, `badInput` for a set that is not there
 */
export async function recogniseSfIqa(path: string, wanted?: readonly string[]): Promise<SfIqaPart> {
  const { checkpoint, kind, prefixes } = await openAndRecognise(path);
  if (kind !== 'sfiqaSets' && kind !== 'sfiqaSingle') throw refuse(checkpoint, kind, 'the weights of SF-IQA');
  const sets = prefixes.map((prefix) => nameSet(checkpoint, prefix));
  const names = sets.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) {
    throw new StudioError('checkpointInvalid', `${path} has the set “${twice}” twice.`, { path });
  }
  const missing = wanted?.find((name) => !names.includes(name));
  if (missing !== undefined) {
    throw new StudioError('badInput', `${path} has no set “${missing}”; it has ${names.join(', ')}.`, {
      path,
    });
  }
  return { checkpoint, sets: wanted === undefined ? sets : sets.filter(({ name }) => wanted.includes(name)) };
}

function nameSet({ tensors, path }: Checkpoint, prefix: string): TrainedSet {
  if (!tensors.has(prefix + marks.quality)) {
    throw missingTensor(path, 'trained set of SF-IQA', prefix + marks.quality);
  }
  const name = stripDictionaries(prefix).slice(0, -1) || 'base';
  if (MemberName.safeParse(name).success) return { name, prefix };
  throw new StudioError(
    'unsupported',
    `${path} has a set called “${name}”. Sets are called by lower-case letters and digits, at most 20.`,
    { path },
  );
}

/**
 * PickScore or any CLIP: a file, or the folder with `config.json` beside it; the names of transformers or of open_clip.
 *
 * @throws StudioError what `openCheckpoint` throws; `checkpointInvalid` for another architecture, `unsupported` for what the graphs cannot
 *   express
 */
export async function recogniseClip(path: string): Promise<ClipPart> {
  const { checkpoint: opened, kind, prefixes } = await openAndRecognise(path);
  if (kind !== 'clip' && kind !== 'openClip') throw refuse(opened, kind, 'a CLIP');
  const isOpenClip = kind === 'openClip';
  const bare = unwrap(opened, prefixes);
  refuseRelatives(bare);
  const folder = dirname(opened.files[0]!.path);
  const weights = { checkpoint: isOpenClip ? renameOpenClip(bare) : bare, folder, isOpenClip };
  const { config, notes } = await readClipConfig(weights);
  const { pixels, notes: pixelNotes } = await readPixels(weights, config.vision.imageSize);
  const isPickScore = /pick-?score/i.test(`${basename(folder)} ${basename(opened.path)}`);
  const title = isPickScore ? 'PickScore' : `CLIP ${nameAfter(opened)}`;
  const what = `${isPickScore ? 'PickScore, ' : ''}${whatItIs[kind]}`;
  return {
    ...{ checkpoint: weights.checkpoint, config, pixels, title, what },
    notes: [...notes, ...pixelNotes],
  };
}

/** Networks with CLIP's names that compute something else, each by a tensor that CLIP has not. */
const relatives: Record<string, string> = {
  'visual.layer1.0.conv1.weight': 'a CLIP that sees by a ResNet',
  'visual.attn_pool.query': 'a CoCa',
  logit_bias: 'a SigLIP',
};

function refuseRelatives({ tensors, path }: Checkpoint): void {
  const found = Object.keys(relatives).find((name) => tensors.has(name));
  if (found === undefined) return;
  throw new StudioError(
    'unsupported',
    `${path} is ${relatives[found]} (it has “${found}”). The studio computes CLIPs of two transformers: choose a ViT.`,
    { path, tensor: found },
  );
}

/** A plain SwinV2 of timm. @throws StudioError as `recogniseClip` */
export async function recogniseBackbone(path: string): Promise<BackbonePart> {
  const { checkpoint: opened, kind, prefixes } = await openAndRecognise(path);
  if (kind !== 'swinV2') throw refuse(opened, kind, 'a SwinV2 of timm');
  const checkpoint = unwrap(opened, prefixes);
  const json = TimmConfig.safeParse(await readJson(join(dirname(checkpoint.files[0]!.path), 'config.json')));
  const name = json.data?.architecture ?? nameAfter(checkpoint);
  return { checkpoint, config: inferSwinV2Config(checkpoint, '', name), title: `SwinV2 ${name}` };
}

const TimmConfig = z.object({ architecture: z.string() });

/** `model.safetensors` says nothing: then its folder names it. */
function nameAfter({ path, files }: Checkpoint): string {
  const name = basename(path).replace(/\.(safetensors|pt|pth|bin)(\.index\.json)?$/, '');
  return /^(model|pytorch_model|open_clip_pytorch_model)$/.test(name)
    ? basename(dirname(files[0]!.path))
    : name;
}

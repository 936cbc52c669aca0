/** What the files are that a pack is to be made of: told by their tensors' names, never by the file's. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { MemberName } from '../../contract/pack.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { openCheckpoint } from '../checkpoints/open-checkpoint.ts';
import { type ClipConfig, inferClipConfig, parseClipConfig } from '../graphs/clip-config.ts';
import type { SwinV2Config } from '../graphs/swin-v2.ts';
import { missingTensor } from '../graphs/tensor-shape.ts';
import { findOpenClip, renameOpenClip } from './open-clip-names.ts';
import { inferSwinV2Config } from './swin-config.ts';

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
  pixels: { mean: number[]; std: number[] } | null;
  title: string;
  what: string;
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
  swinV2: 'patch_embed.proj.weight',
  cosine: 'layers.0.blocks.0.attn.cpb_mlp.0.weight',
};

function kindOf(checkpoint: Checkpoint): Kind {
  const { tensors } = checkpoint;
  if (tensors.has(marks.quality)) return 'sfiqaSingle';
  if (tensors.has(marks.clip)) return 'clip';
  if (findOpenClip(checkpoint) !== null) return 'openClip';
  if (tensors.has(marks.swinV2) && tensors.has(marks.cosine)) return 'swinV2';
  const isDictionary = [...tensors.keys()].some((name) => name.endsWith(`.${marks.quality}`));
  return isDictionary ? 'sfiqaSets' : 'other';
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
  const checkpoint = await openCheckpoint(path);
  const kind = kindOf(checkpoint);
  if (kind !== 'sfiqaSets' && kind !== 'sfiqaSingle') throw refuse(checkpoint, kind, 'the weights of SF-IQA');
  const sets = listSets(checkpoint, kind === 'sfiqaSingle');
  const missing = wanted?.find((name) => !sets.some((set) => set.name === name));
  if (missing !== undefined) {
    const names = sets.map(({ name }) => name).join(', ');
    throw new StudioError('badInput', `${path} has no set “${missing}”; it has ${names}.`, { path });
  }
  return { checkpoint, sets: wanted === undefined ? sets : sets.filter(({ name }) => wanted.includes(name)) };
}

/** Names by which a set is known whose mark is missing. */
const setParts = ['ScoreModel.fc1.weight', 'transformer.encoder.layers.0.norm1.weight'];

function listSets({ tensors, path }: Checkpoint, isSingle: boolean): TrainedSet[] {
  if (isSingle) return [{ name: 'base', prefix: '' }];
  for (const tensor of tensors.keys()) {
    const part = setParts.find((name) => tensor.endsWith(`.${name}`));
    if (part === undefined) continue;
    const mark = tensor.slice(0, -part.length) + marks.quality;
    if (!tensors.has(mark)) throw missingTensor(path, 'trained set of SF-IQA', mark);
  }
  return [...tensors.keys()]
    .filter((name) => name.endsWith(`.${marks.quality}`))
    .map((tensor) => {
      const name = tensor.slice(0, -marks.quality.length - 1);
      if (MemberName.safeParse(name).success) return { name, prefix: `${name}.` };
      throw new StudioError(
        'unsupported',
        `${path} has a set called “${name}”. Sets are called by lower-case letters and digits, at most 20.`,
        { path },
      );
    });
}

/**
 * PickScore or any CLIP: a file, or the folder with `config.json` beside it; the names of transformers or of open_clip.
 *
 * @throws StudioError what `openCheckpoint` throws; `checkpointInvalid` for another architecture, `unsupported` for what the graphs cannot
 *   express
 */
export async function recogniseClip(path: string): Promise<ClipPart> {
  const opened = await openCheckpoint(path);
  const kind = kindOf(opened);
  if (kind !== 'clip' && kind !== 'openClip') throw refuse(opened, kind, 'a CLIP');
  const checkpoint = kind === 'clip' ? opened : renameOpenClip(opened, findOpenClip(opened)!);
  const folder = dirname(opened.files[0]!.path);
  const [json, pixels] = [await readJson(join(folder, 'config.json')), await readPixels(folder)];
  const isConfig = json !== null && kind === 'clip';
  const config = isConfig
    ? parseClipConfig(json, join(folder, 'config.json'))
    : inferClipConfig(checkpoint, '');
  const isPickScore = /pick-?score/i.test(`${basename(folder)} ${basename(opened.path)}`);
  const title = isPickScore ? 'PickScore' : `CLIP ${nameAfter(opened)}`;
  return { checkpoint, config, pixels, title, what: `${isPickScore ? 'PickScore, ' : ''}${whatItIs[kind]}` };
}

/** A plain SwinV2 of timm. @throws StudioError as `recogniseClip` */
export async function recogniseBackbone(path: string): Promise<BackbonePart> {
  const checkpoint = await openCheckpoint(path);
  const kind = kindOf(checkpoint);
  if (kind !== 'swinV2') throw refuse(checkpoint, kind, 'a SwinV2 of timm');
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

const Preprocessor = z.object({
  image_mean: z.array(z.number()).length(3),
  image_std: z.array(z.number().positive()).length(3),
});

async function readPixels(folder: string): Promise<ClipPart['pixels']> {
  const { data } = Preprocessor.safeParse(await readJson(join(folder, 'preprocessor_config.json')));
  return data === undefined ? null : { mean: data.image_mean, std: data.image_std };
}

/** Null where there is no such file. @throws StudioError `unreadable` where it is no JSON */
async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new StudioError('unreadable', `${path} cannot be read: ${reason}.`, { path }, { cause: thrown });
  }
}

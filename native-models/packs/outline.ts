/** What a pack computes: for each trained set its branches, each with the tensors it reads and the architecture that draws it. */
import { dirname } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { AddPack, PackGraph, PackNetwork } from '../../contract/pack.ts';
import type { Sampling } from '../../contract/sampling.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { type ClipConfig, inferClipConfig } from '../graphs/clip-config.ts';
import { addClipText, readLogitScale } from '../graphs/clip-text.ts';
import { addClipVision } from '../graphs/clip-vision.ts';
import type { Draft } from '../graphs/layers.ts';
import { drawQualityBranch, sfIqaQuality } from '../graphs/quality-branch.ts';
import { drawSwinV2 } from '../graphs/swin-v2.ts';
import { WeightPlan } from '../graphs/weight-plan.ts';
import type { FusionNetwork } from '../messages.ts';
import { clipPixels } from '../preprocess/normalise.ts';
import { describeQualityInput, noteOnSampling } from './quality-input.ts';
import { readFusion } from './read-fusion.ts';
import {
  type ClipPart,
  recogniseBackbone,
  recogniseClip,
  recogniseSfIqa,
  type SfIqaPart,
  type TrainedSet,
} from './recognise.ts';
import { neverCalled } from './refuse-unread.ts';
import { inferSwinV2Config } from './swin-config.ts';

export interface Branch {
  role: PackGraph['role'];
  checkpoint: Checkpoint;
  /** What stands before its tensors' names. */
  prefix: string;
  /** The sizes it is drawn with. */
  config: unknown;
  draw: (draft: Draft) => Promise<void> | void;
}

export interface Member {
  name: string;
  branches: Branch[];
  logitScale: number | null;
  fusion: FusionNetwork | null;
}

/** A file that was recognised, and as what. */
export interface Part {
  what: string;
  path: string;
  sizeBytes: number;
  tensors: number;
  sets: string[];
}

/** Everything about a pack that its tensors tell; nothing is written yet. */
export interface Outline {
  kind: 'sfiqa' | 'pickscore' | 'clip' | 'backbone';
  title: string;
  parts: Part[];
  members: Member[];
  quality: PackNetwork['quality'];
  /** Without the tokeniser, which is a file. */
  similarity: Omit<NonNullable<PackNetwork['similarity']>, 'tokeniser'> | null;
  /** Where a tokeniser may lie. */
  folders: string[];
  notes: string[];
}

/**
 * Recognises the files of an order and reads what is needed of them: headers and a few small tensors.
 *
 * @throws StudioError where a file is not what it is given as, or cannot be read
 */
export async function outlinePack({ sfiqa, sets, clip, backbone, sampling }: AddPack): Promise<Outline> {
  const clipPart = clip === undefined ? null : await recogniseClip(clip);
  if (sfiqa !== undefined) {
    return await outlineSfIqa(await recogniseSfIqa(sfiqa, sets), clipPart, sampling);
  }
  const swin = backbone === undefined ? null : await recogniseBackbone(backbone);
  if (clipPart === null && swin === null) {
    throw new StudioError('badInput', 'Name the model’s file: SF-IQA’s, a CLIP’s or a SwinV2’s.');
  }
  if (swin === null && sampling !== undefined) {
    throw new StudioError(
      'badInput',
      `“${sampling}” is for quality branches and backbones; a CLIP has none.`,
    );
  }
  const branches: Branch[] = [];
  if (swin !== null) {
    const { checkpoint, config } = swin;
    branches.push({
      ...{ role: 'backbone', checkpoint, prefix: '', config },
      // Without its classifier: heads of one's own are trained on the features.
      draw: (draft) => drawSwinV2(draft, config, null),
    });
  }
  if (clipPart !== null) branches.push(...clipBranches(clipPart.checkpoint, '', clipPart.config));
  const logitScale = clipPart && (await readLogitScale(weightsOf(clipPart.checkpoint, '')));
  return {
    kind: clipPart === null ? 'backbone' : clipPart.title === 'PickScore' ? 'pickscore' : 'clip',
    title: [swin?.title, clipPart?.title].filter(Boolean).join(' + '),
    parts: [
      ...(swin === null ? [] : [describePart('a SwinV2 of timm', swin.checkpoint)]),
      ...(clipPart === null ? [] : [describePart(clipPart.what, clipPart.checkpoint)]),
    ],
    members: [{ name: 'base', branches, logitScale, fusion: null }],
    quality:
      swin && describeQualityInput({ backbone: swin.config, path: swin.checkpoint.path, parts: 1 }, sampling),
    similarity: clipPart && similarityOf(clipPart.config, clipPart.pixels),
    folders: foldersOf(clipPart?.checkpoint, swin?.checkpoint),
    notes: clipPart?.notes ?? [],
  };
}

async function outlineSfIqa(
  { checkpoint, sets }: SfIqaPart,
  clip: ClipPart | null,
  sampling: Sampling = 'sama',
): Promise<Outline> {
  const notes = [noteOnSampling(sampling), ...(clip?.notes ?? [])].filter((note) => note !== null);
  let isCompleted = false;
  const members: Member[] = [];
  const sizes = [];
  if (clip === null) refuseLackingClip(checkpoint, sets);
  for (const set of sets) {
    const { whole, borrowed } = borrowFrom(clip, checkpoint, set);
    isCompleted ||= borrowed > 0;
    if (borrowed > 0)
      notes.push(
        `The set “${set.name}” lacks ${borrowed} tensors of CLIP; they come from ${clip!.checkpoint.path}.`,
      );
    const clipConfig = clip?.config ?? inferClipConfig(whole, `${set.prefix}pickmodel.`);
    const quality = {
      ...sfIqaQuality,
      backbone: inferSwinV2Config(whole, `${set.prefix}model.`, officialBackbone),
    };
    sizes.push({ quality, clip: clipConfig });
    members.push(await outlineSet(whole, set, sizes.at(-1)!));
  }
  const [first] = sizes;
  const other = sizes.findIndex((size) => JSON.stringify(size) !== JSON.stringify(first));
  if (other > 0) refuseOtherSizes(checkpoint, sets[0]!, sets[other]!);
  if (clip !== null && !isCompleted) {
    notes.push(
      `${checkpoint.path} brings its own CLIP: the weights of ${clip.checkpoint.path} are not used.`,
    );
  }
  const names = sets.map(({ name }) => name);
  return {
    kind: 'sfiqa',
    title: 'SF-IQA',
    parts: [
      describePart('the weights of SF-IQA', checkpoint, names),
      ...(clip === null ? [] : [describePart(clip.what, clip.checkpoint)]),
    ],
    members,
    quality: describeQualityInput({ ...first!.quality, path: checkpoint.path, parts: 2 }, sampling),
    similarity: similarityOf(first!.clip, null),
    folders: foldersOf(checkpoint, clip?.checkpoint),
    notes,
  };
}

/** What the authors' `Net` builds, whatever its weights say. */
const officialBackbone = 'swinv2_tiny_window16_256';

function refuseOtherSizes({ tensors, path }: Checkpoint, one: TrainedSet, other: TrainedSet): never {
  const shapeIn = ({ prefix }: TrainedSet, name: string) => tensors.get(prefix + name)?.shape;
  const names = new Set(
    [one, other].flatMap(({ prefix }) =>
      [...tensors.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)),
    ),
  );
  const isOther = (name: string) => `${shapeIn(one, name)}` !== `${shapeIn(other, name)}`;
  const name = [...names].find((each) => !neverCalled.test(each) && isOther(each)) ?? '';
  const show = (set: TrainedSet) => {
    const shape = shapeIn(set, name);
    return shape === undefined ? `is missing in “${set.name}”` : `has the shape [${shape}] in “${set.name}”`;
  };
  throw new StudioError(
    'checkpointInvalid',
    `The sets “${one.name}” and “${other.name}” of ${path} are not of one size: “${name}” ${show(one)} and ${show(other)}. If that is meant, add them one by one (--sets), as packs of their own.`,
    { path, tensor: other.prefix + name },
  );
}

async function outlineSet(
  checkpoint: Checkpoint,
  { name, prefix }: TrainedSet,
  { quality, clip }: { quality: typeof sfIqaQuality; clip: ClipConfig },
): Promise<Member> {
  const clipPrefix = `${prefix}pickmodel.`;
  const draw = (draft: Draft) => drawQualityBranch(draft, quality);
  return {
    name,
    branches: [
      { role: 'quality', checkpoint, prefix, config: quality, draw },
      ...clipBranches(checkpoint, clipPrefix, clip),
    ],
    logitScale: await readLogitScale(weightsOf(checkpoint, clipPrefix)),
    fusion: await readFusion(weightsOf(checkpoint, prefix), name),
  };
}

/** The official code loads `base` over PickScore's weights with strict=False: what it lacks stays PickScore's. Other sets are strict. */
function borrowFrom(
  clip: ClipPart | null,
  checkpoint: Checkpoint,
  { name, prefix }: TrainedSet,
): { whole: Checkpoint; borrowed: number } {
  if (clip === null || name !== 'base') return { whole: checkpoint, borrowed: 0 };
  const lacking = [...clip.checkpoint.tensors]
    .map(([tensor, entry]) => [`${prefix}pickmodel.${tensor}`, entry] as const)
    .filter(([tensor]) => !checkpoint.tensors.has(tensor) && !tensor.endsWith('position_ids'));
  const tensors = new Map([...checkpoint.tensors, ...lacking]);
  const files = [...checkpoint.files, ...clip.checkpoint.files];
  return { whole: { ...checkpoint, tensors, files }, borrowed: lacking.length };
}

/** Where `base` was saved without tensors of CLIP, PickScore's own complete it (see `borrowFrom`), so its file is asked for. */
function refuseLackingClip({ tensors, path }: Checkpoint, sets: readonly TrainedSet[]): void {
  const base = sets.find(({ name }) => name === 'base');
  if (base === undefined) return;
  const own = `${base.prefix}pickmodel.`;
  const names = clipCore.filter((name) => !tensors.has(own + name));
  if (names.length === 0) return;
  throw new StudioError(
    'checkpointInvalid',
    `The set “base” of ${path} lacks tensors of CLIP (“${own}${names[0]}”, …). Add it together with PickScore’s model.safetensors, which completes it.`,
    { path, tensor: own + names[0]! },
  );
}

/** Tensors that every CLIP has, whatever its size. */
const clipCore = [
  'logit_scale',
  'text_model.embeddings.token_embedding.weight',
  'text_model.embeddings.position_embedding.weight',
  'text_model.final_layer_norm.weight',
  'text_projection.weight',
  'vision_model.embeddings.class_embedding',
  'vision_model.embeddings.patch_embedding.weight',
  'vision_model.embeddings.position_embedding.weight',
  'vision_model.post_layernorm.weight',
  'visual_projection.weight',
];

function clipBranches(checkpoint: Checkpoint, prefix: string, config: ClipConfig): Branch[] {
  const common = { checkpoint, prefix, config };
  return [
    { role: 'image', ...common, draw: (draft) => addClipVision(draft, config) },
    { role: 'text', ...common, draw: (draft) => addClipText(draft, config) },
  ];
}

/** For reading single tensors; nothing of it is written. */
function weightsOf(checkpoint: Checkpoint, prefix: string): WeightPlan {
  return new WeightPlan({ checkpoint, prefix, nameOf: (file) => file, convertedFile: '' });
}

function describePart(what: string, { path, files, tensors }: Checkpoint, sets: string[] = []): Part {
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return { what, path, sizeBytes, tensors: tensors.size, sets };
}

function similarityOf(
  { projection, vision, text }: ClipConfig,
  pixels: ClipPart['pixels'],
): NonNullable<Outline['similarity']> {
  return {
    sizePx: vision.imageSize,
    ...(pixels ?? clipPixels),
    embeddingLength: projection,
    vocabulary: text.vocabulary,
    maxTokens: text.positions,
    eosTokenId: text.eosTokenId,
  };
}

function foldersOf(...checkpoints: (Checkpoint | undefined)[]): string[] {
  return checkpoints.filter((one) => one !== undefined).map(({ files }) => dirname(files[0]!.path));
}

/** What a person has said so far of the model they add, and the order that it makes. */
import type { z } from 'zod';
import type { AddPack, Precision } from '../../../../contract/pack.ts';
import type { Sampling } from '../../../../contract/sampling.ts';

export const modelKinds = ['sfiqa', 'clip', 'backbone', 'folder'] as const;
export type ModelKind = (typeof modelKinds)[number];
export type FileName = 'sfiqa' | 'clip' | 'backbone' | 'tokeniser' | 'folder';

export interface AddDraft {
  kind: ModelKind;
  /** Paths on the engine's machine; empty where nothing was chosen. */
  files: Record<FileName, string>;
  /** The trained sets to use; null: all. */
  sets: string[] | null;
  precision: Precision;
  /** How the quality branch of SF-IQA sees images. */
  sampling: Sampling;
  /** The weights are copied into the library. */
  copies: boolean;
  title: string;
}

export const emptyDraft: AddDraft = {
  kind: 'sfiqa',
  files: { sfiqa: '', clip: '', backbone: '', tokeniser: '', folder: '' },
  sets: null,
  precision: 'float32',
  sampling: 'sama',
  copies: false,
  title: '',
};

export interface FileQuestion {
  name: FileName;
  label: string;
  description: string;
  isRequired: boolean;
  /** `file`, `folder`, or both. */
  takes: 'file' | 'folder' | 'either';
}

const tokeniser: FileQuestion = {
  name: 'tokeniser',
  label: 'Tokeniser',
  description: 'tokenizer.json; only where none lies beside the checkpoint.',
  isRequired: false,
  takes: 'file',
};

const questions: Record<ModelKind, FileQuestion[]> = {
  sfiqa: [
    {
      name: 'sfiqa',
      label: 'SF-IQA weights',
      description: 'weights_dict.pt of the authors, with its four trained sets.',
      isRequired: true,
      takes: 'file',
    },
    {
      name: 'clip',
      label: 'PickScore',
      description:
        'model.safetensors of PickScore_v1, or its folder: for what the weights do not hold themselves.',
      isRequired: false,
      takes: 'either',
    },
    tokeniser,
  ],
  clip: [
    {
      name: 'clip',
      label: 'CLIP checkpoint',
      description: 'model.safetensors (or pytorch_model.bin) of PickScore or another CLIP, or its folder.',
      isRequired: true,
      takes: 'either',
    },
    tokeniser,
  ],
  backbone: [
    {
      name: 'backbone',
      label: 'SwinV2 checkpoint',
      description: 'A plain timm SwinV2, trained on ImageNet (.safetensors, .pth, .bin).',
      isRequired: true,
      takes: 'file',
    },
  ],
  folder: [
    {
      name: 'folder',
      label: 'Pack folder',
      description: 'The folder that “Export” wrote, with its manifest.json.',
      isRequired: true,
      takes: 'folder',
    },
  ],
};

/** The files that a kind of model is made of. */
export function questionsOf(kind: ModelKind): FileQuestion[] {
  return questions[kind];
}

/** The order that the draft makes; null while a file is missing. */
export function orderOf({
  kind,
  files,
  sets,
  precision,
  sampling,
  copies,
  title,
}: AddDraft): z.input<typeof AddPack> | null {
  const asked = questionsOf(kind);
  if (asked.some(({ name, isRequired }) => isRequired && files[name].trim() === '')) return null;
  const given = asked.flatMap(({ name }) => (files[name].trim() === '' ? [] : [[name, files[name].trim()]]));
  return {
    ...Object.fromEntries(given),
    ...(kind === 'folder' ? {} : { precision, ...(copies && { copiesWeights: true }) }),
    ...(sets === null || kind !== 'sfiqa' ? {} : { sets }),
    ...(sampling === 'sama' || kind !== 'sfiqa' ? {} : { sampling }),
    ...(title.trim() === '' ? {} : { title: title.trim(), id: idOf(title) }),
  };
}

/** A pack's id made from its name: lower-case letters, digits and hyphens. */
export function idOf(title: string): string {
  const plain = title.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const words = plain.match(/[a-z0-9]+/g) ?? ['model'];
  return words.join('-').slice(0, 64).replace(/-$/, '');
}

/**
 * Puts dropped files where their names say they belong, for the kind of model that is being added.
 *
 * @returns with what no place is there for: pictures and the like, and what a file that was dropped with it has the place of
 */
export function assignDrop(
  draft: AddDraft,
  paths: readonly string[],
): { draft: AddDraft; left: readonly string[] } {
  const files = { ...draft.files };
  const taken = new Set<FileName>();
  const left: string[] = [];
  for (const path of paths.filter((one) => !isReadBeside(one))) {
    const place = placeOf(path, draft.kind);
    if (place === null || taken.has(place)) {
      left.push(path);
      continue;
    }
    files[place] = path;
    taken.add(place);
  }
  return { draft: { ...draft, files, sets: null }, left };
}

/** What lies beside the weights is found there. */
function isReadBeside(path: string): boolean {
  return /(^|[\\/])(open_clip_)?config\.json$/i.test(path);
}

/** Folders have no ending, mostly; `v1.0` is none. */
function placeOf(path: string, kind: ModelKind): FileName | null {
  if (/(^|[\\/])tokenizer\.json$/i.test(path)) return 'tokeniser';
  const isOther = /\.[a-z][a-z0-9]{1,6}$/i.test(path) && !/\.(pth?|bin|safetensors|index\.json)$/i.test(path);
  if (isOther) return null;
  if (kind !== 'sfiqa') return kind;
  return /\.pth?$|(^|[\\/])weights[^\\/]*\.(bin|safetensors)$/i.test(path) ? 'sfiqa' : 'clip';
}

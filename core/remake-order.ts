/** What a pack was made of, told by its manifest: the order that makes it again. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StudioError } from '../contract/errors.ts';
import type { AddPack, PackManifest, PackNetwork } from '../contract/pack.ts';
import { Sampling } from '../contract/sampling.ts';
import type { Pack } from './packs.ts';

export interface RemakeOrder {
  order: AddPack;
  /** The weights are taken from the pack's own folder: what lay beside the checkpoint is not there. */
  isFromOwn: boolean;
}

type Named = Pick<AddPack, 'sfiqa' | 'clip' | 'backbone'>;

/** Tensors of another precision, which the pack wrote itself. */
const convertedName = /^[a-z0-9]+-(quality|backbone|image|text)\..+\.bin$/;

/** @throws StudioError `checkpointInvalid` where a checkpoint is gone or another, `unsupported` where the manifest does not tell what was what */
export function orderOf({ folder, manifest }: Pick<Pack, 'folder' | 'manifest'>): RemakeOrder {
  const network = manifest.network!;
  const own = ownWeights(network);
  const isCopied = own.some(({ isOriginal }) => !isOriginal);
  const changed = network.madeFrom?.files.find((file) => !isUnchanged(file));
  const isFromOwn = isCopied || network.madeFrom === undefined || changed !== undefined;
  if (changed !== undefined && own.length === 0) throw gone(manifest, changed.path);
  const named = isFromOwn ? nameOwn(folder, manifest) : network.madeFrom!;
  const { sfiqa, clip, backbone } = named;
  const recipe = Sampling.safeParse(network.quality?.recipe);
  const tokeniser = join(folder, network.similarity?.tokeniser ?? 'tokenizer.json');
  return {
    isFromOwn,
    order: {
      ...(sfiqa && { sfiqa, sets: network.members.map(({ name }) => name) }),
      ...(clip && { clip }),
      ...(backbone && { backbone }),
      ...(network.similarity !== null && existsSync(tokeniser) && { tokeniser }),
      ...(recipe.success && { sampling: recipe.data }),
      precision: network.precision,
    },
  };
}

/** The files of weights that a pack has or links, but for those that it converted. */
export function ownWeights({ sources }: PackNetwork): PackNetwork['sources'] {
  return sources.filter(({ link }) => !convertedName.test(link));
}

/** Weights in the pack's folder (or where they are read in place), as what they are: told by the branches that the pack has. */
function nameOwn(folder: string, manifest: PackManifest): Named {
  const network = manifest.network!;
  const own = ownWeights(network);
  const home = network.graphFolder ?? folder;
  const paths = own.map((source) => {
    const { link, path, isInPlace } = source;
    const places = isInPlace ? [path] : [path, join(home, link)];
    const found = places.find((place) => isUnchanged({ ...source, path: place }));
    if (found === undefined) throw gone(manifest, path);
    return found;
  });
  const roles = new Set(network.members.flatMap(({ graphs }) => graphs.map(({ role }) => role)));
  const folders = new Set(paths.map((path) => dirname(path)));
  const [path] = paths;
  if (path !== undefined && paths.length === 1) {
    if (roles.has('quality')) return { sfiqa: path };
    if (!roles.has('backbone')) return { clip: path };
    if (!roles.has('image')) return { backbone: path };
  } else if (path !== undefined && folders.size === 1 && !roles.has('quality') && !roles.has('backbone')) {
    return { clip: dirname(path) };
  }
  throw new StudioError(
    'unsupported',
    `The pack “${manifest.id}” does not tell which of its files was what. Remove it and add the model again: its scores and heads stay.`,
    { packId: manifest.id },
  );
}

function isUnchanged({
  path,
  sizeBytes,
  mtimeMs,
}: {
  path: string;
  sizeBytes: number;
  mtimeMs: number;
}): boolean {
  const info = statSync(path, { throwIfNoEntry: false });
  return info !== undefined && info.size === sizeBytes && info.mtimeMs === mtimeMs;
}

function gone({ id }: PackManifest, path: string): StudioError {
  const what = existsSync(path) ? 'was changed after the pack was made from it' : 'is not there any more';
  return new StudioError(
    'checkpointInvalid',
    `${path} ${what}, so the pack “${id}” cannot be made again: put the former file back, or remove the pack and add the model from where it is now.`,
    { packId: id, path },
  );
}

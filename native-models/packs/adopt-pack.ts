/** Takes an exported pack's folder into the library: everything it needs is in it, linked where the disk is the same, else copied. */
import { constants } from 'node:fs';
import { copyFile, link, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { PackManifest, PackNetwork } from '../../contract/pack.ts';
import { toFileError } from '../checkpoints/byte-source.ts';
import type { BuildPackRequest, BuiltPack, ModelsAnswers, ModelsProgress } from '../messages.ts';
import { listGraphs, openPack } from './open-pack.ts';
import type { PackSite } from './pack-site.ts';
import { freeBytesAt, isOnDiskOf } from './place-files.ts';

/** Every file of a pack but the manifest, by its name in the pack. */
function listFiles({ network, heads }: PackManifest & { network: PackNetwork }): string[] {
  return [
    ...network.sources.map(({ link: name }) => name),
    ...listGraphs(network).map(({ file }) => file),
    ...(network.similarity === null ? [] : [network.similarity.tokeniser]),
    ...heads.map(({ file }) => file),
  ];
}

/** @throws StudioError as `planPack` */
export async function planAdoption(folder: string, to: string): Promise<ModelsAnswers['planPack']> {
  const { manifest, network } = await openPack(folder, { isMoved: true });
  const sizeBytes = network.sources.reduce((sum, source) => sum + source.sizeBytes, 0);
  const isLinked = await isOnDiskOf([join(folder, 'manifest.json')], to);
  return {
    suggestedId: manifest.id,
    suggestedTitle: manifest.title,
    parts: [
      {
        what: `an exported pack, “${manifest.title}”`,
        path: folder,
        sizeBytes,
        tensors: 0,
        sets: network.members.map(({ name }) => name),
      },
    ],
    writesBytes: isLinked ? 0 : sizeBytes,
    freeBytes: await freeBytesAt(to),
    graphFolder: to,
    notes: [
      isLinked
        ? 'Its files are linked, not copied.'
        : `Its files are copied from ${folder}, which is on another disk.`,
    ],
  };
}

export interface AdoptOptions {
  request: BuildPackRequest;
  onProgress?: ((progress: ModelsProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** @throws StudioError as `buildPack` */
export async function adoptPack(
  site: PackSite,
  folder: string,
  { request, onProgress, signal }: AdoptOptions,
): Promise<BuiltPack> {
  const { manifest, network } = await openPack(folder, { isMoved: true });
  const files = listFiles({ ...manifest, network });
  for (const [done, file] of files.entries()) {
    signal?.throwIfAborted();
    onProgress?.({ phase: 'copy', done, total: files.length });
    await take(join(folder, file), join(site.folder, file));
  }
  const sources = await Promise.all(
    network.sources.map(async (source) => {
      const { size, mtimeMs } = await stat(join(site.folder, source.link));
      if (size === source.sizeBytes) return { ...source, path: join(folder, source.link), mtimeMs };
      throw new StudioError('checkpointInvalid', `${source.link} of ${folder} was not copied whole.`, {
        path: folder,
      });
    }),
  );
  const { id, title } = request;
  return {
    manifest: { ...manifest, id, title, network: { ...network, sources, graphFolder: null } },
    fusion: [],
  };
}

/** A link where possible; else a copy, which shares blocks where the file system can. */
async function take(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    await copyFile(from, to, constants.COPYFILE_FICLONE).catch((thrown) => {
      throw toFileError(thrown, from);
    });
  }
}

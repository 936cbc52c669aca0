/** Takes an exported pack's folder into the library: everything it needs is in it, linked where the disk is the same, else copied. */
import { link, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { PackManifest, PackNetwork } from '../../contract/pack.ts';
import { toFileError } from '../checkpoints/byte-source.ts';
import type { BuildPackRequest, BuiltPack, ModelsAnswers, ModelsProgress } from '../messages.ts';
import { copyFileWhole } from './copy-file.ts';
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

/** @throws StudioError `notFound` or `badInput` where there is no folder or no pack in it; as `openPack` */
export async function planAdoption(folder: string, to: string): Promise<ModelsAnswers['planPack']> {
  await checkHoldsPack(folder);
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
    weights: isLinked ? 'linked' : 'copied',
    freeBytes: await freeBytesAt(to),
    graphFolder: to,
    notes: [
      isLinked
        ? 'Its files are linked, not copied.'
        : `Its files are copied from ${folder}, which is on another disk.`,
    ],
  };
}

async function checkHoldsPack(folder: string): Promise<void> {
  const names = await readdir(folder).catch((thrown) => {
    if (thrown.code !== 'ENOTDIR') throw toFileError(thrown, folder);
    throw new StudioError(
      'badInput',
      `${folder} is a file. Choose the folder that a pack was exported to, or add the file as what it is.`,
      { path: folder },
    );
  });
  if (names.includes('manifest.json')) return;
  throw new StudioError(
    'badInput',
    `${folder} holds no pack: there is no manifest.json in it. Choose the folder that a pack was exported to.`,
    { path: folder },
  );
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
  const total = network.sources.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let done = 0;
  for (const file of files) {
    await take(join(folder, file), join(site.folder, file), {
      signal,
      onBytes(bytes) {
        done += bytes;
        onProgress?.({ phase: 'copy', done: Math.min(done, total), total });
      },
    });
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

/** A link where possible; else a copy. */
async function take(
  from: string,
  to: string,
  options: { signal: AbortSignal | undefined; onBytes: (bytes: number) => void },
): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  try {
    await link(from, to);
  } catch {
    await copyFileWhole(from, to, options);
  }
}

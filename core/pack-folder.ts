/** Packs as folders for other machines: copied out whole with a list of hashes, and checked against it before they are taken in. */
import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, rmdir, stat, statfs, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { PathWithin } from '../contract/common.ts';
import { StudioError, systemCodeOf } from '../contract/errors.ts';
import type { Job, JobSummary } from '../contract/jobs.ts';
import type { PackManifest } from '../contract/pack.ts';
import { copyHashing, hashFile } from './hash-file.ts';
import type { JobContext } from './jobs.ts';
import { makeFolder } from './make-folder.ts';
import { getUsablePack, type Pack } from './packs.ts';
import type { Studio } from './studio.ts';

/** As `sha256sum` writes and checks it. */
const sumsFile = 'SHA256SUMS';

interface PackFile {
  name: string;
  from: string;
  sizeBytes: number;
}

/**
 * Starts to copy a pack into a folder as a job.
 *
 * @throws StudioError `notFound`, `checkpointInvalid`; `conflict` where the folder holds something
 */
export async function startExportingPack(
  studio: Studio,
  order: { id: string; folder: string },
): Promise<Job> {
  const pack = getUsablePack(studio, order.id);
  const folder = resolve(order.folder);
  const present = await readdir(folder).catch(() => []);
  if (present.length > 0) {
    throw new StudioError('conflict', `${folder} is not empty: choose a new or an empty folder.`, {
      path: folder,
    });
  }
  return studio.jobs.start({
    kind: 'exportPack',
    title: `Export ${pack.manifest.title}`,
    params: { ...order, folder },
    packId: order.id,
    work: (context) => exportPack(pack, folder, context),
  });
}

async function exportPack(pack: Pack, folder: string, context: JobContext): Promise<JobSummary> {
  const files = await listFiles(pack);
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const partial = `${folder}.partial`;
  try {
    await rm(partial, { recursive: true, force: true });
    makeFolder(partial);
    const { bavail, bsize } = await statfs(partial);
    if (bavail * bsize < total) {
      throw new StudioError(
        'diskFull',
        `The pack has ${(total / 1e6).toFixed(1)} MB, the disk of ${folder} has ${((bavail * bsize) / 1e6).toFixed(1)} MB free. Make room, or choose another disk.`,
        {
          path: folder,
        },
      );
    }
    const sums: string[] = [];
    let done = 0;
    for (const { name, from } of files) {
      makeFolder(dirname(join(partial, name)));
      const sha256 = await copyHashing(from, join(partial, name), {
        signal: context.signal,
        onBytes: (bytes) => {
          done += bytes;
          context.report({ phase: 'copying', done, total });
        },
      });
      sums.push(`${sha256}  ${name}\n`);
    }
    const manifest = `${JSON.stringify(await manifestForElsewhere(pack.manifest, partial), null, 2)}\n`;
    await writeFile(join(partial, 'manifest.json'), manifest);
    sums.push(`${createHash('sha256').update(manifest).digest('hex')}  manifest.json\n`);
    await writeFile(join(partial, sumsFile), sums.join(''));
    await rmdir(folder).catch(() => undefined);
    await rename(partial, folder);
    return { packId: pack.manifest.id, rows: files.length, notes: [folder] };
  } catch (error) {
    // What resists has no part in why it failed.
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    throw explainFolder(error, folder, context.signal);
  }
}

/** All files of a pack but its manifest, wherever they lie. */
async function listFiles({ folder, manifest }: Pack): Promise<PackFile[]> {
  const graphFolder = manifest.network?.graphFolder ?? null;
  const files = new Map<string, PackFile>();
  for (const home of graphFolder === null ? [folder] : [folder, graphFolder]) {
    for (const entry of await readdir(home, { withFileTypes: true })) {
      if (!entry.isFile() || entry.name === 'manifest.json' || entry.name === sumsFile) continue;
      const from = join(home, entry.name);
      files.set(entry.name, { name: entry.name, from, sizeBytes: (await stat(from)).size });
    }
  }
  for (const { link, path, isInPlace, sizeBytes } of manifest.network?.sources ?? []) {
    if (isInPlace) files.set(link, { name: link, from: path, sizeBytes });
  }
  return [...files.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** The manifest of a copy: everything lies in its own folder, with the times that the copies have. */
async function manifestForElsewhere(manifest: PackManifest, folder: string): Promise<PackManifest> {
  if (manifest.network === null) return manifest;
  const { madeFrom: _ofThisMachine, ...network } = manifest.network;
  const sources = await Promise.all(
    network.sources.map(async (source) => {
      const { size, mtimeMs } = await stat(join(folder, source.link));
      return { ...source, path: basename(source.path), sizeBytes: size, mtimeMs, isInPlace: false };
    }),
  );
  const members = network.members.map((member) => ({
    ...member,
    graphs: member.graphs.map((graph) => ({ ...graph, weightsFolder: null })),
  }));
  return { ...manifest, network: { ...network, members, sources, graphFolder: null } };
}

/**
 * Compares every file of an exported folder with the list of hashes that was exported with it.
 *
 * @throws StudioError `checkpointInvalid` that names the list where it is missing, or a file that is missing or another one than was exported;
 *   `cancelled`
 */
export async function verifyFolder(folder: string, context: JobContext): Promise<void> {
  const from = resolve(folder);
  try {
    const list = await readSums(from);
    const files = await Promise.all(
      parseSums(list, from).map(async ({ name, sha256 }) => {
        return { sha256, path: join(from, name), sizeBytes: (await stat(join(from, name))).size };
      }),
    );
    const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    let done = 0;
    for (const { sha256, path } of files) {
      const found = await hashFile(path, {
        signal: context.signal,
        onBytes: (bytes) => {
          done += bytes;
          context.report({ phase: 'verifying', done, total });
        },
      });
      if (found !== sha256) {
        throw new StudioError(
          'checkpointInvalid',
          `${path} is not the file that was exported: copy the folder again.`,
          {
            path,
          },
        );
      }
    }
  } catch (error) {
    throw explainFolder(error, from, context.signal);
  }
}

/** The list of hashes of an exported folder. @throws StudioError `checkpointInvalid` where there is none */
export async function readSums(folder: string): Promise<string> {
  const path = join(folder, sumsFile);
  return await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new StudioError(
      'checkpointInvalid',
      `${path} is missing: without it nobody can tell whether the pack came over whole. Copy the whole exported folder again, or export it anew.`,
      { path },
    );
  });
}

function parseSums(text: string, folder: string): { sha256: string; name: string }[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [, sha256, name] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
      if (sha256 !== undefined && PathWithin.safeParse(name).success) return { sha256, name: name! };
      throw new StudioError('checkpointInvalid', `${join(folder, sumsFile)} is not a list of hashes.`, {
        path: folder,
      });
    });
}

/** What went wrong with a pack's folder, as a StudioError. */
export function explainFolder(error: unknown, path: string, signal: AbortSignal | null): unknown {
  if (error instanceof StudioError) return error;
  if (signal?.aborted === true) return new StudioError('cancelled', 'Cancelled.', {}, { cause: error });
  const code = systemCodeOf(error);
  const reason = error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC')
    return new StudioError('diskFull', `The disk of ${path} is full.`, { path }, { cause: error });
  if (code === 'ENOENT') {
    return new StudioError(
      'checkpointInvalid',
      `The pack in ${path} is not whole: ${reason}.`,
      { path },
      { cause: error },
    );
  }
  return new StudioError('unreadable', `${path}: ${reason}.`, { path }, { cause: error });
}

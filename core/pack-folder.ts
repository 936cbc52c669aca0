/** Packs as folders for other machines: copied out whole with a list of hashes, checked against it and taken in where they lie. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import {
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  statfs,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StudioError } from '../contract/errors.ts';
import type { Job, JobSummary } from '../contract/jobs.ts';
import type { PackManifest, PackPlan } from '../contract/pack.ts';
import type { JobContext } from './jobs.ts';
import { getUsablePack, type Pack, readManifest } from './packs.ts';
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
    await mkdir(partial, { recursive: true });
    const { bavail, bsize } = await statfs(partial);
    if (bavail * bsize < total) {
      throw new StudioError(
        'diskFull',
        `The pack has ${total} bytes, the disk of ${folder} has ${bavail * bsize} free.`,
        {
          path: folder,
        },
      );
    }
    const sums: string[] = [];
    let done = 0;
    for (const { name, from } of files) {
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
    await rm(partial, { recursive: true, force: true });
    throw explain(error, folder, context.signal);
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
  return [...files.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** The manifest of a copy: everything lies in its own folder, with the times that the copies have. */
async function manifestForElsewhere(manifest: PackManifest, folder: string): Promise<PackManifest> {
  const { network } = manifest;
  if (network === null) return manifest;
  const sources = await Promise.all(
    network.sources.map(async (source) => {
      const { size, mtimeMs } = await stat(join(folder, source.link));
      return { ...source, path: basename(source.path), sizeBytes: size, mtimeMs };
    }),
  );
  return { ...manifest, network: { ...network, sources, graphFolder: null } };
}

interface CopyHooks {
  signal: AbortSignal;
  onBytes: (bytes: number) => void;
}

/** Copies a file; gives the SHA-256 of what it wrote. */
async function copyHashing(from: string, to: string, { signal, onBytes }: CopyHooks): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(
    createReadStream(from, { highWaterMark: 1 << 20 }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        onBytes(chunk.length);
        yield chunk;
      }
    },
    createWriteStream(to),
    { signal },
  );
  return hash.digest('hex');
}

/** What taking an exported pack would do: nothing is copied where the library's disk is the folder's. */
export async function planTaking(
  folder: string,
  packsFolder: string,
): Promise<Omit<PackPlan, 'id' | 'title'> & { suggestedId: string; suggestedTitle: string }> {
  const from = resolve(folder);
  const manifest = readManifest(from);
  const members = manifest.network?.members.map(({ name }) => name) ?? [];
  const parts = await Promise.all(
    (manifest.network?.sources ?? []).map(async ({ link: name }) => {
      const path = join(from, name);
      const { size } = await stat(path).catch((error: unknown) => {
        throw explain(error, path, null);
      });
      return { what: 'weights', path, sizeBytes: size, tensors: 0, sets: members };
    }),
  );
  const { bavail, bsize } = await statfs(dirname(packsFolder));
  return {
    suggestedId: manifest.id,
    suggestedTitle: manifest.title,
    parts,
    writesBytes: 0,
    freeBytes: bavail * bsize,
    graphFolder: from,
    notes: ['Every file is compared with the list of hashes that was exported with it.'],
  };
}

/**
 * Takes an exported pack into the new folder `to`: verified, then linked; where links do not reach, its graphs and weights are used where
 * they lie.
 *
 * @throws StudioError `checkpointInvalid` that names a file that is missing or not the one that was exported; `cancelled`
 */
export async function takeFolder(
  order: { from: string; to: string; id: string; title: string },
  context: JobContext,
): Promise<PackManifest> {
  const from = resolve(order.from);
  const exported = readManifest(from);
  if (exported.network === null) {
    throw new StudioError('unsupported', `${from} holds the pack “${exported.id}”, which every studio has.`, {
      path: from,
    });
  }
  try {
    const names = await verifyFolder(from, context);
    await mkdir(order.to, { recursive: true });
    const isLinked = await linkAll(from, order.to, names);
    const sources = await Promise.all(
      exported.network.sources.map(async (source) => {
        const path = join(from, source.link);
        const { size, mtimeMs } = await stat(path);
        return { ...source, path, sizeBytes: size, mtimeMs };
      }),
    );
    const network = { ...exported.network, sources, graphFolder: isLinked ? null : from };
    const manifest = { ...exported, id: order.id, title: order.title, network };
    await writeFile(join(order.to, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    return manifest;
  } catch (error) {
    throw explain(error, from, context.signal);
  }
}

/** Compares every file with the exported list; gives the names but the manifest's. */
async function verifyFolder(from: string, context: JobContext): Promise<string[]> {
  const lines = (await readFile(join(from, sumsFile), 'utf8')).trimEnd().split('\n');
  const sums = lines.map((line) => /^([0-9a-f]{64}) [ *]([A-Za-z0-9][A-Za-z0-9._-]{0,99})$/.exec(line));
  if (sums.includes(null)) {
    throw new StudioError('checkpointInvalid', `${join(from, sumsFile)} is not a list of hashes.`, {
      path: from,
    });
  }
  const files = await Promise.all(
    sums.map(async (sum) => {
      const [, sha256, name] = sum as unknown as [string, string, string];
      return { sha256, name, sizeBytes: (await stat(join(from, name))).size };
    }),
  );
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let done = 0;
  for (const { sha256, name } of files) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(join(from, name), {
      highWaterMark: 1 << 20,
      signal: context.signal,
    }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      done += chunk.length;
      context.report({ phase: 'verifying', done, total });
    }
    if (hash.digest('hex') === sha256) continue;
    throw new StudioError(
      'checkpointInvalid',
      `${join(from, name)} is not the file that was exported: copy the folder again.`,
      { path: join(from, name) },
    );
  }
  return files.map(({ name }) => name).filter((name) => name !== 'manifest.json');
}

/** Hard links to all files; where the first one is refused, copies of the small ones that must lie beside the manifest. */
async function linkAll(from: string, to: string, names: readonly string[]): Promise<boolean> {
  try {
    for (const name of names) await link(join(from, name), join(to, name));
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'EXDEV' && code !== 'EPERM' && code !== 'ENOTSUP') throw error;
    const beside = names.filter((name) => name.endsWith('.head') || name.endsWith('.json'));
    for (const name of beside) {
      await rm(join(to, name), { force: true });
      await copyFile(join(from, name), join(to, name));
    }
    return false;
  }
}

function explain(error: unknown, path: string, signal: AbortSignal | null): unknown {
  if (error instanceof StudioError) return error;
  if (signal?.aborted === true) return new StudioError('cancelled', 'Cancelled.', {}, { cause: error });
  const code = error instanceof Error && 'code' in error ? error.code : null;
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

/** Fetches the runtime's CUDA libraries from a NuGet feed: continued where it stopped, verified by the feed's SHA-512, unpacked whole. */
import { constants, createWriteStream, existsSync } from 'node:fs';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { z } from 'zod';
import { type FetchFileHooks, fetchFile } from '../../core/models/fetch-file.ts';

/** A package of a NuGet feed, and where which of its files go. */
export interface RuntimePackage {
  /** The feed's service index. */
  feed: string;
  name: string;
  version: string;
  members: { from: string; to: string }[];
}

/** `script/install-metadata.js` of onnxruntime-node: what its own installer fetches. */
const Metadata = z.object({
  manifests: z.record(z.string(), z.record(z.string(), z.object({ package: z.string(), path: z.string() }))),
  packages: z.record(
    z.string(),
    z.object({
      name: z.string(),
      versions: z.array(z.object({ feed: z.string(), version: z.string() })).min(1),
    }),
  ),
  feeds: z.record(z.string(), z.object({ index: z.url() })),
});

// The resources of a NuGet feed, v3: its index, the leaf of a version, and the catalogue's entry of that leaf.
const Index = z.object({ resources: z.array(z.object({ '@id': z.string(), '@type': z.string() })) });
const Leaf = z.object({ catalogEntry: z.url(), packageContent: z.url() });
const CatalogueEntry = z.object({
  packageHash: z.base64(),
  packageHashAlgorithm: z.literal('SHA512'),
  packageSize: z.int().positive(),
});

/** The package with CUDA libraries that the installed onnxruntime-node wants on a platform (`linux/x64`); null where it has none. */
export function findCudaPackage(platform: string): RuntimePackage | null {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve('onnxruntime-node/package.json'));
  const metadata = Metadata.parse(require(join(folder, 'script', 'install-metadata.js')));
  const manifest = metadata.manifests[`${platform}:cuda12`];
  if (manifest === undefined) return null;
  const files = Object.entries(manifest);
  const { name, versions } = metadata.packages[files[0]![1].package]!;
  const [{ feed, version }] = versions as [(typeof versions)[number]];
  return {
    feed: metadata.feeds[feed]!.index,
    name,
    version,
    members: files.map(([to, { path }]) => ({
      from: path,
      to: join(folder, 'bin', 'napi-v6', platform, to),
    })),
  };
}

/** True where all libraries are there; each got its name only when it was whole. */
export function isInstalled({ members }: RuntimePackage): boolean {
  return members.every(({ to }) => existsSync(to));
}

/**
 * Brings the package into `cacheFolder`, unpacks its libraries to their places, and removes it again.
 *
 * @throws Error with what the feed or the disk said; StudioError of `fetchFile`. A later call continues the download.
 */
export async function installRuntimePackage(
  wanted: RuntimePackage,
  cacheFolder: string,
  hooks: Omit<FetchFileHooks, 'onBytes'> & {
    onProgress?: (doneBytes: number, totalBytes: number) => void;
  } = {},
): Promise<void> {
  for (const { to } of wanted.members) await assertWritable(dirname(to));
  const id = wanted.name.toLowerCase();
  const { resources } = await readJson(wanted.feed, Index);
  // 3.6.0 knows every package; the older ones leave some out.
  const registrations = resources.find((one) => one['@type'] === 'RegistrationsBaseUrl/3.6.0')?.['@id'];
  if (registrations === undefined) throw new Error(`${wanted.feed} names no registrations`);
  const leaf = await readJson(
    `${registrations.replace(/\/$/, '')}/${id}/${wanted.version.toLowerCase()}.json`,
    Leaf,
  );
  const { packageHash, packageSize } = await readJson(leaf.catalogEntry, CatalogueEntry);
  const path = join(cacheFolder, `${id}.${wanted.version}.nupkg`);
  await fetchFile(
    {
      path,
      sizeBytes: packageSize,
      hash: { algorithm: 'sha512', hex: Buffer.from(packageHash, 'base64').toString('hex') },
    },
    (fromByte) => openFrom(leaf.packageContent, fromByte, hooks.signal),
    { ...hooks, onBytes: (doneBytes) => hooks.onProgress?.(doneBytes, packageSize) },
  );
  await unpack(path, wanted.members);
  await rm(path);
}

/** Before hundreds of MB are fetched for a place that takes none of them. */
async function assertWritable(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (thrown) {
    throw new Error(`${folder}, where the runtime looks for them, cannot be written (${codeOf(thrown)})`, {
      cause: thrown,
    });
  }
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
}

async function readJson<Schema extends z.ZodType>(url: string, schema: Schema): Promise<z.infer<Schema>> {
  const response = await request(url);
  const json: unknown = await response.json().catch((thrown: unknown) => {
    throw new Error(`${url} does not answer with JSON: is there a login page in between?`, { cause: thrown });
  });
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new Error(`${url} answers in another form: ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}

async function openFrom(
  url: string,
  fromByte: number,
  signal: AbortSignal | undefined,
): Promise<AsyncIterable<Uint8Array>> {
  const response = await request(url, {
    ...(fromByte > 0 && { headers: { range: `bytes=${fromByte}-` } }),
    ...(signal && { signal }),
  });
  // A whole file in answer to a range would be appended to what is here.
  if (fromByte > 0 && response.status !== 206) throw new Error(`${url} does not continue downloads`);
  if (response.body === null) throw new Error(`${url} gave nothing`);
  return response.body;
}

async function request(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, init).catch((thrown: Error) => {
    const reason = thrown.cause instanceof Error ? thrown.cause.message : thrown.message;
    throw new Error(`${url} cannot be reached: ${reason}`, { cause: thrown });
  });
  if (!response.ok) throw new Error(`${url} answers with HTTP ${response.status}`);
  return response;
}

async function unpack(archive: string, members: RuntimePackage['members']): Promise<void> {
  const missing = new Map(members.map(({ from, to }) => [from, to]));
  const zip = await openPromise(archive, { autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      const to = missing.get(entry.fileName);
      if (to === undefined) continue;
      await writeWhole(await zip.openReadStreamPromise(entry), to);
      missing.delete(entry.fileName);
    }
  } finally {
    zip.close();
  }
  if (missing.size > 0) throw new Error(`the package lacks ${[...missing.keys()].join(', ')}`);
}

/** Under its name only when it is whole, and nothing of it otherwise. */
async function writeWhole(stream: Readable, to: string): Promise<void> {
  try {
    await pipeline(stream, createWriteStream(`${to}.part`, { flush: true }));
    await rename(`${to}.part`, to);
  } catch (thrown) {
    await rm(`${to}.part`, { force: true }).catch(() => undefined);
    const why = codeOf(thrown) === 'ENOSPC' ? 'its disk is full' : codeOf(thrown);
    throw new Error(`${to} cannot be written: ${why}`, { cause: thrown });
  }
}

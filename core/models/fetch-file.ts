/** Brings one large file from elsewhere: continued where an earlier try ended, verified by its hash, under its name only when whole. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StudioError, systemCodeOf } from '../../contract/errors.ts';

/** What has to arrive. `gitBlob` is git's own name of a content: SHA-1 over `blob <size>\0` and the bytes. */
export interface WantedFile {
  path: string;
  sizeBytes: number;
  hash: { algorithm: 'sha256' | 'sha512' | 'gitBlob'; hex: string };
}

/** Opens the source at an offset; the bytes must come from exactly there. */
export type OpenSource = (fromByte: number) => Promise<AsyncIterable<Uint8Array>>;

export interface FetchFileHooks {
  /** How many bytes of the file are here; grows, and falls only where damaged bytes were thrown away. */
  onBytes?: (doneBytes: number) => void;
  signal?: AbortSignal;
  /** Waits before the tries that follow one which brought nothing; a try that brought bytes starts the list anew. */
  retryDelaysMs?: number[];
}

/** The bytes so far, on disk and in the digests. */
interface Part {
  handle: FileHandle;
  digest: Digest;
  doneBytes: number;
}

const usualDelaysMs = [250, 1000, 4000, 15_000];

/**
 * The file at `wanted.path`, and its SHA-256. What is there already is verified and kept. Until it is whole the file is called
 * `<name>.<hash>.part`; a later call continues it, whatever ended the earlier one.
 *
 * @throws StudioError `conflict` where another file has the name, `unreadable` where the content is not what was promised (nothing is
 * kept), `diskFull`, `cancelled`; what `open` threw last where the source gives nothing any more (the part is kept)
 */
export async function fetchFile(
  wanted: WantedFile,
  openSource: OpenSource,
  hooks: FetchFileHooks,
): Promise<{ sha256: string }> {
  try {
    if ((await sizeOf(wanted.path)) !== null) return await verifyPresent(wanted, hooks);
    await mkdir(dirname(wanted.path), { recursive: true });
    await removeOldParts(wanted);
    let part = await openPart(wanted, hooks);
    const hadBytes = part.doneBytes > 0;
    let isRight = await complete(part, wanted, openSource, hooks);
    if (!isRight && hadBytes) {
      // The bytes of an earlier call may have been damaged since (a power cut): once more from the start.
      part = await openPart(wanted, hooks);
      isRight = await complete(part, wanted, openSource, hooks);
    }
    if (!isRight) throw damaged(wanted);
    await rename(partPath(wanted), wanted.path);
    return { sha256: part.digest.sha256() };
  } catch (thrown) {
    throw explain(thrown, wanted, hooks.signal);
  }
}

/** How many bytes of it are here already, whole or in part. */
export async function countPresentBytes(wanted: WantedFile): Promise<number> {
  return (await sizeOf(wanted.path)) ?? (await sizeOf(partPath(wanted))) ?? 0;
}

function partPath({ path, hash }: WantedFile): string {
  return `${path}.${hash.hex.slice(0, 12)}.part`;
}

async function verifyPresent(wanted: WantedFile, hooks: FetchFileHooks): Promise<{ sha256: string }> {
  const digest = new Digest(wanted);
  const doneBytes = await digest.read(wanted.path, hooks.signal);
  if (!digest.isRight()) {
    throw new StudioError(
      'conflict',
      `${wanted.path} is there already, but is another file than the one to be fetched. Move it away or choose another folder.`,
      { path: wanted.path },
    );
  }
  hooks.onBytes?.(doneBytes);
  return { sha256: digest.sha256() };
}

/** Parts of other contents of this name: what they began has been replaced at the source. */
async function removeOldParts(wanted: WantedFile): Promise<void> {
  const folder = dirname(wanted.path);
  const name = basename(wanted.path);
  const isOld = (entry: string) =>
    entry.startsWith(`${name}.`) &&
    /^\.[0-9a-f]{12}\.part$/.test(entry.slice(name.length)) &&
    entry !== basename(partPath(wanted));
  for (const entry of (await readdir(folder)).filter(isOld)) await rm(join(folder, entry));
}

async function openPart(wanted: WantedFile, hooks: FetchFileHooks): Promise<Part> {
  const path = partPath(wanted);
  const digest = new Digest(wanted);
  const present = (await sizeOf(path)) ?? 0;
  if (present > wanted.sizeBytes) await rm(path);
  const doneBytes = present > 0 && present <= wanted.sizeBytes ? await digest.read(path, hooks.signal) : 0;
  hooks.onBytes?.(doneBytes);
  return { handle: await open(path, 'a'), digest, doneBytes };
}

/** Appends until the part is whole, try after try; false where its hash is wrong, and then the part is gone. */
async function complete(
  part: Part,
  wanted: WantedFile,
  openSource: OpenSource,
  hooks: FetchFileHooks,
): Promise<boolean> {
  const delaysMs = hooks.retryDelaysMs ?? usualDelaysMs;
  try {
    for (let idle = 0; part.doneBytes < wanted.sizeBytes; ) {
      const before = part.doneBytes;
      const failure = await append(part, wanted, openSource, hooks);
      if (part.doneBytes > wanted.sizeBytes) break;
      if (failure === null) continue;
      idle = part.doneBytes > before ? 0 : idle + 1;
      const delayMs = delaysMs[idle];
      if (delayMs === undefined || failure instanceof StudioError) throw failure;
      await sleep(delayMs, undefined, hooks.signal && { signal: hooks.signal });
    }
    await part.handle.sync();
  } finally {
    await part.handle.close();
  }
  if (part.doneBytes === wanted.sizeBytes && part.digest.isRight()) return true;
  await rm(partPath(wanted));
  return false;
}

/** One try: what the source gives is appended. Answers why it ended before the file was whole; what the disk says is thrown. */
async function append(
  part: Part,
  wanted: WantedFile,
  openSource: OpenSource,
  hooks: FetchFileHooks,
): Promise<unknown> {
  let diskError: unknown = null;
  try {
    hooks.signal?.throwIfAborted();
    for await (const chunk of await openSource(part.doneBytes)) {
      hooks.signal?.throwIfAborted();
      await part.handle.appendFile(chunk).catch((error: unknown) => {
        diskError = error;
        throw error;
      });
      part.digest.update(chunk);
      part.doneBytes += chunk.length;
      hooks.onBytes?.(part.doneBytes);
      if (part.doneBytes > wanted.sizeBytes) return null;
    }
  } catch (thrown) {
    if (diskError !== null || hooks.signal?.aborted === true) throw thrown;
    return thrown;
  }
  return part.doneBytes < wanted.sizeBytes ? new Error('the connection ended early') : null;
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}

function damaged({ path, hash }: WantedFile): StudioError {
  return new StudioError(
    'unreadable',
    `${basename(path)} did not arrive as its source describes it (${hash.algorithm} ${hash.hex} was expected). Nothing of it was kept; fetch it again.`,
    { path, hash: hash.hex },
  );
}

function explain(thrown: unknown, { path }: WantedFile, signal: AbortSignal | undefined): unknown {
  if (thrown instanceof StudioError) return thrown;
  if (signal?.aborted !== true) return explainDisk(thrown, path) ?? thrown;
  const message = `${basename(path)} is not whole yet; fetching goes on from here next time.`;
  return new StudioError('cancelled', message, { path }, { cause: thrown });
}

/** What the disk says as a StudioError; null where it is not the disk that speaks. */
export function explainDisk(thrown: unknown, path: string): StudioError | null {
  const system = systemCodeOf(thrown);
  const details = { path, system };
  if (system === 'ENOSPC' || system === 'EDQUOT') {
    const message = `The disk is full: ${path} is not whole. Fetching goes on when there is room.`;
    return new StudioError('diskFull', message, details, { cause: thrown });
  }
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENAMETOOLONG'].includes(system)) {
    const message = `${path} cannot be written (${system}). Choose another folder.`;
    return new StudioError('badInput', message, details, { cause: thrown });
  }
  return null;
}

/** The promised hash and SHA-256 of the bytes that went through. */
class Digest {
  readonly #wanted: WantedFile['hash'];
  readonly #promised: Hash;
  readonly #sha256 = createHash('sha256');

  constructor({ hash, sizeBytes }: WantedFile) {
    this.#wanted = hash;
    this.#promised = createHash(hash.algorithm === 'gitBlob' ? 'sha1' : hash.algorithm);
    if (hash.algorithm === 'gitBlob') this.#promised.update(`blob ${sizeBytes}\0`);
  }

  update(bytes: Uint8Array): void {
    if (this.#wanted.algorithm !== 'sha256') this.#promised.update(bytes);
    this.#sha256.update(bytes);
  }

  /** Takes in a file; gives its size in bytes. */
  async read(path: string, signal: AbortSignal | undefined): Promise<number> {
    let sizeBytes = 0;
    const stream = createReadStream(path, { highWaterMark: 1 << 20, signal });
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      this.update(chunk);
      sizeBytes += chunk.length;
    }
    return sizeBytes;
  }

  isRight(): boolean {
    const { algorithm, hex } = this.#wanted;
    const found = algorithm === 'sha256' ? this.sha256() : this.#promised.copy().digest('hex');
    return found === hex.toLowerCase();
  }

  sha256(): string {
    return this.#sha256.copy().digest('hex');
  }
}

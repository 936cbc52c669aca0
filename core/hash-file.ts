/** SHA-256 of files, also of those that are copied meanwhile. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

interface HashHooks {
  signal: AbortSignal;
  onBytes?: (bytes: number) => void;
}

/** Read at a time: more costs small files more to clean up than it saves large ones. */
const highWaterMark = 1 << 18;

/** The SHA-256 of a file. */
export async function hashFile(path: string, { signal, onBytes }: HashHooks): Promise<string> {
  const hash = createHash('sha256');
  const chunks: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark, signal });
  for await (const chunk of chunks) {
    hash.update(chunk);
    onBytes?.(chunk.length);
  }
  return hash.digest('hex');
}

/** The bytes of a file; its SHA-256 is told before the last of them is given as such, so that whoever throws then stops the reading. */
export async function* readHashing(
  from: string | Buffer | Readable,
  { signal, onBytes }: HashHooks,
  onHash: (sha256: string) => void,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  const isStream = from instanceof Readable;
  const chunks: AsyncIterable<Buffer> = isStream ? from : createReadStream(from, { highWaterMark, signal });
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    hash.update(chunk);
    onBytes?.(chunk.length);
    yield chunk;
  }
  onHash(hash.digest('hex'));
}

/** Copies a file, or what a stream gives, into one; gives the SHA-256 of what it wrote. */
export async function copyHashing(
  from: string | Buffer | Readable,
  to: string,
  hooks: HashHooks,
): Promise<string> {
  let hash = '';
  const bytes = readHashing(from, hooks, (sha256) => {
    hash = sha256;
  });
  await pipeline(bytes, createWriteStream(to), { signal: hooks.signal });
  return hash;
}

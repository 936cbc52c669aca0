/** SHA-256 of files, also of those that are copied meanwhile. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

interface HashHooks {
  signal: AbortSignal;
  onBytes?: (bytes: number) => void;
}

const highWaterMark = 1 << 20;

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

/** Copies a file; gives the SHA-256 of what it wrote. */
export async function copyHashing(
  from: string | Buffer,
  to: string,
  { signal, onBytes }: HashHooks,
): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(
    createReadStream(from, { highWaterMark }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        onBytes?.(chunk.length);
        yield chunk;
      }
    },
    createWriteStream(to),
    { signal },
  );
  return hash.digest('hex');
}

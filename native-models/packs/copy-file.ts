/** Copies a large file: at once where the file system shares blocks, else piece by piece, so that it can be watched and withdrawn. */
import { constants, createReadStream, createWriteStream } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { toFileError } from '../checkpoints/byte-source.ts';

const pieceBytes = 4 * 1024 * 1024;

/** @throws StudioError `diskFull`, `unreadable`, `notFound`; the signal's reason. What is there of the copy after an error is the caller's to remove. */
export async function copyFileWhole(
  from: string,
  to: string,
  {
    signal,
    onBytes = () => {},
  }: { signal?: AbortSignal | undefined; onBytes?: ((bytes: number) => void) | undefined } = {},
): Promise<void> {
  signal?.throwIfAborted();
  const isShared = await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL).then(
    () => true,
    () => false,
  );
  if (isShared) return;
  const source = createReadStream(from, { highWaterMark: pieceBytes });
  source.on('data', (piece) => onBytes(piece.length));
  try {
    await pipeline(source, createWriteStream(to, { flush: true }), { signal });
  } catch (thrown) {
    if (signal?.aborted) throw signal.reason;
    const isOfSource = thrown instanceof Error && 'path' in thrown && thrown.path === from;
    throw toFileError(thrown, isOfSource ? from : to);
  }
}

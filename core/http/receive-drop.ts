/** Takes files dropped on the page in a browser, which does not say where they lie: they are copied into the library's folder. */
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StudioError } from '../../contract/errors.ts';
import { getSettings } from '../settings.ts';
import type { Studio } from '../studio.ts';

/** Makes the folder that a drop goes to: `dropped/<time> <name>` in the library. */
export async function beginDrop(studio: Studio, name: string): Promise<{ drop: string; folder: string }> {
  const time = new Date(studio.now()).toISOString().replaceAll(/[:.]/g, '-').slice(0, 19);
  const drop = `${time} ${safeName(name)}`.trim();
  const folder = join(studio.folder, 'dropped', drop);
  await mkdir(folder, { recursive: true });
  return { drop, folder };
}

/**
 * Stores one dropped file under its relative path. A file that breaks off leaves nothing behind.
 *
 * @throws StudioError `badInput` for a path that leaves the drop's folder, `tooLarge` beyond the byte limit
 */
export async function receiveDroppedFile(
  studio: Studio,
  { drop, path }: { drop: string; path: string },
  request: Request,
): Promise<Response> {
  const folder = join(studio.folder, 'dropped', safeName(drop));
  const parts = path.split('/');
  if (
    parts.some(
      (part) => part === '' || part === '.' || part === '..' || part.includes(sep) || part.includes('\0'),
    )
  ) {
    throw new StudioError('badInput', `“${path}” is not a path inside the dropped folder.`, { path });
  }
  if (request.body === null) throw new StudioError('badInput', `“${path}” came without content.`, { path });
  const to = join(folder, ...parts);
  const partial = `${to}.partial`;
  await mkdir(dirname(to), { recursive: true });
  try {
    const body = Readable.fromWeb(request.body as Parameters<typeof Readable.fromWeb>[0]);
    await pipeline(body, limitBytes(getSettings(studio).maxBytes, path), createWriteStream(partial));
    await rename(partial, to);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return new Response(null, { status: 204 });
}

function limitBytes(maxBytes: number, path: string): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.byteLength;
      if (seen > maxBytes) {
        done(
          new StudioError(
            'tooLarge',
            `“${path}” has more than ${maxBytes} bytes (the limit in the settings).`,
            { path },
          ),
        );
      } else done(null, chunk);
    },
  });
}

function safeName(name: string): string {
  const safe = name.replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, '_').slice(0, 100);
  return safe === '.' || safe === '..' ? '_' : safe;
}

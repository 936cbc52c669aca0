/** The bare loop's thread for scanning: reads a file, hashes it, makes its thumbnails by the same library calls; nothing is sent on or stored. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';

const webp = { quality: 82, effort: 2 };

/** Gives the hash, so that nothing can be left out as unused. */
export async function readAndShrink({ path, to }: { path: string; to: string }): Promise<string> {
  const bytes = await readFile(path);
  const hash = createHash('sha256').update(bytes).digest('hex');
  const { data, info } = await sharp(bytes)
    .autoOrient()
    .resize(448, 448, { fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  await sharp(data, { raw })
    .resize(224, 224, { fit: 'inside', withoutEnlargement: true })
    .webp(webp)
    .toFile(`${to}-224.webp`);
  await sharp(data, { raw }).webp(webp).toFile(`${to}.webp`);
  return hash;
}

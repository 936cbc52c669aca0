/** Feature rows of all training images, a file for each version of them below `.cache/`, so that training again is quick. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { FeatureTask } from './feature-worker.ts';
import type { TrainingImage } from './training-images.ts';
import type { Variant } from './variants.ts';

const cacheFolder = fileURLToPath(new URL('../../.cache/classic/', import.meta.url));

/**
 * The features of every image in one version, row by row in the order of `images`.
 *
 * @param about hash of what the features depend on besides the version: the images and the code
 */
export async function readFeatures(
  images: readonly TrainingImage[],
  variant: Variant,
  about: string,
): Promise<Float32Array> {
  const path = join(cacheFolder, `${about.slice(0, 16)}-${variant}.f32`);
  if (existsSync(path)) return new Float32Array(new Uint8Array(readFileSync(path)).buffer);
  const pool = new Piscina({
    filename: new URL('./feature-worker.ts', import.meta.url).href,
    name: 'measure',
    maxThreads: availableParallelism(),
    maxQueue: Number.POSITIVE_INFINITY,
  });
  try {
    const startMs = Date.now();
    const rows: Float32Array[] = await Promise.all(
      images.map(({ file, key }) => pool.run({ file, variant, key } satisfies FeatureTask)),
    );
    const length = rows[0]!.length;
    const all = new Float32Array(rows.length * length);
    for (const [row, values] of rows.entries()) all.set(values, row * length);
    mkdirSync(cacheFolder, { recursive: true });
    writeFileSync(`${path}.part`, all);
    renameSync(`${path}.part`, path);
    console.log(
      `features of ${variant}: ${rows.length} images in ${Math.round((Date.now() - startMs) / 1000)} s`,
    );
    return all;
  } finally {
    await pool.destroy();
  }
}

/** Feature rows of all training images, a file for each version of them below `.cache/`, so that training again is quick. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { createRandom } from '../../core/maths/random.ts';
import { measureFeatures } from '../../native-models/classic/features/features.ts';
import { featureSize } from '../../native-models/classic/features/workspace.ts';
import type { FeatureTask } from './feature-worker.ts';
import type { TrainingImage } from './training-images.ts';
import type { Variant } from './variants.ts';

const cacheFolder = fileURLToPath(new URL('../../.cache/classic/', import.meta.url));

/** What stored rows depend on: the images, how copies are made, and what the code measures on a picture of noise. */
export function describeFeatures(dataHash: string): string {
  const random = createRandom(1);
  const noise = Uint8Array.from({ length: featureSize * featureSize * 3 }, () => random.below(256));
  return createHash('sha256')
    .update(dataHash)
    .update(readFileSync(new URL('./variants.ts', import.meta.url)))
    .update(new Uint8Array(measureFeatures(noise).buffer))
    .digest('hex');
}

/**
 * The features of every image in one version, row by row in the order of `images`.
 *
 * @param about what `describeFeatures` gives; rows stored under another are not used
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

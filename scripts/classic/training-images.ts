/** The training side of AGIQA-3K: real images with quality and alignment MOS, verified byte for byte. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

const Row = z.object({
  name: z.string(),
  group: z.string(),
  generator: z.string(),
  mos_quality: z.coerce.number(),
  mos_align: z.coerce.number(),
  sha256: z.string(),
});

export interface TrainingImage {
  file: string;
  /** Index in the list; random copies are drawn by it. */
  key: number;
  /** The prompt: images of one prompt are never on both sides of a split. */
  group: string;
  /** Generator and variant, e.g. `sd1.5_lowcorr`. */
  variant: string;
  quality: number;
  alignment: number;
}

/**
 * Reads `images.csv` and checks every file against its SHA-256.
 *
 * @param folder the data set: `images.csv` and `images/`
 * @throws Error at the first file that is not the one the list names
 */
export function readTrainingImages(folder: string): { images: TrainingImage[]; dataHash: string } {
  const list = readFileSync(join(folder, 'images.csv'));
  const rows = z.array(Row).parse(parse(list, { columns: true }));
  const images = rows.map((row, key) => {
    const file = join(folder, 'images', row.name);
    if (createHash('sha256').update(readFileSync(file)).digest('hex') !== row.sha256) {
      throw new Error(`${file} is not the file that images.csv names.`);
    }
    const variant = row.name.replace(/_\d+\.jpg$/, '');
    return { file, key, group: row.group, variant, quality: row.mos_quality, alignment: row.mos_align };
  });
  return { images, dataHash: createHash('sha256').update(list).digest('hex') };
}

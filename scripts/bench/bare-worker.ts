/** The bare loop's thread: reads a file, decodes it, computes what `classic` gives; nothing is identified, sent or stored. */
import { readFile } from 'node:fs/promises';
import { lookClassic } from '../../native-models/classic/classic.ts';
import { decode } from '../../native-models/images/decode.ts';

const limits = { maxPixels: 64_000_000, maxBytes: 256 * 1024 * 1024 };

/** Gives the number of features, so that nothing can be left out as unused. */
export async function measureFile(path: string): Promise<number> {
  const { vectors } = lookClassic(await decode(await readFile(path), limits));
  return vectors['features']!.length;
}

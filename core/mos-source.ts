/** Where an imported MOS set came from, as it is kept with the set. */
import { z } from 'zod';

const MosSource = z.object({
  /** The public data set that it is; null for any other table. */
  layout: z.string().nullable().catch(null),
  /** Rows that are not in the set, for their pictures stand in earlier rows. */
  leftOut: z.array(z.object({ line: z.int(), name: z.string(), of: z.int() })).catch([]),
});
type MosSource = z.infer<typeof MosSource>;

/** @param source as it is stored; a study's own says nothing */
export function readMosSource(source: string | undefined): MosSource {
  return MosSource.catch({ layout: null, leftOut: [] }).parse(JSON.parse(source ?? 'null'));
}

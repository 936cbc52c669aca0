/** Where an imported MOS set came from, as it is kept with the set. */
import { z } from 'zod';
import { MosMapping } from '../contract/mos.ts';

const MosSource = z.object({
  /** The public data set that it is; null for any other table. */
  layout: z.string().nullable().catch(null),
  /** Which column was what, and on which scale; null for a study's own. */
  mapping: MosMapping.nullable().catch(null),
  /** Rows that are not in the set, for their pictures stand in earlier rows. */
  leftOut: z.array(z.object({ line: z.int(), name: z.string(), of: z.int() })).catch([]),
});
type MosSource = z.infer<typeof MosSource>;

/** @param source as it is stored; a study's own says nothing */
export function readMosSource(source: string | null | undefined): MosSource {
  return MosSource.catch({ layout: null, mapping: null, leftOut: [] }).parse(JSON.parse(source ?? 'null'));
}

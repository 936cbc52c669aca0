/** Where an imported MOS set came from, as it is kept with the set. */
import { z } from 'zod';
import { StudioError } from '../contract/errors.ts';
import { MosMapping, RatedScale } from '../contract/mos.ts';

const MosSource = z.object({
  /** The public data set that it is; null for any other table. */
  layout: z.string().nullable().catch(null),
  /** Which column was what, and on which scale; null for a study's own. */
  mapping: MosMapping.nullable().catch(null),
  /** On which scales it is, as was said after it came in: that holds before what the mapping says. */
  said: z.array(RatedScale).catch([]),
  /** Rows that are not in the set, for their pictures stand in earlier rows. */
  leftOut: z.array(z.object({ line: z.int(), name: z.string(), of: z.int() })).catch([]),
});
type MosSource = z.infer<typeof MosSource>;

/** @param source as it is stored; a study's own says nothing */
export function readMosSource(source: string | null | undefined): MosSource {
  return MosSource.catch({ layout: null, mapping: null, said: [], leftOut: [] }).parse(
    JSON.parse(source ?? 'null'),
  );
}

/** The source with what is said of its scales in place of what was said before; all else stays. @param source as it is stored */
export function withSaid(source: string, said: readonly RatedScale[]): string {
  const stored = z.record(z.string(), z.unknown()).parse(JSON.parse(source));
  return JSON.stringify({ ...stored, said });
}

export function missingMosSet(mosSetId: number): StudioError {
  return new StudioError('notFound', `There is no MOS set ${mosSetId}.`, { mosSetId });
}

/** Means of which the lowest is the best are kept turned round; on a scale that nobody said they cannot be. */
export function unturnable(dimension: string): StudioError {
  return new StudioError(
    'badInput',
    `Means of ${dimension} of which the lowest is the best are turned round on their scale: say its lowest and highest value.`,
    { dimension },
  );
}

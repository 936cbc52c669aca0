/** What compute threads say of lists of images. */
import type { ComputedSource } from '../../../db/provenance.ts';
import { describeMixedBy } from '../../computed-by.ts';
import { countFacets, countRanges } from '../count-facets.ts';
import { withDb } from '../study-votes.ts';

/** What a list has, and how it spreads. */
export { countFacets, countRanges };

/** Whether numbers of some images were not all computed alike, in words; null where they were. */
export function mixedBy(task: {
  libraryFolder: string;
  source: ComputedSource;
  imageIds: ArrayLike<number>;
}): string | null {
  return withDb(task.libraryFolder, (db) => describeMixedBy(db, task.source, Array.from(task.imageIds)));
}

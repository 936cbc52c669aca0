/** Finds the images of the library that a table of votes means. */
import type { LineProblem } from '../../contract/study-files.ts';
import type { Db } from '../../db/database.ts';
import { createNameIndex } from '../tables/name-index.ts';
import type { RawVotes } from './raw-votes.ts';

/** Null for images that the library does not know by name; those with a hash are found by it when they are stored. */
export function matchImages(
  db: Db,
  { images, votes, isAnonymous }: RawVotes,
): { ids: (number | null)[]; problems: LineProblem[] } {
  const index = createNameIndex(db);
  const problems: LineProblem[] = [];
  const ids = images.map(({ name, hash }, at) => {
    if (isAnonymous || hash !== null) return null;
    const found = index.find(name);
    if (found.length > 1) {
      const line = votes.find(({ image, pair }) => image === at || pair?.other === at)?.line ?? 1;
      problems.push({ line, reason: `${found.length} images are called “${name}”` });
    }
    return found[0] ?? null;
  });
  return { ids, problems };
}

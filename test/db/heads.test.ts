/** Scores of heads: many rows a statement, none lost at the edges. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readScores, saveHead, saveScores } from '../../db/heads.ts';
import { saveImage } from '../../db/images.ts';
import { openTemporaryDatabase } from './temporary-database.ts';

test('any number of scores is stored as given, and storing again replaces', () => {
  const db = openTemporaryDatabase();
  const most = 600;
  const imageIds = Array.from({ length: most }, (_, at) =>
    saveImage(db, { hash: `h${at}`, name: `${at}`, format: 'png', width: 1, height: 1, sizeBytes: 1 }, 0),
  );
  let headCount = 0;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: most }), (count) => {
      headCount += 1;
      const headId = saveHead(db, {
        ...{ pack_id: 'classic', name: 'h', kind: 'ridge', inputs: 'features', target: 'quality' },
        ...{ parent_id: null, is_shipped: 0, created_at: 0, data_hash: null },
        ...{ weights: Buffer.from('w'), weights_hash: `w${headCount}`, report: '{}' },
      });
      const ids = imageIds.slice(0, count);
      for (const factor of [1, 2]) {
        const values = Float32Array.from(ids, (id) => id * factor);
        db.transaction(() => saveScores(db, headId, ids, values));
        expect(readScores(db, headId)).toEqual(ids.map((id) => [id, id * factor]));
      }
    }),
    { numRuns: 12, examples: [[0], [1], [249], [250], [251], [500], [600]] },
  );
});

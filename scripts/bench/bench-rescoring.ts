/** How long it takes to apply a head to stored features: from the order to the last score on disk, the head active. */

import { createRandom } from '../../core/maths/random.ts';
import { saveFeature } from '../../db/features.ts';
import { saveImage } from '../../db/images.ts';
import { openTestStudio } from '../../test/support/open-test-studio.ts';

const times = 3;
const rowsAtOnce = 5_000;

export interface RescoringSpeed {
  head: string;
  rows: number;
  /** Each run's time in ms; the first one starts the threads. */
  runsMs: number[];
}

/** Makes a library of `rows` images with features and re-scores it with the shipped quality head. */
export async function benchRescoring(rows: number): Promise<RescoringSpeed> {
  const { studio, client, finish, close } = openTestStudio();
  try {
    const { id: packId, features } = studio.packs.get('classic')!.manifest;
    const random = createRandom(1);
    for (let at = 0; at < rows; at += rowsAtOnce) {
      studio.db.transaction(() => {
        for (let row = at; row < Math.min(rows, at + rowsAtOnce); row += 1) {
          const name = `image-${row}.png`;
          const seen = { format: 'png', width: 512, height: 512, sizeBytes: 1 };
          const imageId = saveImage(studio.db, { hash: String(row).padStart(64, '0'), name, ...seen }, 0);
          const values = Float32Array.from({ length: features.length }, () => random.next());
          saveFeature(studio.db, { packId, imageId, kind: 'features', version: features.version, values });
        }
      });
    }
    const head = (await client.heads.list()).find(({ target }) => target === 'quality')!;
    const runsMs: number[] = [];
    for (let run = 0; run < times; run += 1) {
      const startedAt = performance.now();
      const { state, summary } = await finish(await client.heads.activate({ id: head.id }));
      if (state !== 'done' || summary?.rows !== rows) throw new Error(`Re-scoring ended as ${state}.`);
      runsMs.push(performance.now() - startedAt);
    }
    return { head: head.name, rows, runsMs };
  } finally {
    await close();
  }
}

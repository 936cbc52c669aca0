/** Some labels of a MOS set, drawn by chance: of a large set all of them would keep whoever reads them. */
import type { MosChoice } from '../../contract/agreement.ts';
import type { Db } from '../../db/database.ts';
import { mosRows } from '../../db/mos.ts';
import { createRandom, shuffle } from '../maths/random.ts';

interface LabelSample {
  imageIds: number[];
  /** Null for an image without a prompt. */
  promptIds: (number | null)[];
  means: number[];
}

/** @param without images that are not drawn */
export function sampleLabels(
  db: Db,
  order: MosChoice & { seed: number; most: number; without: ReadonlySet<number> },
): LabelSample {
  const labels = mosRows(db, order.mosSetId, order.dimension).filter(
    ({ image_id }) => !order.without.has(image_id),
  );
  const places = [...labels.keys()];
  shuffle(places, createRandom(order.seed));
  const some = places.slice(0, order.most).map((at) => labels[at]!);
  return {
    imageIds: some.map((label) => label.image_id),
    promptIds: some.map((label) => label.prompt_id),
    means: some.map((label) => label.mean),
  };
}

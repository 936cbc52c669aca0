/** What planning a study asks of many images: how votes on a MOS set spread, how many prompts and generators there are. */
import type { MosChoice } from '../../contract/agreement.ts';
import type { EstimateOrReason } from '../../contract/common.ts';
import type { AskVariety, Variety } from '../../contract/study-quality.ts';
import type { Db } from '../../db/database.ts';
import { mosRows } from '../../db/mos.ts';
import { promptsAndGenerators } from '../../db/studies.ts';
import { pooledSpread } from '../maths/study/plan-panel.ts';

/** Of the votes on an image, over all that say their SD and number. */
export function readSpread(db: Db, { mosSetId, dimension }: MosChoice): EstimateOrReason {
  const rows = mosRows(db, mosSetId, dimension).flatMap(({ sd, n }) =>
    sd !== null && n !== null ? [{ sd, n }] : [],
  );
  return pooledSpread({
    n: Int32Array.from(rows, ({ n }) => n),
    sd: Float64Array.from(rows, ({ sd }) => sd),
  });
}

/** Prompts and generators of images, as labels say it and else as the library knows them. */
export function countVariety(db: Db, { imageIds, labels }: AskVariety): Variety {
  const said = new Map(labels.map((label) => [label.imageId, label]));
  const prompts = new Set<string | number>();
  const generators = new Set<string>();
  for (const { id, prompt_id, generator } of promptsAndGenerators(db, imageIds)) {
    const label = said.get(id);
    const prompt = label?.prompt ?? label?.group ?? prompt_id;
    const by = label?.generator ?? generator;
    if (prompt !== null) prompts.add(prompt);
    if (by !== null) generators.add(by);
  }
  return { prompts: prompts.size, generators: generators.size };
}

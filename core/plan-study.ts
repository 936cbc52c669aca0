/** Plans a study before it begins, with the spread of votes that a pilot or another study had. */

import type { EstimateOrReason } from '../contract/common.ts';
import { StudioError } from '../contract/errors.ts';
import type { AskVariety, PlannedStudy, PlanStudy, Variety } from '../contract/study-quality.ts';
import { mosRows } from '../db/mos.ts';
import { promptsAndGenerators } from '../db/studies.ts';
import { planPanel, pooledSpread } from './maths/study/plan-panel.ts';
import { getMosSetCore } from './mos-sets.ts';
import type { Studio } from './studio.ts';

/** @throws StudioError `notFound`; `badInput` where the pilot has no two votes on any image, or does not say its SDs and counts */
export function planStudy(studio: Studio, { spread, ...plan }: PlanStudy): PlannedStudy {
  const sd: EstimateOrReason =
    'sd' in spread
      ? { value: spread.sd, low: null, high: null, n: 0, method: 'as given' }
      : readSpread(studio, spread);
  if (!('value' in sd))
    throw new StudioError('badInput', `The pilot says nothing about the spread: ${sd.reason}`);
  return { sd, ...planPanel({ ...plan, sd: sd.value }) };
}

/** Prompts and generators of images, as labels say it and else as the library knows them. */
export function countVariety({ db }: Studio, { imageIds, labels }: AskVariety): Variety {
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

function readSpread(
  studio: Studio,
  { mosSetId, dimension }: { mosSetId: number; dimension: string },
): EstimateOrReason {
  getMosSetCore(studio, mosSetId);
  const rows = mosRows(studio.db, mosSetId, dimension).flatMap(({ sd, n }) =>
    sd !== null && n !== null ? [{ sd, n }] : [],
  );
  return pooledSpread({
    n: Int32Array.from(rows, ({ n }) => n),
    sd: Float64Array.from(rows, ({ sd }) => sd),
  });
}

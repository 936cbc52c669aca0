/** Plans a study before it begins, with the spread of votes that a pilot or another study had. */

import type { MosChoice } from '../contract/agreement.ts';
import type { EstimateOrReason } from '../contract/common.ts';
import { StudioError } from '../contract/errors.ts';
import type { PlannedStudy, PlanStudy } from '../contract/study-quality.ts';
import { planPanel } from './maths/study/plan-panel.ts';
import { getMosSetCore } from './mos-sets.ts';
import type { Studio } from './studio.ts';

/** @throws StudioError `notFound`; `badInput` where the pilot has no two votes on any image, or does not say its SDs and counts */
export async function planStudy(studio: Studio, { spread, ...plan }: PlanStudy): Promise<PlannedStudy> {
  const sd: EstimateOrReason =
    'sd' in spread
      ? { value: spread.sd, low: null, high: null, n: 0, method: 'as given' }
      : await readSpread(studio, spread);
  if (!('value' in sd))
    throw new StudioError('badInput', `The pilot says nothing about the spread: ${sd.reason}`);
  return { sd, ...planPanel({ ...plan, sd: sd.value }) };
}

async function readSpread(studio: Studio, choice: MosChoice): Promise<EstimateOrReason> {
  getMosSetCore(studio, choice.mosSetId);
  return await studio.reading.read('readSpread', choice);
}

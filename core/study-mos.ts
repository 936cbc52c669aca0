/** Keeps the MOS of a study in step with its votes: the image that was voted on, and what is measured against a reference. */
import { dmosKey } from '../contract/studies.ts';
import { deleteMos, saveMos } from '../db/mos.ts';
import { countedVotes, countedVotesWithReference, referencesAround } from '../db/votes.ts';
import { summariseVotes } from './maths/mos.ts';
import { differ } from './maths/study/dmos.ts';
import { endsOf } from './scale-ends.ts';
import type { StudyCore } from './studies.ts';
import type { Studio } from './studio.ts';

/**
 * The MOS of one image from its counted votes (role `main`: one a rater, the first of several showings). With hidden references, also the
 * DMOS of every image that the vote concerns, under the dimension `dmos_…` (ITU-T P.910, ACR-HR). Call it in the transaction of the vote.
 */
export function updateMos(
  { db }: Pick<Studio, 'db'>,
  study: StudyCore,
  { imageId, dimension }: { imageId: number; dimension: string },
): void {
  const mosSetId = study.mos_set_id;
  const values = countedVotes(db, study.id, imageId, dimension);
  if (values.length > 0) saveMos(db, { mosSetId, dimension, imageId, ...summariseVotes(values) });
  else deleteMos(db, { mosSetId, dimension, imageId });
  if (study.design.plan.method !== 'hiddenReference') return;
  const asked = study.design.dimensions.find(({ key }) => key === dimension)!;
  for (const { image_id, reference_id } of referencesAround(db, study.id, imageId)) {
    const place = { imageId: image_id, referenceId: reference_id, dimension };
    const pairs = countedVotesWithReference(db, study.id, place);
    const derived = { mosSetId, dimension: dmosKey(dimension), imageId: image_id };
    if (pairs.length === 0) {
      deleteMos(db, derived);
      continue;
    }
    const { high } = endsOf(asked.scale);
    const summary = summariseVotes(pairs.map(([own, reference]) => differ(own, reference, high)));
    saveMos(db, { ...derived, ...summary });
  }
}

/** Creates studies and rates them as a rater's page does, in process. */
import { randomUUID } from 'node:crypto';
import type { NewStudy, RatingSession } from '../../contract/studies.ts';
import { ratingClient } from './add-images.ts';
import type { TestStudio } from './open-test-studio.ts';

/** What a test of studies does over and over, on one studio. */
export function rateStudies({ client, studio }: TestStudio) {
  async function vote({ sessionId }: RatingSession, presentationId: number, value: number) {
    const times = { shownMs: 900, keyMs: 700, pausedMs: 20 };
    const sent = { sessionId, presentationId, dimension: 'quality', value, ...times };
    return await client.rating.vote({ ...sent, key: randomUUID() });
  }
  return {
    create: async (study: NewStudy) => await client.studies.create(study),
    open: async (studyId: number, raterName = 'Ada') =>
      await client.rating.open({ studyId, raterName, client: ratingClient }),
    vote,
    /** Votes on every presentation, in order. */
    async voteAll(session: RatingSession, choose: (imageId: number, at: number) => number) {
      for (const [at, { id, imageId }] of session.presentations.entries()) {
        await vote(session, id, choose(imageId, at));
      }
    },
    /** Role and image of a rater's presentations, in order. */
    rolesOf: (studyId: number, raterName = 'Ada') =>
      studio.db
        .prepare(
          `SELECT p.role, p.image_id FROM presentation p JOIN rater r ON r.id = p.rater_id
           WHERE p.study_id = ? AND r.name = ? ORDER BY p.position`,
        )
        .raw(true)
        .all(studyId, raterName) as [string, number][],
  };
}

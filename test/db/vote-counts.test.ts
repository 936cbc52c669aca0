/** Votes counted as they come are those that the view counts anew: corrections, rivals of another machine, several dimensions, pairs. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createRandom } from '../../core/maths/random.ts';
import type { Db } from '../../db/database.ts';
import { saveImage } from '../../db/images.ts';
import { insertMosSet } from '../../db/mos.ts';
import { insertPresentation, insertSession, listRaters, saveRater } from '../../db/sittings.ts';
import { insertStudy, studyById } from '../../db/studies.ts';
import { countSomeVotes, forgetVoteCounts } from '../../db/vote-counts.ts';
import { currentVote, insertPairVote, insertVote } from '../../db/votes.ts';
import { openTemporaryDatabase } from './temporary-database.ts';

const dimensions = ['quality', 'alignment'];

function addStudy(db: Db, name: string) {
  const image = { hash: name, name, format: null, width: null, height: null, sizeBytes: null };
  const imageId = saveImage(db, image, 0);
  const studyId = insertStudy(db, { name, design: '{}', imageIds: [imageId] }, 0);
  const set = { name, kind: 'study' as const, method: '', source: '{}', created_at: 0 };
  insertMosSet(db, { ...set, study_id: studyId });
  return ['Ada', 'Bo', 'Cy'].map((rater) => {
    const raterId = saveRater(db, rater, 0).id;
    const whose = { studyId, raterId };
    return {
      ...whose,
      sessionId: insertSession(db, { study_id: studyId, rater_id: raterId, started_at: 0, client: '{}' }),
      presentations: Array.from({ length: 4 }, (_, position) =>
        insertPresentation(db, whose, { imageId, role: 'main', position }),
      ),
    };
  });
}

/** What the views say, which walk all votes. */
function recount(db: Db, studyId: number) {
  return db
    .prepare(
      `WITH cast_vote AS (SELECT rater_id, presentation_id, cast_at FROM current_vote WHERE study_id = @studyId
         UNION ALL SELECT rater_id, presentation_id, cast_at FROM current_pair_vote WHERE study_id = @studyId),
       per AS (SELECT rater_id, presentation_id, count(*) AS n, max(cast_at) AS last FROM cast_vote GROUP BY 1, 2)
       SELECT rater_id AS id, sum(n) AS votes, sum(n >= @all) AS done, max(last) AS last_vote_at FROM per GROUP BY 1 ORDER BY 1`,
    )
    .all({ studyId, all: dimensions.length });
}

test('votes are counted as they come, as the views would count all of them', () => {
  const db = openTemporaryDatabase();
  const random = createRandom(4);
  const raters = [...addStudy(db, 'first'), ...addStudy(db, 'second')];
  const studyIds = [...new Set(raters.map(({ studyId }) => studyId))];
  for (let at = 0; at < 300; at += 1) {
    const { studyId: votedIn, presentations, sessionId } = raters[random.below(raters.length)]!;
    const presentationId = presentations[random.below(presentations.length)]!;
    const dimension = dimensions[random.below(2)]!;
    // A study asks for one kind of votes.
    const isPair = votedIn === studyIds[1];
    const view = isPair ? 'current_pair_vote' : 'current_vote';
    const before = currentVote(db, view, { presentationId, dimension });
    // A correction names what it corrects; a vote of another machine does not, and may be the earlier one.
    const isMerged = random.next() < 0.3;
    const row = {
      ...{
        presentation_id: presentationId,
        session_id: sessionId,
        dimension,
        key: randomUUID(),
        shown_ms: 1,
      },
      cast_at: isMerged ? random.below(400) : Math.max(at, (before?.cast_at ?? 0) + 1),
      supersedes: isMerged ? null : (before?.id ?? null),
    };
    if (isPair) insertPairVote(db, { ...row, choice: 'left' });
    else insertVote(db, { ...row, value: 3 });
    if (random.next() < 0.7) continue;
    for (const studyId of studyIds) {
      const expected = recount(db, studyId);
      const found = listRaters(db, studyId, dimensions.length)
        .filter(({ votes }) => votes > 0)
        .sort((a, b) => a.id - b.id)
        .map(({ id, votes, done, last_vote_at }) => ({ id, votes, done, last_vote_at }));
      expect(found).toEqual(expected);
      expect(studyById(db, studyId)!.raters).toBe(expected.length);
    }
  }
});

test('what a transaction takes back was never counted, and votes that were taken away are counted no more', () => {
  const db = openTemporaryDatabase();
  const [{ studyId, sessionId, presentations }] = addStudy(db, 'one') as [
    ReturnType<typeof addStudy>[number],
  ];
  const cast = (at: number) =>
    insertVote(db, {
      ...{ presentation_id: presentations[at]!, session_id: sessionId, dimension: 'quality', value: 3 },
      ...{ key: randomUUID(), shown_ms: 1, cast_at: 1, supersedes: null },
    });
  const votes = () => studyById(db, studyId)!.votes;
  cast(0);
  expect(votes()).toBe(1);
  const taken = () =>
    db.transaction(() => {
      cast(1);
      expect(votes()).toBe(2);
      throw new Error('taken back');
    });
  expect(taken).toThrow('taken back');
  expect(votes()).toBe(1);
  forgetVoteCounts(db);
  while (countSomeVotes(db));
  expect(votes()).toBe(1);
});

/** Votes are only ever added; what counts follows from them. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Db } from '../../db/database.ts';
import { saveImage } from '../../db/images.ts';
import { insertMosSet } from '../../db/mos.ts';
import { insertPresentations, insertSession, presentationsOf, saveRater } from '../../db/sittings.ts';
import { insertStudy, studyById } from '../../db/studies.ts';
import {
  countedVotes,
  currentVote,
  insertVote,
  longVotes,
  ratersWithSessions,
  voteIdsOf,
} from '../../db/votes.ts';
import { openTemporaryDatabase } from './temporary-database.ts';

let db: Db;
let studyId: number;
let imageIds: number[];
let presentationId: number;
let sessionId: number;

beforeEach(() => {
  db = openTemporaryDatabase();
  imageIds = ['a', 'b'].map((hash) =>
    saveImage(
      db,
      { hash: hash.repeat(64), name: `${hash}.png`, format: 'png', width: 1, height: 1, sizeBytes: 1 },
      0,
    ),
  );
  studyId = insertStudy(db, { name: 'S', design: '{}', imageIds }, 0);
  insertMosSet(db, { name: 'S', kind: 'study', study_id: studyId, method: '', source: '{}', created_at: 0 });
  const rater = saveRater(db, 'Ada', 0);
  insertPresentations(
    db,
    { studyId, raterId: rater.id },
    imageIds.map((imageId) => ({ imageId, role: 'main' })),
  );
  presentationId = presentationsOf(db, studyId, rater.id)[0]!.id;
  sessionId = insertSession(db, { study_id: studyId, rater_id: rater.id, started_at: 0, client: '{}' });
});

function vote(key: string, value: number, supersedes: number | null = null): number {
  return insertVote(db, {
    ...{ presentation_id: presentationId, session_id: sessionId, dimension: 'quality', value, key },
    ...{ shown_ms: 500, cast_at: 1, supersedes },
  });
}

describe('votes', () => {
  test('cannot be changed', () => {
    vote('k', 3);
    expect(() => db.sqlite.exec('UPDATE vote SET value = 5')).toThrow('append-only');
  });

  test('cannot be deleted', () => {
    vote('k', 3);
    expect(() => db.sqlite.exec('DELETE FROM vote')).toThrow('append-only');
  });

  test('with the same key are refused, also where it is another value', () => {
    vote('k', 3);
    expect(() => vote('k', 4)).toThrow(/UNIQUE/);
  });

  test('are superseded once at most', () => {
    const first = vote('k1', 3);
    vote('k2', 4, first);
    expect(() => vote('k3', 5, first)).toThrow(/UNIQUE/);
  });

  test('that were superseded stay, and only the last one counts', () => {
    const first = vote('k1', 3);
    const second = vote('k2', 4, first);
    expect(currentVote(db, 'current_vote', { presentationId, dimension: 'quality' })?.id).toBe(second);
    const imageId = db.sqlite
      .prepare('SELECT image_id FROM presentation WHERE id = ?')
      .pluck()
      .get(presentationId);
    expect(countedVotes(db, studyId, Number(imageId), 'quality')).toEqual([4]);
    expect(studyById(db, studyId)?.votes).toBe(1);
    const ids = ratersWithSessions(db, studyId).flatMap((rater) => voteIdsOf(db, studyId, rater));
    expect(longVotes(db, ids).map(({ value, is_current }) => [value, is_current])).toEqual([
      [3, 0],
      [4, 1],
    ]);
  });
});

test('a rater’s name is one, whatever its case', () => {
  expect(saveRater(db, 'ADA', 9).id).toBe(saveRater(db, 'ada', 9).id);
});

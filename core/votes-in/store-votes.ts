/** Stores raw votes in a study: presentations and sessions as the table tells them, or as they follow from its order. */
import { randomUUID } from 'node:crypto';
import { StudioError } from '../../contract/errors.ts';
import { insertPresentations, insertSession, saveRater, sessionIdByUid } from '../../db/sittings.ts';
import { newUid } from '../../db/studies.ts';
import { presentationsByUid } from '../../db/study-results.ts';
import { insertVote } from '../../db/votes.ts';
import type { Studio } from '../studio.ts';
import type { RawVote, RawVotes } from './raw-votes.ts';

interface Place {
  uid: string;
  image: number;
  role: RawVote['role'];
  position: number;
}

/** @throws StudioError `badInput` where keys, sessions or positions contradict each other */
export function storeRawVotes(
  studio: Studio,
  studyId: number,
  { read, imageIds }: { read: RawVotes; imageIds: readonly number[] },
): void {
  const { db } = studio;
  const at = studio.now();
  const client = JSON.stringify({ importedFrom: read.fileName });
  const placeOf = new Map<RawVote, string>();
  const sessionOf = new Map<RawVote, number>();
  for (const votes of Map.groupBy(read.votes, ({ rater }) => rater.toLowerCase()).values()) {
    const rater = saveRater(db, votes[0]!.rater, at);
    const places = placeVotes(votes, placeOf);
    insertPresentations(
      db,
      { studyId, raterId: rater.id },
      places.map(({ uid, image, role, position }) => ({ uid, role, position, imageId: imageIds[image]! })),
    );
    for (const [uid, own] of Map.groupBy(votes, ({ identity }) => identity?.session ?? 'the only one')) {
      const isNamed = own[0]!.identity !== null;
      if (isNamed && sessionIdByUid(db, uid) !== undefined) {
        throw new StudioError('conflict', `A session of ${read.fileName} is in this library already.`);
      }
      const times = own.map(({ identity }) => identity?.castAt ?? at);
      const [first, last] = times.reduce(([a, b], time) => [Math.min(a, time), Math.max(b, time)], [at, 0]);
      const ids = { study_id: studyId, rater_id: rater.id, uid: isNamed ? uid : newUid() };
      const id = insertSession(db, { ...ids, client, started_at: first!, ended_at: last! });
      for (const vote of own) sessionOf.set(vote, id);
    }
  }
  insertAll(studio, studyId, { read, placeOf, sessionOf });
}

/** The presentations that a rater's votes were given on; says of every vote which one. */
function placeVotes(votes: readonly RawVote[], placeOf: Map<RawVote, string>): Place[] {
  const places = new Map<string, Place>();
  const showings = new Map<string, number>();
  for (const vote of votes) {
    const { image, identity, dimension } = vote;
    const asked = `${image} ${dimension}`;
    const showing = showings.get(asked) ?? 0;
    showings.set(asked, showing + 1);
    const key = identity === null ? `${image} ${showing}` : `#${identity.position}`;
    const role = identity === null && vote.role === 'main' && showing > 0 ? 'repeat' : vote.role;
    const place = places.get(key) ?? {
      uid: newUid(),
      image,
      role,
      position: identity?.position ?? places.size,
    };
    if (place.image !== image) {
      throw new StudioError(
        'badInput',
        `Line ${vote.line}: another image stands at this position of the rater.`,
      );
    }
    places.set(key, place);
    placeOf.set(vote, place.uid);
  }
  return [...places.values()];
}

/** In the order of the file, so that an export gives it back. */
function insertAll(
  studio: Studio,
  studyId: number,
  {
    read,
    placeOf,
    sessionOf,
  }: { read: RawVotes; placeOf: Map<RawVote, string>; sessionOf: Map<RawVote, number> },
): void {
  const { db } = studio;
  const at = studio.now();
  const presentations = presentationsByUid(db, studyId);
  const ids = new Map<string, number>();
  for (const vote of read.votes) {
    const { identity, line } = vote;
    const key = identity?.key ?? randomUUID();
    const supersedes = identity?.supersedes ?? null;
    if (ids.has(key)) throw new StudioError('badInput', `Line ${line}: this vote stands there twice.`);
    if (supersedes !== null && !ids.has(supersedes)) {
      throw new StudioError(
        'badInput',
        `Line ${line}: the vote that this one corrects does not come before it.`,
      );
    }
    const id = insertVote(db, {
      presentation_id: presentations.get(placeOf.get(vote)!)!.id,
      session_id: sessionOf.get(vote)!,
      dimension: vote.dimension,
      value: vote.value,
      key,
      shown_ms: vote.shownMs ?? 0,
      key_ms: vote.keyMs,
      paused_ms: vote.pausedMs,
      cast_at: identity?.castAt ?? at,
      supersedes: supersedes === null ? null : ids.get(supersedes)!,
    });
    ids.set(key, id);
  }
}

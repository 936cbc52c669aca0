/** Results of a study out of one library and into another: taken in any order and any number of times, the same comes of it. */
import { createHash } from 'node:crypto';
import { StudioError } from '../../contract/errors.ts';
import type { TableSource } from '../../contract/mos.ts';
import type { Merged } from '../../contract/study-files.ts';
import { insertSession, insertSessionNote, raterByName, sessionIdByUid } from '../../db/sittings.ts';
import { studyIdByUid } from '../../db/studies.ts';
import {
  endSessionAtLeast,
  notesOfStudy,
  presentationsByUid,
  resultPairVotes,
  resultVotes,
  sessionsOfStudy,
  studyContent,
} from '../../db/study-results.ts';
import { insertPairVote, insertVote, pairVoteByKey, voteByKey } from '../../db/votes.ts';
import { isOnScale } from '../check-study.ts';
import { freeze } from '../freeze-study.ts';
import { getStudyCore, type StudyCore } from '../studies.ts';
import type { Studio } from '../studio.ts';
import { updateMos } from '../study-mos.ts';
import { decodeText } from '../tables/decode-text.ts';
import { readSource } from '../tables/read-table.ts';
import { StudyResults } from './pack-format.ts';

/** Everything that was rated in a study here. @throws StudioError `notFound` */
export function describeResults(studio: Studio, studyId: number): StudyResults {
  const { db } = studio;
  const study = getFrozen(studio, studyId);
  const notes = Map.groupBy(notesOfStudy(db, studyId), ({ session_id }) => session_id);
  const sessions = sessionsOfStudy(db, studyId).map((row) => ({
    uid: row.uid,
    rater: row.rater,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    sittingAt: row.sitting_at,
    client: row.client,
    notes: (notes.get(row.id) ?? []).map(({ key, kind, at, duration_ms: durationMs, detail }) => ({
      ...{ key, kind, at, durationMs, detail },
    })),
  }));
  return {
    format: 'sf-iqa-studio/study-results',
    version: 1,
    study: { uid: study.uid, name: study.name, manifestHash: study.manifest_hash ?? '' },
    sessions,
    votes: resultVotes(db, studyId).map((row) => ({ ...describeCast(row), value: row.value })),
    pairVotes: resultPairVotes(db, studyId).map((row) => ({ ...describeCast(row), choice: row.choice })),
  };
}

/** A study whose design cannot change any more: results name it by its hash. */
function getFrozen(studio: Studio, studyId: number): StudyCore {
  studio.db.transaction(() => freeze(studio, getStudyCore(studio, studyId)));
  return getStudyCore(studio, studyId);
}

function describeCast(
  row: ReturnType<typeof resultVotes>[number] | ReturnType<typeof resultPairVotes>[number],
) {
  return {
    key: row.key,
    presentation: row.presentation,
    session: row.session,
    dimension: row.dimension,
    shownMs: row.shown_ms,
    keyMs: row.key_ms,
    pausedMs: row.paused_ms,
    castAt: row.cast_at,
  };
}

/**
 * Takes results in, all or nothing. Sessions and votes that are known are passed over; of two machines' votes on one presentation the
 * later one counts. Links between a vote and its correction are not carried over: that the later counts says the same.
 *
 * @throws StudioError `badInput` where the file is no results or does not fit the study; `notFound` for a study that is not here;
 * `conflict` where the design is another version
 */
export async function mergeResults(studio: Studio, source: TableSource): Promise<Merged> {
  const { fileName, bytes } = await readSource(source);
  const results = parseResults(decodeText(bytes).text, fileName);
  const study = findStudy(studio, results);
  const merged = studio.db.transaction(() => {
    const before = { sessions: 0, votes: 0, known: 0 };
    const sessions = mergeSessions(studio, { study, results, counts: before });
    mergeVotes(studio, { study, results, sessions, counts: before });
    return before;
  });
  studio.bus.changed('studies', 'votes', 'mos');
  return { studyId: study.id, ...merged, contentHash: hashStudyContent(studio, study.id) };
}

function parseResults(text: string, fileName: string): StudyResults {
  try {
    return StudyResults.parse(JSON.parse(text));
  } catch (error) {
    throw new StudioError('badInput', `${fileName} is not a file of study results.`, {}, { cause: error });
  }
}

function findStudy(studio: Studio, { study: wanted }: StudyResults): StudyCore {
  const id = studyIdByUid(studio.db, wanted.uid);
  if (id === undefined) {
    throw new StudioError('notFound', `The study “${wanted.name}” is not in this library.`, {
      uid: wanted.uid,
    });
  }
  const study = getFrozen(studio, id);
  if (study.manifest_hash === wanted.manifestHash) return study;
  throw new StudioError('conflict', `These results belong to another design of “${study.name}”.`, {
    studyId: id,
  });
}

interface Merge {
  study: StudyCore;
  results: StudyResults;
  counts: { sessions: number; votes: number; known: number };
}

/** Ids of the sessions here, by uid, with whose they are. */
function mergeSessions({ db }: Studio, { study, results, counts }: Merge): Map<string, Session> {
  return new Map(
    results.sessions.map((session): [string, Session] => {
      const rater = raterByName(db, session.rater);
      if (rater === undefined) throw unknown(`rater “${session.rater}”`);
      const known = sessionIdByUid(db, session.uid);
      const id =
        known ??
        insertSession(db, {
          study_id: study.id,
          rater_id: rater.id,
          started_at: session.startedAt,
          client: session.client,
          uid: session.uid,
          sitting_at: session.sittingAt ?? session.startedAt,
        });
      if (known === undefined) counts.sessions += 1;
      if (session.endedAt !== null) endSessionAtLeast(db, id, session.endedAt);
      for (const { durationMs, ...note } of session.notes) {
        insertSessionNote(db, { session_id: id, duration_ms: durationMs, ...note });
      }
      return [session.uid, { id, raterId: rater.id }];
    }),
  );
}

interface Session {
  id: number;
  raterId: number;
}

function mergeVotes(
  studio: Studio,
  { study, results, sessions, counts }: Merge & { sessions: ReadonlyMap<string, Session> },
): void {
  const { db } = studio;
  const presentations = presentationsByUid(db, study.id);
  const dimensions = new Map(study.design.dimensions.map((dimension) => [dimension.key, dimension]));
  const touched = new Map<string, { imageId: number; dimension: string }>();
  function locate(vote: StudyResults['votes'][number] | StudyResults['pairVotes'][number]) {
    const presentation = presentations.get(vote.presentation);
    const session = sessions.get(vote.session);
    const dimension = dimensions.get(vote.dimension);
    if (presentation === undefined || session === undefined || session.raterId !== presentation.rater_id) {
      throw unknown(`presentation of vote ${vote.key}`);
    }
    if (dimension === undefined) throw unknown(`dimension “${vote.dimension}”`);
    const row = {
      presentation_id: presentation.id,
      session_id: session.id,
      dimension: vote.dimension,
      key: vote.key,
      shown_ms: vote.shownMs,
      key_ms: vote.keyMs,
      paused_ms: vote.pausedMs,
      cast_at: vote.castAt,
      supersedes: null,
    };
    return { presentation, dimension, row };
  }
  for (const vote of results.votes) {
    const { presentation, dimension, row } = locate(vote);
    if (!isOnScale(vote.value, dimension.scale)) throw unknown(`value ${vote.value} of vote ${vote.key}`);
    if (voteByKey(db, vote.key) !== undefined) {
      counts.known += 1;
      continue;
    }
    insertVote(db, { ...row, value: vote.value });
    counts.votes += 1;
    if (presentation.role !== 'main') continue;
    const place = { imageId: presentation.image_id, dimension: vote.dimension };
    touched.set(`${place.imageId} ${place.dimension}`, place);
  }
  for (const vote of results.pairVotes) {
    const { row } = locate(vote);
    if (pairVoteByKey(db, vote.key) !== undefined) counts.known += 1;
    else {
      insertPairVote(db, { ...row, choice: vote.choice });
      counts.votes += 1;
    }
  }
  for (const place of touched.values()) updateMos(studio, study, place);
}

function unknown(what: string): StudioError {
  return new StudioError('badInput', `Nothing was taken in: the study here knows no ${what}.`);
}

/** A hash of all that a study holds, the same in every library that holds the same. */
export function hashStudyContent({ db }: Pick<Studio, 'db'>, studyId: number): string {
  const hash = createHash('sha256');
  for (const row of studyContent(db, studyId)) hash.update(`${JSON.stringify(row)}\n`);
  return hash.digest('hex');
}

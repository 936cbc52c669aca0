/** Raw votes in long form: one row a vote, superseded ones too, so that any analysis can be done again elsewhere. */
import { setImmediate } from 'node:timers/promises';
import { type LongVote, longVotes, ratersWithSessions, voteIdsOf } from '../../db/votes.ts';
import { getStudyCore } from '../studies.ts';
import type { Studio } from '../studio.ts';
import { fileStem } from './file-stem.ts';
import type { Cell, ColumnType, Table } from './table.ts';

const columns: Record<string, [type: ColumnType, cellOf: (vote: LongVote) => Cell]> = {
  vote: ['text', (vote) => vote.key],
  image: ['text', (vote) => vote.image],
  sha256: ['text', (vote) => vote.hash],
  prompt: ['text', (vote) => vote.prompt],
  generator: ['text', (vote) => vote.generator],
  rater: ['text', (vote) => vote.rater],
  session: ['text', (vote) => vote.session],
  position: ['integer', (vote) => vote.position],
  role: ['text', (vote) => vote.role],
  dimension: ['text', (vote) => vote.dimension],
  value: ['number', (vote) => vote.value],
  shown_ms: ['integer', (vote) => Math.round(vote.shown_ms)],
  key_ms: ['integer', (vote) => roundOrNull(vote.key_ms)],
  paused_ms: ['integer', (vote) => roundOrNull(vote.paused_ms)],
  cast_at: ['time', (vote) => new Date(vote.cast_at).toISOString()],
  supersedes: ['text', (vote) => vote.supersedes],
  is_current: ['integer', (vote) => vote.is_current],
};

function roundOrNull(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}

const blockRows = 500;

/**
 * Votes go by their keys and sessions by their uids, which an import keeps. Which votes there are is asked first, so that a block costs
 * the same wherever it stands, and those that come meanwhile are left for the next export.
 *
 * @throws StudioError `notFound`
 */
export async function tabulateVotes(studio: Studio, studyId: number): Promise<Table> {
  const study = getStudyCore(studio, studyId);
  const cells = Object.values(columns).map(([, cellOf]) => cellOf);
  const ids = await findVotes(studio, studyId);
  function* rows(): Generator<Cell[]> {
    for (let at = 0; at < ids.length; at += blockRows) {
      const block = longVotes(studio.db, [...ids.subarray(at, at + blockRows)]);
      for (const vote of block) yield cells.map((cellOf) => cellOf(vote));
    }
  }
  return {
    name: `${fileStem(study.name)} votes`,
    columns: Object.entries(columns).map(([name, [type]]) => ({ name, type })),
    rows: rows(),
    rowCount: ids.length,
  };
}

/** In the order they were cast. */
async function findVotes({ db }: Studio, studyId: number): Promise<Float64Array> {
  const ids: number[][] = [];
  for (const raterId of ratersWithSessions(db, studyId)) {
    ids.push(voteIdsOf(db, studyId, raterId));
    await setImmediate();
  }
  return Float64Array.from(ids.flat()).sort();
}

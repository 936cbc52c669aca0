/** How many votes count, by study and rater. Votes are only ever added, so each is counted once, and a count costs what is new. */
import type { Db } from './database.ts';

/** What a rater has voted in a study. */
export interface RaterCount {
  /** Votes that count: one a presentation and dimension, however often it was corrected. */
  votes: number;
  /** Presentations by how many dimensions have a vote: those with one at least, with two at least, … */
  presentations: number[];
  lastVoteAt: number;
}

interface Counts {
  /** The last vote of each table that was counted. */
  counted: { vote: number; pair_vote: number };
  byStudy: Map<number, Map<number, RaterCount>>;
}

/** Votes that are counted at once: some milliseconds. */
const votesAtOnce = 4000;
const tables = ['vote', 'pair_vote'] as const;

const kept = new WeakMap<Db, Counts>();

/** What everybody has voted in a study, by rater. Where many votes were not counted yet, call `countSomeVotes` before. */
export function voteCountsOf(db: Db, studyId: number): ReadonlyMap<number, RaterCount> {
  const counts = countsOf(db);
  while (countSome(db, counts));
  return counts.byStudy.get(studyId) ?? new Map();
}

/** Counts some milliseconds' worth of votes; false where all are counted. */
export function countSomeVotes(db: Db): boolean {
  return countSome(db, countsOf(db));
}

/** For whoever takes votes away, which only an import that was broken off does. */
export function forgetVoteCounts(db: Db): void {
  kept.delete(db);
}

/** What a transaction sees may be taken back: counts that are made in one are not kept. */
function countsOf(db: Db): Counts {
  const known = kept.get(db);
  if (known !== undefined && !db.sqlite.inTransaction) return known;
  const counts: Counts = { counted: { vote: 0, pair_vote: 0 }, byStudy: new Map() };
  if (!db.sqlite.inTransaction) kept.set(db, counts);
  return counts;
}

interface Block {
  last: number;
  study_id: number;
  rater_id: number;
  /** Dimensions with a vote on the presentation, this one included; the same again for corrections. */
  dimensions: number;
  firsts: number;
  last_vote_at: number;
}

function countSome(db: Db, { counted, byStudy }: Counts): boolean {
  for (const table of tables) {
    const rows = readBlock(db, table, counted[table]);
    if (rows.length === 0) continue;
    for (const { last, study_id, rater_id, dimensions, firsts, last_vote_at } of rows) {
      const raters = byStudy.get(study_id) ?? new Map<number, RaterCount>();
      byStudy.set(study_id, raters);
      const count = raters.get(rater_id) ?? { votes: 0, presentations: [], lastVoteAt: 0 };
      raters.set(rater_id, count);
      count.votes += firsts;
      count.presentations[dimensions - 1] = (count.presentations[dimensions - 1] ?? 0) + firsts;
      count.lastVoteAt = Math.max(count.lastVoteAt, last_vote_at);
      counted[table] = Math.max(counted[table], last);
    }
    return true;
  }
  return false;
}

/** The first vote on a presentation and dimension brings it among those with one more dimension; later ones change no number. */
function readBlock(db: Db, table: (typeof tables)[number], after: number): Block[] {
  return db
    .prepare(
      `WITH fresh AS (SELECT id, presentation_id, dimension, cast_at FROM ${table} WHERE id > @after ORDER BY id LIMIT @most)
       SELECT max(v.id) AS last, p.study_id, p.rater_id, max(v.cast_at) AS last_vote_at,
              (SELECT count(DISTINCT e.dimension) FROM ${table} e WHERE e.presentation_id = v.presentation_id AND e.id <= v.id)
                AS dimensions,
              sum(NOT EXISTS (SELECT 1 FROM ${table} e
                              WHERE e.presentation_id = v.presentation_id AND e.dimension = v.dimension AND e.id < v.id)) AS firsts
       FROM fresh v JOIN presentation p ON p.id = v.presentation_id GROUP BY p.study_id, p.rater_id, dimensions`,
    )
    .all({ after, most: votesAtOnce }) as Block[];
}

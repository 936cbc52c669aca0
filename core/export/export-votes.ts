/** Raw votes in long form: one row a vote, superseded ones too, so that any analysis can be done again elsewhere. */
import { type LongVote, votesAfter } from '../../db/votes.ts';
import { getStudyCore } from '../studies.ts';
import type { Studio } from '../studio.ts';
import { fileStem } from './export-mos.ts';
import type { Cell, Table } from './table.ts';

const columns = {
  vote: (vote) => vote.key,
  image: (vote) => vote.image,
  sha256: (vote) => vote.hash,
  prompt: (vote) => vote.prompt,
  generator: (vote) => vote.generator,
  rater: (vote) => vote.rater,
  session: (vote) => vote.session,
  position: (vote) => vote.position,
  role: (vote) => vote.role,
  dimension: (vote) => vote.dimension,
  value: (vote) => vote.value,
  shown_ms: (vote) => Math.round(vote.shown_ms),
  key_ms: (vote) => roundOrNull(vote.key_ms),
  paused_ms: (vote) => roundOrNull(vote.paused_ms),
  cast_at: (vote) => new Date(vote.cast_at).toISOString(),
  supersedes: (vote) => vote.supersedes,
  is_current: (vote) => vote.is_current,
} satisfies Record<string, (vote: LongVote) => Cell>;

function roundOrNull(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}

const blockRows = 1000;

/** Votes go by their keys and sessions by their uids, which an import keeps. @throws StudioError `notFound` */
export function tabulateVotes(studio: Studio, studyId: number): Table {
  const study = getStudyCore(studio, studyId);
  function* rows(): Generator<Cell[]> {
    let block = votesAfter(studio.db, studyId, 0, blockRows);
    while (block.length > 0) {
      for (const vote of block) yield Object.values(columns).map((cellOf) => cellOf(vote));
      block = votesAfter(studio.db, studyId, block.at(-1)!.id, blockRows);
    }
  }
  return { fileName: `${fileStem(study.name)} votes.csv`, columns: Object.keys(columns), rows: rows() };
}

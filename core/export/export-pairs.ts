/** Choices between pairs in long form: one row a choice, superseded ones too. */
import { longPairVotes } from '../../db/votes.ts';
import { getStudyCore } from '../studies.ts';
import type { Studio } from '../studio.ts';
import { fileStem } from './export-mos.ts';
import type { Cell, Table } from './table.ts';

const columns = [
  ...[
    'vote',
    'left',
    'left_sha256',
    'right',
    'right_sha256',
    'prompt',
    'rater',
    'session',
    'position',
    'role',
  ],
  ...['dimension', 'choice', 'shown_ms', 'key_ms', 'paused_ms', 'cast_at', 'supersedes', 'is_current'],
];

/** @throws StudioError `notFound` */
export function tabulatePairs(studio: Studio, studyId: number): Table {
  const study = getStudyCore(studio, studyId);
  const rows = longPairVotes(studio.db, studyId).map(({ cast_at: castAt, ...row }): Cell[] => {
    const cells: Record<string, Cell> = { ...row, cast_at: new Date(castAt).toISOString() };
    return columns.map((column) => cells[column] ?? null);
  });
  return { fileName: `${fileStem(study.name)} pairs.csv`, columns, rows };
}

/** Choices between pairs in long form: one row a choice, superseded ones too. */
import { longPairVotes } from '../../db/votes.ts';
import { getStudyCore } from '../studies.ts';
import type { Studio } from '../studio.ts';
import { fileStem } from './file-stem.ts';
import { type Cell, columnsOf, type Table } from './table.ts';

const columns = [
  ...columnsOf('text', [
    ...['vote', 'left', 'left_sha256', 'right', 'right_sha256', 'prompt', 'rater', 'session'],
  ]),
  ...columnsOf('integer', ['position']),
  ...columnsOf('text', ['role', 'dimension', 'choice']),
  ...columnsOf('number', ['shown_ms', 'key_ms', 'paused_ms']),
  ...columnsOf('time', ['cast_at']),
  ...columnsOf('text', ['supersedes']),
  ...columnsOf('integer', ['is_current']),
];

/** @throws StudioError `notFound` */
export function tabulatePairs(studio: Studio, studyId: number): Table {
  const study = getStudyCore(studio, studyId);
  const rows = longPairVotes(studio.db, studyId).map(({ cast_at: castAt, ...row }): Cell[] => {
    const cells: Record<string, Cell> = { ...row, cast_at: new Date(castAt).toISOString() };
    return columns.map(({ name }) => cells[name] ?? null);
  });
  return { name: `${fileStem(study.name)} pairs`, columns, rows };
}

/** Finds where the columns of a mapping stand in a table. */
import { StudioError } from '../../contract/errors.ts';
import type { ManifestMapping, VoteMapping } from '../../contract/study-files.ts';
import type { RawTable } from './read-table.ts';

/** The place of every part of a mapping. @throws StudioError `badInput` for a column that is not there */
export function locateColumns(
  { header, fileName }: RawTable,
  mapping: VoteMapping | ManifestMapping,
): Map<string, number> {
  return new Map(
    Object.entries(mapping).map(([part, column = '']): [string, number] => {
      const at = header.indexOf(column);
      if (at < 0) throw new StudioError('badInput', `${fileName} has no column “${column}”.`, { column });
      return [part, at];
    }),
  );
}

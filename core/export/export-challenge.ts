/** The lines that NTIRE's 2024 challenge on AI-generated images takes: `name,score`, without a header, as the release's `test.py` writes. */
import { StudioError } from '../../contract/errors.ts';
import { readActiveScores } from '../../db/image-list.ts';
import { getPack, refuseUnshown } from '../packs.ts';
import { readPromptList } from '../prompt-list.ts';
import type { Studio } from '../studio.ts';
import { createNameIndex } from '../tables/name-index.ts';
import { type Cell, columnsOf, type Table } from './table.ts';

/** Names told in an error. */
const shownNames = 5;

/**
 * One line a name of the prompt list that was imported last (`info_test.xlsx`), in its order, with the overall score of the pack's active
 * head. A submission with holes is worth nothing, so it is whole or refused.
 *
 * @throws StudioError `notFound` without pack or list, `conflict` that names images without score and names that several images carry,
 * `unsupported` for a pack that was never trained
 */
export function tabulateChallenge(studio: Studio, packId: string): Table {
  getPack(studio, packId);
  refuseUnshown(studio, packId);
  const list = readPromptList(studio.db);
  if (list === null) {
    throw new StudioError(
      'notFound',
      'No prompt list was imported yet: import the challenge’s info_test.xlsx first.',
    );
  }
  const index = createNameIndex(studio.db);
  const images = list.names.map((name) => index.find(name));
  refuse(
    list.names.filter((_, at) => images[at]!.length > 1),
    'are carried by several images of different content',
    'Keep one of each in the library’s folders.',
  );
  const ids = images.flat();
  const scores = new Map(
    readActiveScores(studio.db, packId, ids).flatMap((row) =>
      row.target === 'overall' ? [[row.image_id, row.value]] : [],
    ),
  );
  const values = images.map(([id]) => (id === undefined ? undefined : scores.get(id)));
  refuse(
    list.names.filter((_, at) => values[at] === undefined),
    `have no overall score of “${packId}” yet`,
    'Score their folder with this pack first; each needs its prompt.',
  );
  const rows = list.names.map((name, at): Cell[] => [name, values[at]!]);
  const columns = [...columnsOf('text', ['name']), ...columnsOf('number', ['score'])];
  return { name: 'output', ending: 'txt', hasHeader: false, columns, rows };
}

function refuse(names: readonly string[], what: string, advice: string): void {
  if (names.length === 0) return;
  const shown = `${names.slice(0, shownNames).join(', ')}${names.length > shownNames ? ', …' : ''}`;
  throw new StudioError('conflict', `${names.length} names of the list ${what} (${shown}). ${advice}`, {
    names: names.length,
  });
}

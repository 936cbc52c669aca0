/** The lines that NTIRE's 2024 challenge on AI-generated images takes: `name,score`, without a header, as the release's `test.py` writes. */
import { StudioError } from '../../contract/errors.ts';
import type { Db } from '../../db/database.ts';
import { filesOfImage } from '../../db/files.ts';
import { activeHeads } from '../../db/heads.ts';
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
 * `unsupported` for a pack that was never trained, or that has no head for the overall score
 */
export function tabulateChallenge(studio: Studio, packId: string): Table {
  getPack(studio, packId);
  refuseUnshown(studio, packId);
  refuseWithoutHead(studio, packId);
  const list = readPromptList(studio.db);
  if (list === null) {
    throw new StudioError(
      'notFound',
      'No prompt list was imported yet: import the challenge’s info_test.xlsx first.',
    );
  }
  const index = createNameIndex(studio.db);
  const images = list.names.map((name) => chooseWithFile(studio.db, index.find(name)));
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
  return { name: 'output', ending: 'txt', hasHeader: false, isPlain: true, columns, rows };
}

/** The challenge asks for one number, which is that of “overall”. */
function refuseWithoutHead({ db, packs }: Studio, packId: string): void {
  const hasHead = (id: string) => activeHeads(db, id).some(({ target }) => target === 'overall');
  if (hasHead(packId)) return;
  const others = [...packs.keys()].filter(hasHead);
  const advice =
    others.length === 0
      ? 'Add SF-IQA, or train a head for it.'
      : `Choose a pack that has one: ${others.join(', ')}.`;
  throw new StudioError(
    'unsupported',
    `The pack “${packId}” has no active head for “overall”, whose score the challenge asks for, so no image has an overall score of it. ${advice}`,
    { packId },
  );
}

/** A file that was replaced leaves its former content in the library, under the same name: what lies there now is meant. */
function chooseWithFile(db: Db, ids: number[]): number[] {
  if (ids.length < 2) return ids;
  const chosen = ids.filter((id) => filesOfImage(db, id).length > 0);
  return chosen.length === 0 ? ids : chosen;
}

function refuse(names: readonly string[], what: string, advice: string): void {
  if (names.length === 0) return;
  const shown = `${names.slice(0, shownNames).join(', ')}${names.length > shownNames ? ', …' : ''}`;
  const message = `Names of the list that ${what}: ${names.length} (${shown}). ${advice}`;
  throw new StudioError('conflict', message, { names: names.length });
}

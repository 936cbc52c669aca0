/** The numbers that the images which match have of one word of the query language. */

import type { QueryTerm } from '../contract/query.ts';
import type { Db } from './database.ts';
import { activeHeads } from './heads.ts';
import { fillMatching, type ListRequest } from './image-list.ts';
import { dimensionsOfMosSet } from './mos.ts';
import { voteCounts } from './query-terms.ts';
import { moveOf } from './score-moves.ts';

/** A word that takes a number, and the target that it is said of. */
export interface RangeWord {
  word: 'mos' | 'score' | 'gap' | 'ci' | 'votes' | 'q' | 's';
  target: string | null;
}

const inMatching = 'image_id IN (SELECT id FROM matching)';
const scores = 'active_head a JOIN score s ON s.head_id = a.head_id';
/** One number a row; `@pack`, `@set`, `@target`, `@factor` and `@offset` are what the request means. */
const questions: Record<RangeWord['word'], string> = {
  mos: `SELECT mean FROM mos WHERE mos_set_id = @set AND dimension = @target AND ${inMatching}`,
  ci: `SELECT ci_width(sd, n) FROM mos WHERE mos_set_id = @set AND dimension = @target AND ${inMatching}`,
  score: `SELECT s.value FROM ${scores} WHERE a.pack_id = @pack AND a.target = @target AND s.${inMatching}`,
  gap: `SELECT abs(s.value * @factor + @offset - m.mean) FROM ${scores}
    JOIN mos m ON m.mos_set_id = @set AND m.dimension = a.target AND m.image_id = s.image_id
    WHERE a.pack_id = @pack AND a.target = @target AND s.${inMatching}`,
  votes: `SELECT coalesce(c.votes, 0) FROM matching LEFT JOIN (${voteCounts}) c ON c.image_id = matching.id`,
  q: signalsNamed('q'),
  s: signalsNamed('s'),
};

function signalsNamed(name: string): string {
  return `SELECT g.value FROM matching m JOIN image i ON i.id = m.id
    CROSS JOIN signal g ON g.pack_id = @pack AND g.name = '${name}' AND g.image_id = i.id AND g.prompt_id IN (0, i.prompt_id)`;
}

/** The words that this library may have numbers for: MOS before scores, then what is between them, then the rest. */
function wordsOf(db: Db, { packId, mosSetId }: ListRequest): RangeWord[] {
  const rated = mosSetId === null ? [] : dimensionsOfMosSet(db, mosSetId);
  const scored = activeHeads(db, packId).map(({ target }) => target);
  const both = rated.filter((target) => scored.includes(target));
  const targeted = [
    ...rated.map((target) => ({ word: 'mos' as const, target })),
    ...scored.map((target) => ({ word: 'score' as const, target })),
    ...both.map((target) => ({ word: 'gap' as const, target })),
    ...rated.map((target) => ({ word: 'ci' as const, target })),
  ];
  return [...targeted, ...(['votes', 'q', 's'] as const).map((word) => ({ word, target: null }))];
}

/** Numbers by word. What the query asks of a word does not narrow that word's own numbers. */
export function readRanges(db: Db, request: ListRequest): (RangeWord & { values: Float64Array })[] {
  const { terms = [], target: implied } = request;
  const isOwn = (of: RangeWord) => (term: QueryTerm) =>
    term.kind === 'number' &&
    term.word === of.word &&
    (of.target === null || (term.target ?? implied) === of.target) &&
    !term.isNot;
  const read = ({ word, target }: RangeWord) => {
    const meant = { pack: request.packId, set: request.mosSetId, target, ...moveOf(request.moves, target) };
    const asked = Object.fromEntries(
      Object.entries(meant).filter(([name]) => questions[word].includes(`@${name}`)),
    );
    const rows = db.prepare(questions[word]).pluck(true).all(asked) as (number | null)[];
    return Float64Array.from(rows.filter((value) => value !== null));
  };
  const words = wordsOf(db, request);
  const ranges = new Map<RangeWord, Float64Array>();
  const narrowing = words.filter((word) => terms.some(isOwn(word)));
  for (const word of narrowing) {
    fillMatching(db, { ...request, terms: terms.filter((term) => !isOwn(word)(term)) });
    ranges.set(word, read(word));
  }
  fillMatching(db, request);
  for (const word of words) if (!ranges.has(word)) ranges.set(word, read(word));
  return words.map((word) => ({ ...word, values: ranges.get(word)! }));
}

/** Where scores lie on the scale of a MOS: a gap is told in the MOS's units, whatever the head learnt from. */
import { activeHeads } from '../db/heads.ts';
import { dimensionsOfMosSet } from '../db/mos.ts';
import type { ScoreMove, ScoreMoves } from '../db/score-moves.ts';
import { scaleOfHead } from './head-interval.ts';
import { moveToScale, scaleOfMos } from './mos-scale.ts';
import type { Studio } from './studio.ts';

/** By target, how a score of the pack's active head is moved from its scale to the set's. Nothing where both are one, or one is not known. */
export function planMoves(studio: Studio, packId: string, mosSetId: number | null): ScoreMoves {
  if (mosSetId === null) return {};
  const rated = dimensionsOfMosSet(studio.db, mosSetId);
  const moves = activeHeads(studio.db, packId).flatMap((head): [string, ScoreMove][] => {
    if (!rated.includes(head.target)) return [];
    const from = scaleOfHead(studio, head);
    const to = scaleOfMos(studio, { mosSetId, dimension: head.target });
    if (from === null || to === null || (from[0] === to[0] && from[1] === to[1])) return [];
    const offset = moveToScale(0, from, to);
    return [[head.target, { factor: moveToScale(1, from, to) - offset, offset }]];
  });
  return Object.fromEntries(moves);
}

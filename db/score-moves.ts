/** How scores are held against MOS of another scale. */

/** A score on the scale of a MOS: score · factor + offset. */
export interface ScoreMove {
  factor: number;
  offset: number;
}

/** By target; a score is as it is where its target is absent. */
export type ScoreMoves = Readonly<Record<string, ScoreMove>>;

/** The move of scores of a target. */
export function moveOf(moves: ScoreMoves | undefined, target: string | null): ScoreMove {
  return (target === null ? undefined : moves?.[target]) ?? { factor: 1, offset: 0 };
}

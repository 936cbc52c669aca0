/** What a key means between two images, and how a choice is said. */
import type { PairChoice, RatingSession } from '../../../contract/studies.ts';

const choices: Record<string, PairChoice> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowDown: 'tie',
  S: 'skip',
};

/** The key of each choice. */
export const pairKeys: { key: string; choice: PairChoice; label: string }[] = [
  { key: 'ArrowLeft', choice: 'left', label: 'A' },
  { key: 'ArrowDown', choice: 'tie', label: 'Tie' },
  { key: 'S', choice: 'skip', label: 'Skip' },
  { key: 'ArrowRight', choice: 'right', label: 'B' },
];

/** Whether a study lets a rater choose this. */
export function allowsChoice(choice: PairChoice, rules: RatingSession['rules']): boolean {
  if (choice === 'tie') return rules?.allowsTies !== false;
  return choice !== 'skip' || rules?.allowsSkips !== false;
}

/** The choice of a key; null where it is none, or none that the study allows. */
export function readPairKey(key: string, rules: RatingSession['rules']): PairChoice | null {
  const choice = choices[key];
  return choice === undefined || !allowsChoice(choice, rules) ? null : choice;
}

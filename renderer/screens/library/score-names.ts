/** Q, S and P by name, with the pack and the head that gave them: the same on cards, in the table and in the viewer. */
import type { ImageCard } from '../../../contract/images.ts';
import type { Branch, ShownScores } from './shown-scores.ts';

/** P is the overall score of a pack that has Q or S. */
export function isFused(target: string, { branches }: ShownScores): boolean {
  return target === 'overall' && branches.length > 0;
}

/** Whose score it is: `SF-IQA, head “Released fusion”: overall`. */
export function nameScore(target: string, { packTitle, heads }: ShownScores): string {
  return `${packTitle}, head “${heads[target] ?? ''}”: ${target}`;
}

const branchNames: Record<Branch, string> = { q: 'quality branch', s: 'picture against prompt' };

/** Whose number it is: `SF-IQA, Q: quality branch`. */
export function nameBranch(name: Branch, { packTitle }: ShownScores): string {
  return `${packTitle}, ${name.toUpperCase()}: ${branchNames[name]}`;
}

/** Why an image has no S or Q, as far as its card knows it. */
export function whyAbsent(name: Branch, { prompt }: Pick<ImageCard, 'prompt'>): string {
  return name === 's' && prompt === null
    ? 'there is no prompt to compare the picture with'
    : 'not scored by this pack yet, or it failed: the viewer says why';
}

/** Keeps votes that are not acknowledged yet in the browser, so that a reload or a crash of the page loses none. */
import type { NewVote } from '../../../contract/studies.ts';

function keyOf(studyId: number, raterName: string): string {
  return `sfiqa.pendingVotes.${studyId}.${raterName.toLowerCase()}`;
}

/** Where the browser keeps nothing, votes are as safe as the open page. */
export function keepVotes(studyId: number, raterName: string, votes: readonly NewVote[]): void {
  try {
    if (votes.length === 0) localStorage.removeItem(keyOf(studyId, raterName));
    else localStorage.setItem(keyOf(studyId, raterName), JSON.stringify(votes));
  } catch {
    // Storage is full or forbidden.
  }
}

/** Votes of an earlier page that were never acknowledged; what cannot be read is none. */
export function readKeptVotes(studyId: number, raterName: string): NewVote[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(studyId, raterName)) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isVote) : [];
  } catch {
    return [];
  }
}

function isVote(value: unknown): value is NewVote {
  if (typeof value !== 'object' || value === null) return false;
  const vote: Partial<Record<keyof NewVote, unknown>> = value;
  const hasNumbers = [vote.sessionId, vote.presentationId, vote.value, vote.shownMs].every(
    (number) => typeof number === 'number' && Number.isFinite(number),
  );
  return hasNumbers && typeof vote.dimension === 'string' && typeof vote.key === 'string';
}

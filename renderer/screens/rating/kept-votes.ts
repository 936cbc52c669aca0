/** Keeps votes and notes that are not acknowledged yet in the browser, so that a reload or a crash of the page loses none. */
import { NewPairVote, NewVote, SessionNote } from '../../../contract/studies.ts';
import type { Outgoing } from './vote-queue.ts';

function keyOf(studyId: number, raterName: string): string {
  return `sfiqa.pendingVotes.${studyId}.${raterName.toLowerCase()}`;
}

/** Where the browser keeps nothing, votes are as safe as the open page. */
export function keepVotes(studyId: number, raterName: string, votes: readonly Outgoing[]): void {
  try {
    if (votes.length === 0) localStorage.removeItem(keyOf(studyId, raterName));
    else localStorage.setItem(keyOf(studyId, raterName), JSON.stringify(votes));
  } catch {
    // Storage is full or forbidden.
  }
}

/** What an earlier page had sent without an answer; what cannot be read is none. */
export function readKeptVotes(studyId: number, raterName: string): Outgoing[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(studyId, raterName)) ?? '[]');
    if (!Array.isArray(kept)) return [];
    return kept.flatMap((entry) => parse(entry) ?? []);
  } catch {
    return [];
  }
}

function parse(entry: unknown): Outgoing | undefined {
  return (
    NewVote.safeParse(entry).data ?? NewPairVote.safeParse(entry).data ?? SessionNote.safeParse(entry).data
  );
}

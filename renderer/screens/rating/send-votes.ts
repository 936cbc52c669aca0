/** Sends votes to the studio: those of this page, and those that an earlier page could not send. */
import { ORPCError } from '@orpc/client';
import { client } from '../../api/client.ts';
import { keepVotes, readKeptVotes } from './kept-votes.ts';
import { VoteQueue } from './vote-queue.ts';

/** A queue for a sitting; what it holds survives a reload. */
export function openQueue(studyId: number, raterName: string): VoteQueue {
  return new VoteQueue(
    {
      send: (vote) => client.rating.vote(vote),
      mayRetry,
      keep: (pending) => keepVotes(studyId, raterName, pending),
      wait: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs)),
    },
    readKeptVotes(studyId, raterName),
  );
}

/** The studio's refusals stay refusals; a lost connection or a studio that is starting again may pass. */
function mayRetry(thrown: unknown): boolean {
  return !(thrown instanceof ORPCError) || thrown.status >= 500;
}

/** Sends what an earlier page left. Null once it is stored, else why it is not. */
export async function sendLeft(studyId: number, raterName: string): Promise<string | null> {
  if (countLeft(studyId, raterName) === 0) return null;
  const queue = openQueue(studyId, raterName);
  await queue.flush();
  return queue.read().problem;
}

/** How many votes an earlier page left. */
export function countLeft(studyId: number, raterName: string): number {
  return readKeptVotes(studyId, raterName).length;
}

/** Gives up what an earlier page left, because the rater says so. */
export function discardLeft(studyId: number, raterName: string): void {
  keepVotes(studyId, raterName, []);
}

/** Sends votes and notes to the studio: those of this page, and those that an earlier page could not send. */
import { ORPCError } from '@orpc/client';
import type { VoteReceipt } from '../../../contract/studies.ts';
import { client } from '../../api/client.ts';
import { keepVotes, readKeptVotes } from './kept-votes.ts';
import { type Outgoing, VoteQueue } from './vote-queue.ts';

/** A queue for a sitting; what it holds survives a reload. @param onReceipt told of every vote that is on disk */
export function openQueue(
  studyId: number,
  raterName: string,
  onReceipt: (receipt: VoteReceipt) => void = () => {},
): VoteQueue {
  return new VoteQueue(
    {
      send: (outgoing) => send(outgoing, onReceipt),
      mayRetry,
      keep: (pending) => keepVotes(studyId, raterName, pending),
      wait: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs)),
    },
    readKeptVotes(studyId, raterName),
  );
}

async function send(outgoing: Outgoing, onReceipt: (receipt: VoteReceipt) => void): Promise<void> {
  if ('value' in outgoing) onReceipt(await client.rating.vote(outgoing));
  else if ('choice' in outgoing) onReceipt(await client.rating.votePair(outgoing));
  else {
    await client.rating.note(outgoing).catch((thrown: unknown) => {
      // A note that is refused must not keep votes from being stored.
      if (mayRetry(thrown)) throw thrown;
    });
  }
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

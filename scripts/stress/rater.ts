/** A scripted rater, who does what the rating page does: votes in order, a few unanswered at a time, corrects, retries with the same key. */
import { randomUUID } from 'node:crypto';
import type { RatingSession } from '../../contract/studies.ts';
import type { Random } from '../../core/maths/random.ts';
import type { StudioClient } from '../../test/support/web-studio.ts';
import type { Ledger, SentVote } from './ledger.ts';

/** Most votes that wait for their answer. */
const mostUnanswered = 3;
const correctionShare = 0.1;

export interface Rater {
  studyId: number;
  name: string;
  ledger: Ledger;
  random: Random;
}

/** Sends what was not answered again, under the same keys. */
export async function retryUnanswered(client: StudioClient, ledger: Ledger): Promise<void> {
  for (const vote of ledger.unanswered) await send(client, ledger, vote);
}

/** Opens a session, and says where the rater would have to go on by what they know themselves. */
export async function openSession(
  client: StudioClient,
  { studyId, name, ledger }: Rater,
): Promise<{ session: RatingSession; expectedNext: number }> {
  const session = await client.rating.open({
    studyId,
    raterName: name,
    client: { windowWidth: 1280, windowHeight: 800, devicePixelRatio: 1, userAgent: 'stress' },
  });
  const { presentations, design } = session;
  const at = presentations.findIndex(({ id }) => design.dimensions.some(({ key }) => !ledger.has(id, key)));
  return { session, expectedNext: at === -1 ? presentations.length : at };
}

/** Rates until the end of the session or until the engine is gone; true where the end was reached. */
export async function rate(client: StudioClient, rater: Rater, session: RatingSession): Promise<boolean> {
  const { ledger, random } = rater;
  const unanswered = new Set<Promise<void>>();
  let isGone = false;
  async function give(presentationId: number, dimension: string): Promise<void> {
    const vote = drawVote(rater, { sessionId: session.sessionId, presentationId, dimension });
    ledger.send(vote);
    const sent = send(client, ledger, vote).catch(() => {
      isGone = true;
    });
    const settled = sent.finally(() => unanswered.delete(settled));
    unanswered.add(settled);
    if (unanswered.size >= mostUnanswered) await Promise.race(unanswered);
  }
  for (const { id } of session.presentations.slice(session.next)) {
    for (const { key } of session.design.dimensions) {
      if (isGone) break;
      if (!ledger.has(id, key)) await give(id, key);
    }
    if (!isGone && random.next() < correctionShare) {
      // A correction waits for what it corrects, as Backspace does.
      await Promise.all(unanswered);
      if (!isGone) await give(id, session.design.dimensions[0]!.key);
    }
  }
  await Promise.all(unanswered);
  return !isGone;
}

/** A vote that was not sent yet, of a value by chance. */
export function drawVote(
  { name, random }: Pick<Rater, 'name' | 'random'>,
  place: Pick<SentVote, 'sessionId' | 'presentationId' | 'dimension'>,
): SentVote {
  const value = 1 + random.below(5);
  return { ...place, value, key: randomUUID(), shownMs: 800, rater: name, voteId: null };
}

/** Sends a vote that the ledger has, and notes its acknowledgement there. */
export async function send(client: StudioClient, ledger: Ledger, vote: SentVote): Promise<void> {
  const { rater: _rater, voteId: _voteId, ...sent } = vote;
  const receipt = await client.rating.vote(sent);
  ledger.acknowledge(vote.key, receipt.voteId);
}

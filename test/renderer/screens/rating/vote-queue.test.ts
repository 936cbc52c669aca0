import { describe, expect, it } from 'vitest';
import type { NewVote } from '../../../../contract/studies.ts';
import { mostPending, type Outgoing, VoteQueue } from '../../../../renderer/screens/rating/vote-queue.ts';

function voteOf(presentationId: number): NewVote {
  const key = crypto.randomUUID();
  return { sessionId: 1, presentationId, dimension: 'quality', value: 3, key, shownMs: 10 };
}

/** A studio that stores what it is sent, and fails as often as it is told to. */
function openStore() {
  const stored: Outgoing[] = [];
  let failures = 0;
  let kept: readonly Outgoing[] = [];
  const options = {
    send: async (vote: Outgoing) => {
      await Promise.resolve();
      if (failures > 0) {
        failures -= 1;
        throw new TypeError('Failed to fetch');
      }
      stored.push(vote);
    },
    mayRetry: (thrown: unknown) => thrown instanceof TypeError,
    keep: (pending: readonly Outgoing[]) => {
      kept = pending;
    },
    wait: async () => {},
  };
  return {
    options,
    stored,
    fail: (times: number) => {
      failures = times;
    },
    kept: () => kept,
  };
}

describe('the queue of votes', () => {
  it('sends votes one after another in the order they were given', async () => {
    const { options, stored, kept } = openStore();
    const queue = new VoteQueue(options);
    const votes = [1, 2, 3].map(voteOf);
    for (const vote of votes) expect(queue.add(vote)).toBe(true);
    expect(await queue.flush()).toBe(true);
    expect(stored).toEqual(votes);
    expect(queue.read()).toMatchObject({ pending: [], saved: 3, problem: null });
    expect(kept()).toEqual([]);
  });

  it('sends a vote again with the same key while the studio does not answer', async () => {
    const { options, stored, fail } = openStore();
    const queue = new VoteQueue(options);
    fail(5);
    const vote = voteOf(1);
    queue.add(vote);
    expect(await queue.flush()).toBe(true);
    expect(stored.map(({ key }) => key)).toEqual([vote.key]);
  });

  it('stops with the reason when sending does not help, takes no more votes and keeps those it has', async () => {
    const { options, stored, fail, kept } = openStore();
    const queue = new VoteQueue(options);
    fail(1000);
    const votes = [1, 2].map(voteOf);
    for (const vote of votes) queue.add(vote);
    await expect.poll(() => queue.read().problem).toBe('Failed to fetch');
    expect(queue.add(voteOf(3))).toBe(false);
    expect(kept()).toEqual(votes);
    fail(0);
    expect(await queue.flush()).toBe(true);
    expect(stored).toEqual(votes);
  });

  it('does not repeat what the studio refuses', async () => {
    const { options } = openStore();
    let asked = 0;
    const queue = new VoteQueue({
      ...options,
      send: async () => {
        asked += 1;
        throw new Error('This session is closed.');
      },
    });
    queue.add(voteOf(1));
    expect(await queue.flush()).toBe(false);
    expect(queue.read().problem).toBe('This session is closed.');
    expect(asked).toBe(1);
  });

  it('holds a bounded number of votes that are not acknowledged', () => {
    const { options } = openStore();
    const queue = new VoteQueue({ ...options, send: () => new Promise(() => {}) });
    for (let at = 0; at < mostPending; at += 1) expect(queue.add(voteOf(at + 1))).toBe(true);
    expect(queue.add(voteOf(99))).toBe(false);
    expect(queue.read().pending).toHaveLength(mostPending);
  });

  it('keeps a vote before it is sent, so that a page that dies while sending loses nothing', () => {
    const { options, kept } = openStore();
    let keptWhenSent: readonly Outgoing[] = [];
    const vote = voteOf(1);
    const queue = new VoteQueue({
      ...options,
      send: () => {
        keptWhenSent = kept();
        return new Promise(() => {});
      },
    });
    queue.add(vote);
    expect(keptWhenSent).toEqual([vote]);
  });

  it('sends what an earlier page left', async () => {
    const { options, stored } = openStore();
    const left = [voteOf(1), voteOf(2)];
    const queue = new VoteQueue(options, left);
    expect(await queue.flush()).toBe(true);
    expect(stored).toEqual(left);
  });
});

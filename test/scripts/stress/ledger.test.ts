/** The stress run's judge: it must see every way in which votes can be lost. */
import { describe, expect, test } from 'vitest';
import { Ledger, type SentVote, type StoredVote } from '../../../scripts/stress/ledger.ts';

function vote(key: string, presentationId: number, value: number): SentVote {
  return {
    ...{ sessionId: 1, dimension: 'quality', shownMs: 500, rater: 'Ada', voteId: null },
    ...{ key, presentationId, value },
  };
}

function stored(key: string, value: number, isCurrent = true): StoredVote {
  return { key, rater: 'Ada', dimension: 'quality', value, isCurrent };
}

describe('the ledger of a stress run', () => {
  test('finds nothing where the library has what was acknowledged', () => {
    const ledger = new Ledger();
    ledger.send(vote('a', 1, 3));
    ledger.acknowledge('a', 11);
    expect(ledger.findProblems([stored('a', 3)])).toEqual([]);
  });

  test('finds an acknowledged vote that is missing', () => {
    const ledger = new Ledger();
    ledger.send(vote('a', 1, 3));
    ledger.acknowledge('a', 11);
    expect(ledger.findProblems([]).join()).toContain('is missing');
  });

  test('finds a vote that is stored with another value', () => {
    const ledger = new Ledger();
    ledger.send(vote('a', 1, 3));
    ledger.acknowledge('a', 11);
    expect(ledger.findProblems([stored('a', 4)]).join()).toContain('stored as another one');
  });

  test('finds a vote that was sent once and stored twice', () => {
    const ledger = new Ledger();
    ledger.send(vote('a', 1, 3));
    ledger.acknowledge('a', 11);
    expect(ledger.findProblems([stored('a', 3), stored('b', 3)]).join()).toContain('2 votes are stored');
  });

  test('a vote without an answer may be stored or not, but not twice', () => {
    const ledger = new Ledger();
    ledger.send(vote('a', 1, 3));
    expect(ledger.findProblems([])).toEqual([]);
    expect(ledger.findProblems([stored('a', 3)])).toEqual([]);
    expect(ledger.findProblems([stored('a', 3), stored('b', 3)])).toHaveLength(1);
  });

  test('finds a correction that does not count', () => {
    const ledger = new Ledger();
    ledger.send(vote('a', 1, 3));
    ledger.acknowledge('a', 11);
    ledger.send(vote('b', 1, 5));
    ledger.acknowledge('b', 12);
    expect(ledger.findProblems([stored('a', 3, false), stored('b', 5)])).toEqual([]);
    expect(ledger.findProblems([stored('a', 3), stored('b', 5, false)])).toHaveLength(2);
  });
});

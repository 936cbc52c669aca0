/** What a rater was told about their votes, and whether the library says the same. */
import type { NewVote } from '../../contract/studies.ts';

/** A vote that was sent; `voteId` is null until it is acknowledged. */
export interface SentVote extends NewVote {
  rater: string;
  voteId: number | null;
}

/** A vote as the library exports it. */
export interface StoredVote {
  key: string;
  rater: string;
  dimension: string;
  value: number;
  isCurrent: boolean;
}

export class Ledger {
  readonly #votes = new Map<string, SentVote>();
  /** Votes that are current to the rater: by presentation and dimension. */
  readonly #current = new Map<string, SentVote>();

  /** Notes a vote before it is sent; a later one on the same presentation and dimension takes its place. */
  send(vote: SentVote): void {
    this.#votes.set(vote.key, vote);
    this.#current.set(`${vote.presentationId} ${vote.dimension}`, vote);
  }

  acknowledge(key: string, voteId: number): void {
    this.#votes.get(key)!.voteId = voteId;
  }

  get size(): number {
    return this.#votes.size;
  }

  get acknowledged(): SentVote[] {
    return [...this.#votes.values()].filter(({ voteId }) => voteId !== null);
  }

  get unanswered(): SentVote[] {
    return [...this.#votes.values()].filter(({ voteId }) => voteId === null);
  }

  /** Whether the rater has voted here. */
  has(presentationId: number, dimension: string): boolean {
    return this.#current.has(`${presentationId} ${dimension}`);
  }

  /** What is wrong with the library, in sentences: acknowledged votes that are missing or changed, votes nobody sent or sent once and stored twice. */
  findProblems(stored: readonly StoredVote[]): string[] {
    const byKey = new Map(stored.map((vote) => [vote.key, vote]));
    const { acknowledged } = this;
    const isSettled = acknowledged.length === this.#votes.size;
    const problems = acknowledged.flatMap((sent) => this.#judge(sent, byKey.get(sent.key), isSettled));
    if (byKey.size !== stored.length) problems.push('The library lists a vote twice.');
    const most = this.#votes.size;
    const least = acknowledged.length;
    if (stored.length > most) problems.push(`${stored.length} votes are stored, only ${most} were sent.`);
    if (stored.length < least)
      problems.push(`${stored.length} votes are stored, ${least} were acknowledged.`);
    return problems;
  }

  /** @param isSettled whether every vote is acknowledged, so that it is known which one counts */
  #judge(sent: SentVote, stored: StoredVote | undefined, isSettled: boolean): string[] {
    const what = `Vote ${sent.voteId} (${sent.rater}, presentation ${sent.presentationId}, ${sent.dimension})`;
    if (stored === undefined) return [`${what} was acknowledged and is missing.`];
    const isSame =
      stored.rater === sent.rater && stored.dimension === sent.dimension && stored.value === sent.value;
    if (!isSame) return [`${what} is stored as another one.`];
    const current = this.#current.get(`${sent.presentationId} ${sent.dimension}`);
    if (isSettled && stored.isCurrent !== (current === sent)) {
      return [`${what} is ${stored.isCurrent ? '' : 'not '}counted, against what the rater did last.`];
    }
    return [];
  }
}

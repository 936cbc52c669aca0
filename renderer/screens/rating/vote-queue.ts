/** Votes and notes on their way to the disk: sent one after another, again with the same key while the studio does not answer. */
import type { NewPairVote, NewVote, SessionNote } from '../../../contract/studies.ts';

/** What a sitting sends: votes, choices between pairs, and notes of what else happened; each with a key of its own. */
export type Outgoing = NewVote | NewPairVote | SessionNote;

export interface QueueState {
  /** Votes that are not acknowledged yet. */
  pending: readonly Outgoing[];
  /** Votes acknowledged since the queue was made. */
  saved: number;
  /** Why sending has stopped; null while all is well. */
  problem: string | null;
}

export interface QueueOptions {
  /** Resolves once the vote is on disk. */
  send: (vote: Outgoing) => Promise<unknown>;
  /** Whether sending the same vote again may help: yes after a lost connection, no after a refusal. */
  mayRetry: (thrown: unknown) => boolean;
  /** Called with every change of what is pending, before anything is sent: the place to keep it beyond a reload. */
  keep: (pending: readonly Outgoing[]) => void;
  wait: (durationMs: number) => Promise<void>;
}

/** Rating stops before more votes than this hang in the air. */
export const mostPending = 12;

/** Waits before a vote is sent again; after the last one the queue stops and says so. About fifteen seconds in all. */
const waitsMs = [100, 300, 600, 1000, 2000, 3000, 4000, 4000];

export class VoteQueue {
  readonly #options: QueueOptions;
  readonly #listeners = new Set<() => void>();
  #state: QueueState;
  #isSending = false;

  constructor(options: QueueOptions, left: readonly Outgoing[] = []) {
    this.#options = options;
    this.#state = { pending: left, saved: 0, problem: null };
  }

  /** A snapshot that changes only when something did; for React's external stores. */
  readonly read = (): QueueState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /**
   * Takes a vote and sends it in its turn. False where the queue has stopped or is full: the vote is not taken. Notes are always taken:
   * nobody can give them again.
   */
  add(vote: Outgoing): boolean {
    const { pending, problem } = this.#state;
    const isNote = 'kind' in vote;
    if (!isNote && (problem !== null || pending.length >= mostPending)) return false;
    this.#change({ pending: [...pending, vote] });
    this.#options.keep(this.#state.pending);
    if (problem === null) void this.#sendAll();
    return true;
  }

  /** Sends what is pending, after a stop too. True once nothing is left. */
  async flush(): Promise<boolean> {
    this.#change({ problem: null });
    await this.#sendAll();
    while (this.#state.pending.length > 0 && this.#state.problem === null) await this.#changed();
    return this.#state.pending.length === 0;
  }

  /** Gives up the pending votes of a stopped queue, because the rater says so. */
  discard(): void {
    this.#change({ pending: [], problem: null });
    this.#options.keep([]);
  }

  async #sendAll(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      for (let vote = this.#state.pending[0]; vote !== undefined; vote = this.#state.pending[0]) {
        const problem = await this.#sendOne(vote);
        if (problem !== null) {
          this.#change({ problem });
          return;
        }
        this.#change({ pending: this.#state.pending.slice(1), saved: this.#state.saved + 1 });
        this.#options.keep(this.#state.pending);
      }
    } finally {
      this.#isSending = false;
    }
  }

  /** Null once the vote is acknowledged, else why it is not. */
  async #sendOne(vote: Outgoing): Promise<string | null> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.#options.send(vote);
        return null;
      } catch (thrown) {
        const waitMs = waitsMs[attempt];
        if (waitMs === undefined || !this.#options.mayRetry(thrown)) {
          return thrown instanceof Error ? thrown.message : String(thrown);
        }
        await this.#options.wait(waitMs);
      }
    }
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.subscribe(() => {
        stop();
        resolve();
      });
    });
  }

  #change(part: Partial<QueueState>): void {
    this.#state = { ...this.#state, ...part };
    for (const listener of [...this.#listeners]) listener();
  }
}

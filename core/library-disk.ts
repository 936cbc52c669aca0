/** Whether the library's disk takes what is stored: said on every screen from when it does not until it does again. */
import { refusedByDisk } from '../contract/errors.ts';
import type { Db } from '../db/database.ts';
import type { EventBus } from './events.ts';

/** Between attempts to store something, while it takes nothing. */
const tryMs = 4_000;

interface Means {
  folder: string;
  db: Db;
  bus: EventBus;
}

export class LibraryDisk {
  readonly #means: Means;
  #timer: NodeJS.Timeout | null = null;
  /** Why nothing can be stored now; null while all can. */
  problem: string | null = null;

  constructor(means: Means) {
    this.#means = means;
    means.db.onRefused = (reason) => this.#note(reason);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #note(reason: unknown): void {
    const refused = refusedByDisk(reason);
    if (refused === null) return;
    this.#tell(
      refused === 'diskFull'
        ? `The disk of ${this.#means.folder} is full. What was stored before is kept. Make room, and this notice goes by itself.`
        : `The disk of ${this.#means.folder} can only be read, was taken away, or fails. What was stored before is kept. When it can be written to again, this notice goes by itself; where it does not, start the studio anew.`,
    );
    this.#timer ??= setTimeout(() => this.tryAgain(), tryMs).unref();
  }

  /** Writes what is there already: only a change that reaches the disk says that it takes one. */
  tryAgain(): void {
    const { db } = this.#means;
    this.close();
    this.#timer = null;
    try {
      db.transaction(() =>
        db.sqlite.pragma(`user_version = ${db.sqlite.pragma('user_version', { simple: true })}`),
      );
      this.#tell(null);
    } catch {
      // It was noted, and is tried again.
    }
  }

  #tell(problem: string | null): void {
    if (problem === this.problem) return;
    this.problem = problem;
    this.#means.bus.changed('settings');
  }
}

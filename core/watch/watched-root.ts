/** One root that is watched: what the system tells of it, what has come to rest, and when it is looked through as a whole. */
import { relative, sep } from 'node:path';
import type { WatchState } from '../../contract/keep.ts';
import type { Db } from '../../db/database.ts';
import { SettlingPaths } from './settling-paths.ts';
import { describeRefusal, findWhyUntold, type Subscribe } from './subscribe.ts';

/** How often a root is looked through whose changes nobody tells, and how often one whose changes are told, for what was not. */
const pollMs = 60_000;
const sweepMs = 3_600_000;
/** Looking through a folder takes at most this share of the time. */
const mostShare = 0.05;

/** What is to be looked at now: everything, or some paths. */
export type Due = { only: string[] | undefined } | null;

export class WatchedRoot {
  readonly root: { id: number; path: string };
  readonly #subscribe: Subscribe;
  readonly #ignored: string[];
  readonly #settling: SettlingPaths;
  readonly #paths = new Set<string>();
  #state: WatchState = { state: 'starting', reason: null };
  #isWholeDue = true;
  #lookedAt = 0;
  #tookMs = 0;
  #end: (() => Promise<void>) | null = null;
  #isClosed = false;

  constructor(
    root: { id: number; path: string },
    { subscribe, ignored, quietMs }: { subscribe: Subscribe; ignored: string[]; quietMs: number },
  ) {
    this.root = root;
    this.#subscribe = subscribe;
    this.#ignored = ignored;
    this.#settling = new SettlingPaths(root, quietMs);
  }

  get state(): WatchState {
    return this.#state;
  }

  /** Begins, or begins anew where folders came. Never throws: what is not told is looked for. */
  async begin(): Promise<void> {
    await this.#end?.();
    this.#end = null;
    const untold = await findWhyUntold(this.root.path);
    if (untold !== null) {
      this.#state = { state: 'polling', reason: untold };
      return;
    }
    try {
      const end = await this.#subscribe(
        this.root.path,
        (error, changes) => this.#hear(error, changes),
        this.#ignored,
      );
      if (this.#isClosed) await end();
      else this.#end = end;
      this.#state = { state: 'watching', reason: null };
    } catch (error) {
      this.#state = { state: 'polling', reason: describeRefusal(error) };
    }
  }

  /**
   * What is due; it counts as being looked at from now on.
   *
   * @param isWalked another run is looking through everything: that waits
   */
  async takeDue(db: Db, { now, isWalked }: { now: number; isWalked: boolean }): Promise<Due> {
    const { paths, isWhole, hasNewFolder } = await this.#settling.take(db, now);
    // What comes into the new folder from here on is told; what is there already is looked at below.
    if (hasNewFolder) await this.begin();
    for (const path of paths) this.#paths.add(path);
    const everyMs = Math.max(this.#state.state === 'polling' ? pollMs : sweepMs, this.#tookMs / mostShare);
    if (isWhole || now - this.#lookedAt >= everyMs) this.#isWholeDue = true;
    const isAll = this.#isWholeDue && !isWalked;
    if (!isAll && this.#paths.size === 0) return null;
    const due = { only: isAll ? undefined : [...this.#paths] };
    if (isAll) {
      this.#lookedAt = now;
      this.#isWholeDue = false;
    }
    this.#paths.clear();
    return due;
  }

  /** Says that a look at everything took so long. */
  noteTook(ms: number): void {
    this.#tookMs = ms;
  }

  /** Puts back what could not be looked at. */
  putBack(due: NonNullable<Due>): void {
    if (due.only === undefined) this.#isWholeDue = true;
    else for (const path of due.only) this.#paths.add(path);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#end?.();
    this.#end = null;
  }

  #hear(error: Error | null, changes: readonly { path: string }[]): void {
    // What went unheard is found by looking through everything.
    if (error !== null) this.#isWholeDue = true;
    const now = Date.now();
    for (const { path } of changes) {
      this.#settling.add(relative(this.root.path, path).split(sep).join('/'), now);
    }
  }
}

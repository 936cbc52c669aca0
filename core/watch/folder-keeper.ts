/** Keeps the library in step with its folders while the studio runs: who is watched, who is offline, and what is to be looked at next. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { WatchState } from '../../contract/keep.ts';
import { allRoots } from '../../db/files.ts';
import type { RootRow } from '../../db/schema.ts';
import { isBeingWalked } from '../folder-run.ts';
import { noteReach, offlineWords, type WhyOffline } from '../root-reach.ts';
import { startScan } from '../scan-folder.ts';
import type { Studio } from '../studio.ts';
import { type Subscribe, subscribe } from './subscribe.ts';
import { WatchedRoot } from './watched-root.ts';

/** How long things take. */
export interface Pace {
  /** From the start to the first look: to walk a large library keeps both disk and engine from the page that was just opened. */
  firstMs: number;
  /** Between looks for what has come to rest. */
  stepMs: number;
  /** Between looks whether every folder is there. */
  reachMs: number;
  /** Nothing was told of a path for so long, and its size is what it was so long before: it has come to rest. */
  quietMs: number;
}

const usualPace: Pace = { firstMs: 5_000, stepMs: 400, reachMs: 2_500, quietMs: 800 };

interface Kept {
  watched: WatchedRoot;
  /** Device and inode: a folder that was made anew is another one. */
  identity: string;
}

export class FolderKeeper {
  readonly #pace: Pace;
  readonly #subscribe: Subscribe;
  readonly #kept = new Map<number, Kept>();
  #why = new Map<number, WhyOffline>();
  #studio: Studio | null = null;
  #timer: NodeJS.Timeout | null = null;
  #step: Promise<void> = Promise.resolve();
  #refreshing: Promise<void> = Promise.resolve();
  #reachedAt = 0;

  constructor({ pace = usualPace, told = subscribe }: { pace?: Pace; told?: Subscribe } = {}) {
    this.#pace = pace;
    this.#subscribe = told;
  }

  get isRunning(): boolean {
    return this.#studio !== null;
  }

  /** From now on, until it is closed. */
  start(studio: Studio): void {
    this.#studio = studio;
    this.#goOn(this.#pace.firstMs);
  }

  /** How a root is watched. */
  stateOf(root: Pick<RootRow, 'id' | 'is_watched' | 'offline_since'>): WatchState {
    const why = this.#why.get(root.id);
    if (why !== undefined || root.offline_since !== null) {
      return { state: 'offline', reason: why === undefined || why === 'gone' ? null : offlineWords[why] };
    }
    if (root.is_watched === 0 || this.#studio === null) return { state: 'off', reason: null };
    return this.#kept.get(root.id)?.watched.state ?? { state: 'starting', reason: null };
  }

  /** Looks at once which folders can be reached, and watches what is to be watched; one after the other. */
  async refresh(studio: Studio): Promise<void> {
    this.#refreshing = this.#refreshing
      .catch(() => undefined)
      .then(async () => {
        this.#why = await noteReach(studio);
        if (this.#studio !== null) await this.#watchReached(this.#studio);
      });
    await this.#refreshing;
  }

  async close(): Promise<void> {
    this.#studio = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#step;
    await this.#refreshing.catch(() => undefined);
    await Promise.all([...this.#kept.values()].map(({ watched }) => watched.close()));
    this.#kept.clear();
  }

  #goOn(afterMs: number): void {
    this.#timer = setTimeout(() => {
      this.#step = this.#takeStep().finally(() => {
        if (this.#studio !== null) this.#goOn(this.#pace.stepMs);
      });
    }, afterMs);
    this.#timer.unref();
  }

  async #takeStep(): Promise<void> {
    const studio = this.#studio;
    if (studio === null) return;
    try {
      if (Date.now() - this.#reachedAt >= this.#pace.reachMs) {
        this.#reachedAt = Date.now();
        await this.refresh(studio);
      }
      for (const { watched } of this.#kept.values()) {
        if (this.#studio === null || studio.jobs.running('scan') !== null) return;
        await this.#lookWhereDue(studio, watched);
      }
    } catch (error) {
      // The next step tries again; a studio that is closing needs none.
      if (this.#studio !== null) console.error(error);
    }
  }

  async #watchReached(studio: Studio): Promise<void> {
    const roots = allRoots(studio.db);
    const wanted = new Map(roots.filter((root) => this.#isWanted(root)).map((root) => [root.id, root]));
    for (const [id, { watched }] of this.#kept) {
      if (wanted.get(id)?.path === watched.root.path) continue;
      this.#kept.delete(id);
      await watched.close();
    }
    let hasChanged = false;
    for (const { id, path } of wanted.values()) {
      const identity = await identify(path);
      const known = this.#kept.get(id);
      if (identity === null || (known !== undefined && known.identity === identity)) continue;
      await known?.watched.close();
      const watched = new WatchedRoot(
        { id, path },
        { subscribe: this.#subscribe, ignored: [join(studio.folder, 'cache')], quietMs: this.#pace.quietMs },
      );
      this.#kept.set(id, { watched, identity });
      await watched.begin();
      hasChanged = true;
    }
    if (hasChanged) studio.bus.changed('images');
  }

  #isWanted(root: RootRow): boolean {
    return root.is_watched === 1 && !this.#why.has(root.id);
  }

  async #lookWhereDue(studio: Studio, watched: WatchedRoot): Promise<void> {
    // While a run over all of it is under way, only what changes is looked at.
    const isWalked = isBeingWalked(studio, watched.root.id);
    const due = await watched.takeDue(studio.db, { now: Date.now(), isWalked });
    if (due === null || this.#studio === null) return;
    const before = Date.now();
    try {
      const job = startScan(studio, { rootId: watched.root.id, only: due.only, isAsked: false });
      if (due.only !== undefined) return;
      void studio.jobs.waitFor(job.id).then(() => watched.noteTook(Date.now() - before));
    } catch (error) {
      watched.putBack(due);
      if (!(error instanceof StudioError && error.code === 'conflict')) throw error;
    }
  }
}

/** Null where it went away since. */
async function identify(path: string): Promise<string | null> {
  return await stat(path, { bigint: true }).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => null,
  );
}

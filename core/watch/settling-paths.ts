/** Paths that changed, kept until they have come to rest: a file that is being written is not looked at half. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db } from '../../db/database.ts';
import { filesAtOrBelow, pathsOfStem } from '../../db/files.ts';
import { isHidden, isImageName } from '../find-files.ts';

/** With more paths than this the whole folder is looked through instead. */
const mostPaths = 2000;

interface Waiting {
  touchedAt: number;
  sizeBytes: number | null;
}

/** What has come to rest. */
export interface Settled {
  /** Relative to the root, with `/`. */
  paths: string[];
  /** More changed than paths can say. */
  isWhole: boolean;
  /** A folder came, whose inner folders the system may not be watching. */
  hasNewFolder: boolean;
}

export class SettlingPaths {
  readonly #root: { id: number; path: string };
  readonly #quietMs: number;
  readonly #waiting = new Map<string, Waiting>();
  #isFlooded = false;

  constructor(root: { id: number; path: string }, quietMs: number) {
    this.#root = root;
    this.#quietMs = quietMs;
  }

  /** @param path relative to the root, with `/` */
  add(path: string, now: number): void {
    if (path === '' || isHidden(path)) return;
    // The bytes of a name that is not UTF-8 are lost on the way: whatever is new in its folder is found there.
    const known = path.includes('\ufffd') ? folderOf(path) : path;
    const waiting = this.#waiting.get(known);
    this.#waiting.set(known, { touchedAt: now, sizeBytes: waiting?.sizeBytes ?? null });
    if (this.#waiting.size <= mostPaths) return;
    this.#waiting.clear();
    this.#isFlooded = true;
  }

  /** What has come to rest by now; it is not told again. */
  async take(db: Db, now: number): Promise<Settled> {
    const settled: Settled = { paths: [], isWhole: this.#isFlooded, hasNewFolder: this.#isFlooded };
    this.#isFlooded = false;
    const due = [...this.#waiting].filter(([, { touchedAt }]) => now - touchedAt >= this.#quietMs);
    await Promise.all(due.map(([path, waiting]) => this.#settle(db, { path, waiting, now }, settled)));
    return settled;
  }

  async #settle(
    db: Db,
    { path, waiting, now }: { path: string; waiting: Waiting; now: number },
    settled: Settled,
  ): Promise<void> {
    const info = await lstat(join(this.#root.path, path)).catch(() => null);
    if (this.#waiting.get(path) !== waiting) return;
    if (info?.isFile() === true && info.size !== waiting.sizeBytes) {
      this.#waiting.set(path, { touchedAt: now, sizeBytes: info.size });
      return;
    }
    this.#waiting.delete(path);
    if (path === '.') settled.isWhole = true;
    else if (info?.isDirectory() === true) {
      settled.paths.push(path);
      settled.hasNewFolder = true;
    } else if (info?.isSymbolicLink() === true) settled.isWhole = true;
    else if (isImageName(path)) settled.paths.push(path);
    else if (info === null && filesAtOrBelow(db, this.#root.id, path).length > 0) settled.paths.push(path);
    else if (path.endsWith('.txt')) settled.paths.push(...this.#imagesBeside(db, path.slice(0, -4)));
  }

  /** The images that a text file is, or was, the prompt of. */
  #imagesBeside(db: Db, stem: string): string[] {
    return isImageName(stem) ? [stem] : pathsOfStem(db, this.#root.id, stem).filter(isImageName);
  }
}

function folderOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end === -1 ? '.' : path.slice(0, end);
}

/** SQLite’s check of a large library on a thread, a while after it was opened, so that the first page does not wait for it. */
import { isCheckedAtOnce } from '../db/database.ts';
import { adviseRestore } from './restore.ts';
import type { Studio } from './studio.ts';

/** By then the first page is shown. */
const laterMs = 15_000;

type Means = Pick<Studio, 'folder' | 'db' | 'compute' | 'backups' | 'bus'>;

export class LibraryCheck {
  #timer: NodeJS.Timeout | null = null;
  /** What is wrong with the database and what to do about it; null where nothing was found. */
  damage: string | null = null;

  /** A small one was checked when it was opened. */
  plan(means: Means): void {
    if (isCheckedAtOnce(means.db.sqlite.name)) return;
    this.#timer = setTimeout(() => void this.run(means).catch(() => undefined), laterMs).unref();
  }

  /** Checks now. What is damaged is said, and not backed up over what is whole. */
  async run({ folder, db, compute, backups, bus }: Means): Promise<void> {
    const problem = await compute.run('findDamage', { database: db.sqlite.name });
    if (problem === null) return;
    this.damage = `The library’s database is damaged (${problem}). ${adviseRestore(folder)}`;
    backups.stop('The database is damaged: a backup of it would be no better.');
    bus.changed('images', 'settings');
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }
}

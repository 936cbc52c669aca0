/** The threads that read a large library: their own, so that a list waits neither for votes nor behind a training. */
import { Piscina } from 'piscina';
import type { Db } from '../../db/database.ts';
import { largestImageId } from '../../db/images.ts';
import {
  type QuestionOf,
  type ReadingName,
  type ReadingTask,
  type ResultOf,
  readFrom,
  writeFrom,
} from './readings.ts';

/** A library with more is read on a thread; a smaller one is read faster than a thread answers. */
const mostOnEngine = 5_000;

/** A list does not wait behind a long table; the second thread starts when it would. */
const mostThreads = 2;

/** As it is first shown. */
const wholeList = { filter: {}, order: 'pictures', descending: true, packId: '', mosSetId: null } as const;

/** Started with the first question, or before; they stay, as their connections do, until the studio closes. */
export class ReadingThreads {
  readonly #db: Db;
  #pool: Piscina | undefined;

  constructor(db: Db) {
    this.#db = db;
  }

  /** What a reading gives of all that was committed before it was asked for. */
  async read<Name extends ReadingName>(name: Name, ...question: QuestionOf<Name>): Promise<ResultOf<Name>> {
    if (!this.isLarge) return readFrom(this.#db, name, question);
    return await this.#ask('read', { name, question });
  }

  /** The same as JSON in UTF-8. */
  async write<Name extends ReadingName>(
    name: Name,
    ...question: QuestionOf<Name>
  ): Promise<Uint8Array<ArrayBuffer>> {
    if (!this.isLarge) return writeFrom(this.#db, name, question);
    return await this.#ask('write', { name, question });
  }

  /**
   * Starts a thread where one will be asked, and reads the whole list once: the first time takes three times as long, as long as a window
   * takes to open.
   */
  warm(): void {
    this.#ask('write', { name: 'readList', question: [{ request: wholeList }] }).catch(() => undefined);
  }

  /** Whether what is read of the library is read on these threads. */
  get isLarge(): boolean {
    return largestImageId(this.#db) > mostOnEngine;
  }

  async #ask<Name extends ReadingName, Answer>(
    how: 'read' | 'write',
    task: Omit<ReadingTask<Name>, 'database'>,
  ): Promise<Answer> {
    return await this.#threads().run({ ...task, database: this.#db.sqlite.name }, { name: how });
  }

  #threads(): Piscina {
    this.#pool ??= createPool();
    return this.#pool;
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
  }
}

function createPool(): Piscina {
  const pool = new Piscina({
    filename: new URL('./readings.ts', import.meta.url).href,
    minThreads: 1,
    maxThreads: mostThreads,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  // An answer that crossed with the closing is one that nobody waits for. Without a listener it would end the engine.
  pool.on('error', () => undefined);
  return pool;
}

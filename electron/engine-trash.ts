/** The engine's way to the system's trash: the window's process moves the file and says whether it could. */
import type { FromEngine } from './messages.ts';

interface Waiting {
  resolve: () => void;
  reject: (error: Error) => void;
}

export class TrashCalls {
  readonly #ask: (message: FromEngine) => void;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;

  constructor(ask: (message: FromEngine) => void) {
    this.#ask = ask;
  }

  /** Resolves once the file is in the trash. */
  async move(path: string): Promise<void> {
    const id = this.#nextId++;
    await new Promise<void>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#ask({ kind: 'moveToTrash', id, path });
    });
  }

  /** What became of it: null where it is in the trash. */
  settle(id: number, problem: string | null): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (problem === null) waiting?.resolve();
    else waiting?.reject(new Error(problem));
  }
}

/** The thread that answers lists of a large library: its own, so that a list waits neither for votes nor behind a training. */
import { Piscina } from 'piscina';
import type { ImageList } from '../../contract/images.ts';
import type { ListAnswer, ListTask } from './list-images.ts';

/** Started with the first question; it stays, as its cache does, until the studio closes. */
export class ListThread {
  #pool: Piscina | undefined;

  /** One list after the other, in the order they were asked for. */
  async list(task: ListTask): Promise<ImageList> {
    this.#pool ??= new Piscina({
      filename: new URL('./list-images.ts', import.meta.url).href,
      minThreads: 1,
      maxThreads: 1,
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    const { ids, groups }: ListAnswer = await this.#pool.run(task, { name: 'listImages' });
    return { ids: Array.from(ids), ...(groups === undefined ? {} : { groups }) };
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
  }
}

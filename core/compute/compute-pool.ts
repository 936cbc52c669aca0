/** Long arithmetic on worker threads, so that votes are acknowledged and pages answered while it runs. */
import { availableParallelism } from 'node:os';
import type { MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { StudioError } from '../../contract/errors.ts';
import { type ComputeTasks, locateTask, type TaskName } from './compute-tasks.ts';

type Transferable = ArrayBuffer | MessagePort;

function createPool(): Piscina {
  const pool = new Piscina({
    minThreads: 0,
    maxThreads: availableParallelism(),
    idleTimeout: 20_000,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  // What is emitted here concerns no task that anybody waits for: an answer that crossed with its withdrawal, or an idle thread that
  // died and is replaced. Without a listener it would end the engine.
  pool.on('error', () => undefined);
  return pool;
}

export class ComputePool {
  readonly #pool: Piscina;
  /** Aborts whatever is run, unless a task brings a signal of its own. */
  readonly #signal: AbortSignal | undefined;

  constructor(pool: Piscina = createPool(), signal?: AbortSignal) {
    this.#pool = pool;
    this.#signal = signal;
  }

  /** The same threads for what one question asks: its tasks end with its signal. */
  until(signal: AbortSignal | undefined): ComputePool {
    return signal === undefined ? this : new ComputePool(this.#pool, signal);
  }

  /**
   * Runs one task on a thread.
   *
   * @param transfer buffers inside `task` that are handed over, not copied
   * @throws StudioError `cancelled` when `signal` aborts: the thread is ended in the middle of its work
   */
  async run<Task extends TaskName>(
    name: Task,
    task: Parameters<ComputeTasks[Task]>[0],
    options: { signal?: AbortSignal; transfer?: Transferable[] } = {},
  ): Promise<Awaited<ReturnType<ComputeTasks[Task]>>> {
    const { signal = this.#signal, transfer } = options;
    try {
      return await this.#pool.run(task, {
        name,
        filename: locateTask(name),
        ...(signal === undefined ? {} : { signal }),
        ...(transfer === undefined ? {} : { transferList: transfer }),
      });
    } catch (error) {
      if (signal?.aborted === true) throw new StudioError('cancelled', 'Cancelled.', {}, { cause: error });
      throw error;
    }
  }

  /** Starts a thread, if none is running, for what a study is soon asked: it takes longer than many an answer. */
  warm(): void {
    if (this.#pool.threads.length === 0) void this.run('ready', undefined).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

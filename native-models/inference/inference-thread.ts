/** The models process's side of one inference thread: starts it when it is needed, asks it, and notices when it ends. */
import { Worker } from 'node:worker_threads';
import { StudioError } from '../../contract/errors.ts';
import type { FromInference, InferenceAnswers, InferenceTask, ToInference } from './inference-messages.ts';

interface Asked {
  resolve: (answer: never) => void;
  reject: (error: Error) => void;
}

export class InferenceThread {
  #worker: Worker | null = null;
  readonly #asked = new Map<number, Asked>();
  readonly #budgetBytes: number;
  readonly #onStep: () => void;
  #nextId = 1;

  constructor(budgetBytes: number, onStep: () => void) {
    this.#budgetBytes = budgetBytes;
    this.#onStep = onStep;
  }

  /** @throws StudioError what the thread says is wrong; `modelsUnavailable` where it ends */
  ask<Kind extends InferenceTask['kind']>(
    task: Extract<InferenceTask, { kind: Kind }>,
  ): Promise<InferenceAnswers[Kind]> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#asked.set(id, { resolve, reject });
      this.#worker ??= this.#start();
      this.#worker.ref();
      const message: ToInference = { id, task };
      this.#worker.postMessage(message, buffersOf(task));
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./inference-worker.ts', import.meta.url), {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      workerData: { budgetBytes: this.#budgetBytes },
    });
    worker.on('message', (message: FromInference) => this.#receive(message));
    worker.on('error', (error) => this.#survive(worker, error.message));
    worker.on('exit', () => this.#survive(worker, 'it ended'));
    return worker;
  }

  #receive(message: FromInference): void {
    if ('step' in message) {
      this.#onStep();
      return;
    }
    const asked = this.#asked.get(message.id);
    this.#asked.delete(message.id);
    // A thread that waits does not keep the process alive.
    if (this.#asked.size === 0) this.#worker?.unref();
    if ('answer' in message) asked?.resolve(message.answer as never);
    else {
      const { code, message: text, details } = message.problem;
      asked?.reject(new StudioError(code, text, details));
    }
  }

  #survive(worker: Worker, reason: string): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    const error = new StudioError('modelsUnavailable', `An inference thread stopped: ${reason}.`);
    for (const [id, { reject }] of [...this.#asked]) {
      this.#asked.delete(id);
      reject(error);
    }
  }
}

/** Pixels are handed over, not copied. */
function buffersOf(task: InferenceTask): ArrayBuffer[] {
  if (task.kind !== 'images') return [];
  return task.images
    .flatMap(({ quality, similarity }) => [quality, similarity])
    .flatMap((tensor) => (tensor?.buffer instanceof ArrayBuffer ? [tensor.buffer] : []));
}

/** Hands prepared images and texts to the inference thread, in groups that run well together, and starts that thread again when it ends. */
import { Worker } from 'node:worker_threads';
import { StudioError } from '../../contract/errors.ts';
import type { EmbedTextRequest, Look, NetworkRun, TextEmbeddings } from '../messages.ts';
import type { FromInference, InferenceAnswers, InferenceTask, ToInference } from './inference-messages.ts';
import type { Prepared } from './run-pack.ts';

interface WaitingImage {
  key: string;
  packFolder: string;
  run: NetworkRun;
  image: Prepared;
  resolve: (look: Look) => void;
  reject: (error: Error) => void;
}

interface Asked {
  resolve: (answer: never) => void;
  reject: (error: Error) => void;
}

/** Tasks that the thread has at once: while it works on one, the next one waits there. */
const tasksAhead = 2;
/** Until the thread has said what is best. */
const firstGroupSize = 4;

export class Inference {
  #worker: Worker | null = null;
  readonly #asked = new Map<number, Asked>();
  readonly #images: WaitingImage[] = [];
  readonly #groupSizes = new Map<string, number>();
  #nextId = 1;

  /** Prepared images that should wait, at least, so that the thread never does. */
  get imagesAhead(): number {
    const largest = Math.max(firstGroupSize, ...this.#groupSizes.values());
    return (tasksAhead + 1) * largest;
  }

  /** @throws StudioError what is wrong with the pack or its run */
  look(packFolder: string, run: NetworkRun, image: Prepared): Promise<Look> {
    return new Promise((resolve, reject) => {
      const key = JSON.stringify([packFolder, run]);
      this.#images.push({ key, packFolder, run, image, resolve, reject });
      this.#pump();
    });
  }

  /** @throws StudioError what is wrong with the pack or its run */
  embedText({ packFolder, run, texts }: EmbedTextRequest): Promise<TextEmbeddings> {
    return this.#ask({ kind: 'texts', packFolder, run, texts });
  }

  /** Ends the thread, and with it what it has in memory. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #pump(): void {
    while (this.#asked.size < tasksAhead) {
      const [first] = this.#images;
      if (first === undefined) return;
      void this.#sendGroup(first);
    }
  }

  async #sendGroup({ key, packFolder, run }: WaitingImage): Promise<void> {
    const size = this.#groupSizes.get(key) ?? firstGroupSize;
    const group: WaitingImage[] = [];
    for (let at = 0; at < this.#images.length && group.length < size; ) {
      if (this.#images[at]!.key === key) group.push(...this.#images.splice(at, 1));
      else at += 1;
    }
    try {
      const images = group.map(({ image }) => image);
      const { looks, groupSize } = await this.#ask({ kind: 'images', packFolder, run, images });
      this.#groupSizes.set(key, groupSize);
      group.forEach(({ resolve }, at) => {
        resolve(looks[at]!);
      });
    } catch (thrown) {
      for (const { reject } of group) reject(thrown as Error);
    }
  }

  #ask<Kind extends InferenceTask['kind']>(
    task: Extract<InferenceTask, { kind: Kind }>,
  ): Promise<InferenceAnswers[Kind]> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#asked.set(id, { resolve, reject });
      const message: ToInference = { id, task };
      this.#worker ??= this.#start();
      this.#worker.ref();
      this.#worker.postMessage(message, buffersOf(task));
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL('./inference-worker.ts', import.meta.url), {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    worker.on('message', (message: FromInference) => this.#receive(message));
    worker.on('error', (error) => this.#survive(worker, error.message));
    worker.on('exit', () => this.#survive(worker, 'it ended'));
    return worker;
  }

  #receive(message: FromInference): void {
    const asked = this.#asked.get(message.id);
    this.#asked.delete(message.id);
    if ('answer' in message) asked?.resolve(message.answer as never);
    else {
      const { code, message: text, details } = message.problem;
      asked?.reject(new StudioError(code, text, details));
    }
    this.#goOn();
  }

  /** After what was waited for has heard its answer. */
  #goOn(): void {
    if (this.#asked.size === 0) this.#worker?.unref();
    setImmediate(() => this.#pump());
  }

  #survive(worker: Worker, reason: string): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    const error = new StudioError('modelsUnavailable', `The inference thread stopped: ${reason}.`);
    for (const [id, { reject }] of [...this.#asked]) {
      this.#asked.delete(id);
      reject(error);
    }
    this.#goOn();
  }
}

/** Pixels are handed over, not copied. */
function buffersOf(task: InferenceTask): ArrayBuffer[] {
  if (task.kind === 'texts') return [];
  return task.images
    .flatMap(({ quality, similarity }) => [quality, similarity])
    .flatMap((tensor) => (tensor?.buffer instanceof ArrayBuffer ? [tensor.buffer] : []));
}

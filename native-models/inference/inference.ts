/** Shares prepared images and texts out to the inference threads, one a core, so that a score never depends on how many there are. */
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { toStudioError } from '../../contract/errors.ts';
import type { EmbedTextRequest, Look, NetworkRun, TextEmbeddings } from '../messages.ts';
import { InferenceThread } from './inference-thread.ts';
import { OpenPacks, planRun, type RunPlan } from './plan-run.ts';
import { mergeLooks, type Prepared } from './run-pack.ts';
import { imagesPerPassWhenShort, weightsBudget } from './weights-budget.ts';

interface WaitingImage {
  image: Prepared;
  resolve: (look: Look) => void;
  reject: (error: Error) => void;
}

/** Images of one pack that are to be run in one way. */
interface Queue {
  packFolder: string;
  run: NetworkRun;
  images: WaitingImage[];
}

export interface InferenceOptions {
  threads?: number;
  /** Of weights that may be open together. Threads share it: all map the same files. */
  budgetBytes?: number;
  /** Called whenever a network has been run for some images or texts: work goes on. */
  onStep?: () => void;
}

/** With too little memory for all members, a pass begins once no further image has become ready for so long. */
const gatherMs = 200;
/** Fewer texts than this are not worth another thread. */
const fewestTexts = 4;

/**
 * On the CPU each thread runs sessions of one thread on images of its own, all on the same mapped weights. A GPU is one thread's.
 * Why: docs/decisions/0007-one-image-a-core.md.
 */
export class Inference {
  readonly #budgetBytes: number;
  readonly #packs = new OpenPacks();
  readonly #threads: InferenceThread[];
  readonly #idle: InferenceThread[];
  readonly #wanted: ((thread: InferenceThread) => void)[] = [];
  readonly #queues = new Map<string, Queue>();

  constructor({
    threads = availableParallelism(),
    budgetBytes = weightsBudget(),
    onStep = () => {},
  }: InferenceOptions = {}) {
    this.#budgetBytes = budgetBytes;
    this.#threads = Array.from({ length: threads }, () => new InferenceThread(budgetBytes, onStep));
    this.#idle = [...this.#threads];
  }

  /** @throws StudioError what is wrong with the pack or its run */
  look(packFolder: string, run: NetworkRun, image: Prepared): Promise<Look> {
    return new Promise((resolve, reject) => {
      const key = JSON.stringify([packFolder, run]);
      const waiting = { image, resolve, reject };
      const queue = this.#queues.get(key);
      if (queue !== undefined) {
        queue.images.push(waiting);
        return;
      }
      const started = { packFolder, run, images: [waiting] };
      this.#queues.set(key, started);
      void this.#drain(key, started);
    });
  }

  /** @throws StudioError what is wrong with the pack or its run */
  async embedText({ packFolder, run, texts }: EmbedTextRequest): Promise<TextEmbeddings> {
    const { provider } = await this.#plan(packFolder, run);
    const most = provider === 'cpu' ? this.#threads.length : 1;
    const size = Math.max(fewestTexts, Math.ceil(texts.length / most));
    const parts = Array.from({ length: Math.max(1, Math.ceil(texts.length / size)) }, (_, at) =>
      texts.slice(at * size, (at + 1) * size),
    );
    const answers = await Promise.all(
      parts.map((part) =>
        this.#useThread(
          (thread) => thread.ask({ kind: 'texts', packFolder, run, texts: part }),
          provider !== 'cpu',
        ),
      ),
    );
    return joinEmbeddings(answers);
  }

  /** Ends the threads, and with them what they have in memory. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  async #plan(packFolder: string, run: NetworkRun): Promise<RunPlan> {
    return await planRun(await this.#packs.get(packFolder), run, this.#budgetBytes);
  }

  async #drain(key: string, queue: Queue): Promise<void> {
    try {
      const { packFolder, run } = queue;
      const plan = await this.#plan(packFolder, run);
      const lane = new Lane(plan, run);
      while (queue.images.length > 0) {
        if (plan.passes.length > 1) await this.#runInPasses(queue, lane);
        else await this.#runGroup(queue, lane);
      }
      this.#queues.delete(key);
    } catch (thrown) {
      this.#queues.delete(key);
      for (const { reject } of queue.images) reject(toStudioError(thrown));
    }
  }

  /** Hands a group to the next idle thread; goes on as soon as that has it. */
  async #runGroup(queue: Queue, lane: Lane): Promise<void> {
    const thread = await this.#takeThread(lane.isOnGpu);
    // What waits is shared out evenly, lest one thread works on all of it.
    const share = lane.isOnGpu ? queue.images.length : Math.ceil(queue.images.length / this.#threads.length);
    const group = queue.images.splice(0, Math.min(lane.plan.groupSize, share));
    void settle(group, async () => {
      try {
        const images = group.map(({ image }) => image);
        const looks = await thread.ask({
          kind: 'images',
          packFolder: queue.packFolder,
          run: lane.run,
          images,
        });
        return looks.map((look) => lane.complete([look]));
      } finally {
        this.#giveBack(thread);
      }
    });
  }

  /** One member after the other for many images: all threads work on the same weights at a time. */
  async #runInPasses(queue: Queue, lane: Lane): Promise<void> {
    await gather(queue);
    const group = queue.images.splice(0, imagesPerPassWhenShort);
    await settle(group, async () => {
      let parts = await this.#passAll(queue, lane, group);
      // A provider was left between two members: the next one has all of them.
      while (hasSeveralProviders(parts)) parts = await this.#passAll(queue, lane, group);
      return parts.map((looks) => lane.complete(looks));
    });
  }

  /** What each member gives for each image. */
  async #passAll({ packFolder }: Queue, lane: Lane, group: readonly WaitingImage[]): Promise<Look[][]> {
    const parts: Look[][] = group.map(() => []);
    const size = Math.min(lane.plan.groupSize, Math.ceil(group.length / this.#threads.length));
    const slices = Array.from({ length: Math.ceil(group.length / size) }, (_, at) => at * size);
    for (const members of lane.plan.passes) {
      const run = { ...lane.run, members };
      await Promise.all(
        slices.map((from) =>
          this.#useThread(async (thread) => {
            // Pixels are handed over; the next pass needs them again.
            const images = structuredClone(group.slice(from, from + size).map(({ image }) => image));
            const looks = await thread.ask({ kind: 'images', packFolder, run, images });
            looks.forEach((look, at) => {
              parts[from + at]!.push(look);
            });
          }, lane.isOnGpu),
        ),
      );
    }
    return parts;
  }

  async #useThread<Result>(
    work: (thread: InferenceThread) => Promise<Result>,
    isFirst: boolean,
  ): Promise<Result> {
    const thread = await this.#takeThread(isFirst);
    try {
      return await work(thread);
    } finally {
      this.#giveBack(thread);
    }
  }

  /** @param isFirst the first thread, which has the GPU */
  async #takeThread(isFirst: boolean): Promise<InferenceThread> {
    for (;;) {
      const at = isFirst ? this.#idle.indexOf(this.#threads[0]!) : 0;
      const [thread] = at < 0 ? [] : this.#idle.splice(at, 1);
      if (thread !== undefined) return thread;
      await new Promise<InferenceThread>((resolve) => this.#wanted.push(resolve));
    }
  }

  #giveBack(thread: InferenceThread): void {
    this.#idle.push(thread);
    for (const wake of this.#wanted.splice(0)) wake(thread);
  }
}

/** Waits while images are still being made ready: each pass that begins without them reads all weights from disk once more. */
async function gather({ images }: Queue): Promise<void> {
  for (let before = 0; images.length > before && images.length < imagesPerPassWhenShort; ) {
    before = images.length;
    await sleep(gatherMs);
  }
}

/** Runs work for a group and answers each of its images, whatever comes. */
async function settle(group: readonly WaitingImage[], work: () => Promise<Look[]>): Promise<void> {
  try {
    const looks = await work();
    group.forEach(({ resolve }, at) => {
      resolve(looks[at]!);
    });
  } catch (thrown) {
    for (const { reject } of group) reject(toStudioError(thrown));
  }
}

function hasSeveralProviders(parts: readonly (readonly Look[])[]): boolean {
  return new Set(parts.flat().map(({ provenance }) => provenance?.provider)).size > 1;
}

/** How a queue is run; a GPU that was left in flight leaves its images to the CPU’s threads, with the reason. */
class Lane {
  readonly plan: RunPlan;
  run: NetworkRun;
  #fallback: string | null = null;

  constructor(plan: RunPlan, run: NetworkRun) {
    this.plan = plan;
    this.run = run;
  }

  get isOnGpu(): boolean {
    return this.plan.provider !== 'cpu' && this.#fallback === null;
  }

  complete(parts: readonly Look[]): Look {
    const look = mergeLooks(parts, this.plan);
    if (look.provenance === null) return look;
    if (this.plan.provider !== 'cpu' && look.provenance.provider === 'cpu') {
      this.#fallback ??= look.provenance.fallback ?? `${this.plan.provider} was left.`;
      this.run = { ...this.run, providers: ['cpu'] };
    }
    return {
      ...look,
      provenance: { ...look.provenance, fallback: look.provenance.fallback ?? this.#fallback },
    };
  }
}

function joinEmbeddings(parts: readonly TextEmbeddings[]): TextEmbeddings {
  const [first] = parts;
  const members = Object.fromEntries(
    Object.keys(first!.members).map((member) => {
      const rows = new Float32Array(parts.reduce((sum, part) => sum + part.members[member]!.length, 0));
      let filled = 0;
      for (const part of parts) {
        rows.set(part.members[member]!, filled);
        filled += part.members[member]!.length;
      }
      return [member, rows];
    }),
  );
  return { ...first!, members };
}

/** The models process: takes requests from the engine and hands them to worker threads, one a core, and networks to a thread of their own. */
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { answerOrProblem } from './describe-problem.ts';
import { describeFailure } from './images/failures.ts';
import type { Inference } from './inference/inference.ts';
import type { Prepared } from './inference/run-pack.ts';
import { imagesPerPassWhenShort } from './inference/weights-budget.ts';
import { keepCompiled } from './keep-compiled.ts';
import type {
  FromModels,
  Look,
  LookRequest,
  ModelsAnswers,
  ModelsProgress,
  ModelsRequest,
  NetworkRun,
  ToModels,
} from './messages.ts';
import { RequestQueue } from './request-queue.ts';
import { Slots } from './slots.ts';
import type { Outcome } from './worker.ts';

const workerFile = new URL('./worker.ts', import.meta.url).href;

const pool = new Piscina({
  filename: workerFile,
  minThreads: 0,
  maxThreads: availableParallelism(),
  idleTimeout: 60_000,
  // While one waits for the decoder's or the disk's answer, the other works: no core is idle between their steps.
  concurrentTasksPerWorker: 2,
  taskQueue: new RequestQueue(),
  execArgv: ['--disable-warning=ExperimentalWarning'],
});

// The process was started because something will be asked: its first threads load meanwhile.
for (let thread = 0; thread < Math.min(2, pool.maxThreads); thread += 1)
  void pool.run(null, { name: 'wake' });

/** Requests that networks work on, each told now and then that work goes on: minutes may pass before its own turn comes. */
const moving = new Set<(progress: ModelsProgress) => void>();
const progressIntervalMs = 1000;
let steps = 0;
let toldAt = 0;

function tellMoving(): void {
  steps += 1;
  if (Date.now() - toldAt < progressIntervalMs) return;
  toldAt = Date.now();
  for (const tell of moving) tell({ phase: 'networks', done: steps, total: steps });
}

let inference: Promise<Inference> | null = null;

/** The runtime is loaded when networks are first asked for: the classic pack needs none. */
function getInference(): Promise<Inference> {
  inference ??= import('./inference/inference.ts').then(
    (module) => new module.Inference({ onStep: tellMoving }),
  );
  return inference;
}

/** Images that are prepared or being prepared: enough that no inference thread waits and a pass is full, no more than memory is worth. */
const ahead = new Slots(Math.max(imagesPerPassWhenShort, 8 * availableParallelism()));

type AnyOutcome = Outcome<ModelsAnswers[keyof ModelsAnswers]>;
interface Asking {
  onProgress: (progress: ModelsProgress) => void;
  signal: AbortSignal;
}

async function answer(request: ModelsRequest, asking: Asking): Promise<AnyOutcome> {
  switch (request.kind) {
    case 'report': {
      const { reportProviders } = await import('./report-providers.ts');
      return { answer: await reportProviders(pool.maxThreads) };
    }
    case 'expectRun': {
      const { expectRun } = await import('./inference/probe-providers.ts');
      return { answer: await expectRun(request) };
    }
    case 'look':
      return request.run === null
        ? await pool.run(request, { name: request.kind })
        : await keepMoving(asking, lookWithNetworks(request, request.run));
    case 'embedText':
      return await keepMoving(
        asking,
        answerOrProblem(async () => (await getInference()).embedText(request)),
      );
    case 'planPack':
    case 'buildPack':
    case 'checkPack': {
      const { handlePack } = await import('./packs/handle-pack.ts');
      return await answerOrProblem(() => handlePack(request, asking));
    }
    default:
      return await pool.run(request, { name: request.kind });
  }
}

async function keepMoving<Result>({ onProgress }: Asking, work: Promise<Result>): Promise<Result> {
  moving.add(onProgress);
  try {
    return await work;
  } finally {
    moving.delete(onProgress);
  }
}

async function lookWithNetworks(request: LookRequest, run: NetworkRun): Promise<Outcome<Look>> {
  return await ahead.use(async () => {
    const prepared: Outcome<Prepared> = await pool.run(request, { name: 'prepare' });
    if (!('answer' in prepared)) return prepared;
    return await answerOrProblem(async () =>
      (await getInference()).look(request.packFolder, run, prepared.answer),
    );
  });
}

function serve(post: (message: FromModels) => void): (message: ToModels) => void {
  const asked = new Map<number, AbortController>();
  return (message) => {
    const { id } = message;
    if ('cancel' in message) {
      asked.get(id)?.abort();
      return;
    }
    const controller = new AbortController();
    asked.set(id, controller);
    answer(message.request, {
      onProgress: (progress) => post({ id, progress }),
      signal: controller.signal,
    })
      .then(
        (outcome) => post({ id, ...outcome }),
        (error: unknown) => post({ id, failure: describeFailure(error) }),
      )
      .finally(() => {
        asked.delete(id);
        keepCompiled(message.request.kind);
      });
  };
}

/** In Electron the process is a utility process, and the engine's wire arrives as a port. */
interface UtilityPort {
  once(event: 'message', listener: (event: { ports: ElectronPort[] }) => void): void;
}
interface ElectronPort {
  on(event: 'message', listener: (event: { data: ToModels }) => void): void;
  on(event: 'close', listener: () => void): void;
  start(): void;
  postMessage(message: FromModels): void;
}

if ('parentPort' in process && process.parentPort !== undefined) {
  (process.parentPort as UtilityPort).once('message', ({ ports: [port] }) => {
    if (port === undefined) throw new Error('The models process was started without a wire.');
    const receive = serve((message) => port.postMessage(message));
    port.on('message', ({ data }) => receive(data));
    port.on('close', () => process.exit(0));
    port.start();
  });
} else {
  const receive = serve((message) => process.send?.(message));
  process.on('message', (message) => receive(message as ToModels));
  process.on('disconnect', () => process.exit(0));
  // A terminal sends Ctrl-C to this process, too. The engine decides what it means: a build that is cancelled takes away what it wrote.
  process.on('SIGINT', () => undefined);
}

/** The models process: takes requests from the engine and hands them to worker threads, one a core. */
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { describeFailure } from './images/failures.ts';
import type { FromModels, ModelsAnswers, ModelsRequest, ToModels } from './messages.ts';
import { RequestQueue } from './request-queue.ts';
import type { Outcome } from './worker.ts';

const workerFile = new URL('./worker.ts', import.meta.url).href;

const pool = new Piscina({
  filename: workerFile,
  minThreads: 0,
  maxThreads: availableParallelism(),
  idleTimeout: 60_000,
  taskQueue: new RequestQueue(),
  execArgv: ['--disable-warning=ExperimentalWarning'],
});

async function answer(request: ModelsRequest): Promise<Outcome<ModelsAnswers[keyof ModelsAnswers]>> {
  if (request.kind === 'report') {
    const { reportProviders } = await import('./report-providers.ts');
    return { answer: await reportProviders(pool.maxThreads) };
  }
  return await pool.run(request, { name: request.kind });
}

function serve(post: (message: FromModels) => void): (message: ToModels) => void {
  return ({ id, request }) => {
    answer(request).then(
      (outcome) => post({ id, ...outcome }),
      (error: unknown) => post({ id, failure: describeFailure(error) }),
    );
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
}

/** Keeps the engine and its models processes for the window: starts them, forwards requests, notices their death. */
import { fileURLToPath } from 'node:url';
import {
  MessageChannelMain,
  type MessagePortMain,
  shell,
  type UtilityProcess,
  utilityProcess,
} from 'electron';
import { StudioError } from '../contract/errors.ts';
import type { FromEngine, ToEngine } from './messages.ts';
import { askOverPort } from './wire.ts';

const engineFile = fileURLToPath(new URL('./engine.ts', import.meta.url));
const modelsFile = fileURLToPath(new URL('../native-models/process.ts', import.meta.url));
const execArgv = ['--disable-warning=ExperimentalWarning'];
const closeLimitMs = 10_000;

export class EngineHost {
  readonly #onDeath: (reason: string) => void;
  readonly #models = new Map<number, UtilityProcess>();
  #engine: UtilityProcess | null = null;
  /** Rejects when the library cannot be opened. */
  #ready: Promise<void> = Promise.reject(new StudioError('internal', 'The engine was not started.'));
  #closing: Promise<void> | null = null;

  /** @param onDeath told when an engine that was ready ends unasked */
  constructor(onDeath: (reason: string) => void) {
    this.#onDeath = onDeath;
    this.#ready.catch(() => undefined);
  }

  get isRunning(): boolean {
    return this.#engine !== null;
  }

  /**
   * Starts the engine over a library folder; does nothing where it runs.
   *
   * @param goesBack to the newest whole backup first
   * @throws StudioError as `openStudio` and `restoreLibrary`, or `internal` when the process ends before the library is open
   */
  start(folder: string, goesBack = false): Promise<void> {
    if (this.#engine !== null) return this.#ready;
    const engine = utilityProcess.fork(engineFile, [], { execArgv, serviceName: 'Engine' });
    this.#engine = engine;
    post(engine, { kind: 'open', folder, goesBack });
    this.#ready = new Promise((resolve, reject) => {
      let isReady = false;
      engine.on('message', (message: FromEngine) => {
        if (message.kind === 'ready') {
          isReady = true;
          resolve();
        } else if (message.kind === 'failed') {
          reject(new StudioError(message.code, message.message));
          engine.kill();
        } else if (message.kind === 'launchModels') this.#launchModels(engine, message.models);
        else if (message.kind === 'moveToTrash') void moveToTrash(engine, message);
        else this.#models.get(message.models)?.kill();
      });
      engine.once('exit', (code) => {
        this.#forget(engine);
        reject(new StudioError('internal', `The engine ended while it started (exit code ${code}).`));
        if (isReady && this.#closing === null) this.#onDeath(`exit code ${code}`);
      });
    });
    this.#ready.catch(() => undefined);
    return this.#ready;
  }

  /** Forwards a request of the page; 503 where no engine answers. */
  async fetch(request: Request): Promise<Response> {
    await this.#ready.catch(() => undefined);
    const engine = this.#engine;
    if (engine === null) return unavailable();
    const { port1, port2 } = new MessageChannelMain();
    const url = new URL(request.url);
    const head = {
      method: request.method,
      path: url.pathname + url.search,
      headers: [...request.headers],
      hasBody: request.body !== null,
    };
    post(engine, { kind: 'request', head }, [port2]);
    return await askOverPort(port1, request, unavailable);
  }

  /** Ends the engine: running jobs are stopped and the library is closed before it exits. */
  close(): Promise<void> {
    const engine = this.#engine;
    if (engine === null) return Promise.resolve();
    this.#closing ??= new Promise((resolve) => {
      const limit = setTimeout(() => engine.kill(), closeLimitMs);
      engine.once('exit', () => {
        clearTimeout(limit);
        this.#closing = null;
        resolve();
      });
      post(engine, { kind: 'close' });
    });
    return this.#closing;
  }

  #launchModels(engine: UtilityProcess, id: number): void {
    // Its libraries talk on the error stream about what a machine lacks; the doctor says it better.
    const stdio = process.env['SFIQA_DEBUG'] === undefined ? 'ignore' : 'inherit';
    const models = utilityProcess.fork(modelsFile, [], { execArgv, serviceName: 'Models', stdio });
    this.#models.set(id, models);
    const { port1, port2 } = new MessageChannelMain();
    models.postMessage({ kind: 'wire' }, [port1]);
    post(engine, { kind: 'models', models: id }, [port2]);
    models.once('exit', (code) => {
      this.#models.delete(id);
      if (engine === this.#engine) {
        post(engine, { kind: 'modelsEnded', models: id, reason: `exit code ${code}` });
      }
    });
  }

  /** Models processes serve one engine and end with it. */
  #forget(engine: UtilityProcess): void {
    if (engine !== this.#engine) return;
    this.#engine = null;
    for (const models of this.#models.values()) models.kill();
    this.#models.clear();
  }
}

function post(engine: UtilityProcess, message: ToEngine, ports: MessagePortMain[] = []): void {
  engine.postMessage(message, ports);
}

async function moveToTrash(
  engine: UtilityProcess,
  { id, path }: { id: number; path: string },
): Promise<void> {
  const problem = await shell.trashItem(path).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  post(engine, { kind: 'movedToTrash', id, problem });
}

function unavailable(): Response {
  const message = 'The engine does not run.';
  return Response.json({ code: 'internal', message, details: {} }, { status: 503 });
}

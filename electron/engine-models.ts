/** The engine's wires to models processes that the window's process starts for it. */
import type { FromModels, ModelsChannel, ToModels } from '../native-models/messages.ts';
import type { FromEngine } from './messages.ts';
import type { Port } from './wire.ts';

interface Wire {
  port: Port | null;
  /** What was posted before the port came. */
  waiting: ToModels[];
  onMessage: (message: FromModels) => void;
  onExit: (reason: string) => void;
}

export class PortModels {
  readonly #ask: (message: FromEngine) => void;
  readonly #wires = new Map<number, Wire>();
  #nextId = 1;

  constructor(ask: (message: FromEngine) => void) {
    this.#ask = ask;
  }

  /** Asks for a models process; what is posted meanwhile waits for its port. */
  launch(): ModelsChannel {
    const id = this.#nextId++;
    const wire: Wire = { port: null, waiting: [], onMessage: () => undefined, onExit: () => undefined };
    this.#wires.set(id, wire);
    this.#ask({ kind: 'launchModels', models: id });
    return {
      post: (message) => {
        if (wire.port === null) wire.waiting.push(message);
        else wire.port.postMessage(message);
      },
      onMessage: (listener) => {
        wire.onMessage = listener;
      },
      onExit: (listener) => {
        wire.onExit = listener;
      },
      kill: () => this.#ask({ kind: 'killModels', models: id }),
    };
  }

  /** The port of a models process that has started. */
  connect(id: number, port: Port): void {
    const wire = this.#wires.get(id);
    if (wire === undefined) return;
    wire.port = port;
    port.on('message', ({ data }) => wire.onMessage(data as FromModels));
    port.start();
    for (const message of wire.waiting.splice(0)) port.postMessage(message);
  }

  /** A models process has ended. */
  end(id: number, reason: string): void {
    const wire = this.#wires.get(id);
    this.#wires.delete(id);
    wire?.onExit(reason);
  }
}

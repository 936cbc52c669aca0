/** Lends the studios of one test process a real models process, one after another: it takes seconds to load what it looks with. */
import { launchModelsChild } from '../../core/models/launch-child.ts';
import type { FromModels, LaunchModels, ModelsChannel, ToModels } from '../../native-models/messages.ts';

/** A process that is with nobody, whose last question was answered. */
let spare: Lent | null = null;

/** A studio gives its process back where it would end it; one that is still at work or has opened networks is ended, as everywhere. */
export const lendModels: LaunchModels = () => {
  const lent = spare ?? new Lent(launchModelsChild());
  spare = null;
  return lent.channel();
};

class Lent {
  readonly #process: ModelsChannel;
  readonly #asked = new Set<number>();
  /** Whether nothing that it did is in the way of the next studio. */
  #isPlain = true;
  #tell: (message: FromModels) => void = () => undefined;
  #tellExit: (reason: string) => void = () => undefined;

  constructor(process: ModelsChannel) {
    this.#process = process;
    process.onMessage((message) => {
      if (!('progress' in message)) this.#asked.delete(message.id);
      this.#tell(message);
    });
    process.onExit((reason) => {
      this.#isPlain = false;
      if (spare === this) spare = null;
      this.#tellExit(reason);
    });
  }

  channel(): ModelsChannel {
    return {
      post: (message) => this.#post(message),
      onMessage: (listener) => {
        this.#tell = listener;
      },
      onExit: (listener) => {
        this.#tellExit = listener;
      },
      kill: () => this.#giveBack(),
    };
  }

  #post(message: ToModels): void {
    if ('request' in message) {
      this.#asked.add(message.id);
      this.#isPlain &&= plainKinds.has(message.request.kind) && !runsNetworks(message);
    }
    this.#process.post(message);
  }

  #giveBack(): void {
    if (!this.#isPlain || this.#asked.size > 0 || spare !== null) {
      this.#process.kill();
      return;
    }
    this.#tell = () => undefined;
    this.#tellExit = () => undefined;
    spare = this;
  }
}

/** What leaves nothing open. */
const plainKinds = new Set(['identify', 'look', 'fingerprint', 'thumbnail', 'render']);

function runsNetworks(message: ToModels): boolean {
  return 'request' in message && message.request.kind === 'look' && message.request.run !== null;
}

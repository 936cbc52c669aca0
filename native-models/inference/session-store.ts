/** The open sessions of all packs: as many as memory holds, the least recently used released first; providers that fail are left behind. */
import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { PackGraph, PackMember, Precision, Provider } from '../../contract/pack.ts';
import { loweringFor } from '../graphs/lowering.ts';
import type { NetworkRun, Provenance } from '../messages.ts';
import type { OpenPack } from '../packs/open-pack.ts';
import {
  type Inputs,
  type OpenSession,
  type Outputs,
  openSession,
  preferredBatch,
  type SessionRequest,
} from './open-session.ts';
import { explainFailure, orderProviders, precisionOn, runtimeName } from './probe-providers.ts';

interface Kept {
  session: OpenSession;
  weightBytes: number;
}

/** What a run came to. */
export interface RunResult {
  outputs: Outputs[];
  provenance: Provenance;
}

export interface StoreOptions {
  /** Bytes of weights that may be open together. */
  budgetBytes: number;
  /** Called after each run of a network. */
  onStep?: () => void;
  /** For tests: how sessions are opened. */
  open?: typeof openSession;
  order?: typeof orderProviders;
}

const isOutOfMemory = /memory|alloc|E_OUTOFMEMORY|Failed to create.*buffer/i;

export class SessionStore {
  readonly #options: Required<StoreOptions>;
  /** In the order of their last use. */
  readonly #kept = new Map<string, Kept>();
  /** Why a provider is not used for a pack any more. */
  readonly #failed = new Map<string, string>();
  /** Batches that a GPU had memory for. */
  readonly #batches = new Map<string, number>();
  /** GPUs without memory for several sessions: each is opened when the others are closed. */
  readonly #narrow = new Set<Provider>();

  constructor(options: StoreOptions) {
    this.#options = { open: openSession, order: orderProviders, onStep: () => {}, ...options };
  }

  /**
   * Runs a branch of a member on the first provider that can, in batches.
   *
   * @throws StudioError `unsupported` for a precision that the pack lacks; `internal` where even the CPU fails
   */
  async run(
    pack: OpenPack,
    { member, role, run }: { member: PackMember; role: PackGraph['role']; run: NetworkRun },
    items: readonly Inputs[],
  ): Promise<RunResult> {
    const wanted = run.precision ?? pack.network.precision;
    const order = await this.#options.order(run.providers, wanted);
    const reasons: string[] = [];
    for (const provider of order) {
      const failure = this.#failed.get(`${pack.folder} ${provider}`);
      if (failure !== undefined) {
        reasons.push(failure);
        continue;
      }
      const graph = chooseGraph(pack, member, { role, wanted, provider });
      try {
        const { session, outputs } = await this.#runOn(pack, graph, { provider, items });
        this.#options.onStep();
        if (session.warning !== null) reasons.push(session.warning);
        const fallback = reasons.length > 0 ? reasons.join(' ') : null;
        return { outputs, provenance: describe(session, fallback) };
      } catch (thrown) {
        const message = thrown instanceof Error ? thrown.message : String(thrown);
        if (provider === 'cpu') throw explainCpu(message, pack);
        const reason = `${provider}: ${explainFailure(provider, message)}`;
        this.#failed.set(`${pack.folder} ${provider}`, reason);
        reasons.push(reason);
        await this.#release((key) => key.startsWith(`${pack.folder} ${provider} `));
      }
    }
    throw new StudioError('internal', `No execution provider could run the pack: ${reasons.join(' ')}`);
  }

  /** Closes what a pack has open (it was changed or removed). */
  async forget(folder: string): Promise<void> {
    await this.#release((key) => key.startsWith(`${folder} `));
  }

  /** Runs on one provider; a GPU without enough memory gets batches of half the size, and at last the session alone. */
  async #runOn(
    pack: OpenPack,
    graph: PackGraph,
    { provider, items }: { provider: Provider; items: readonly Inputs[] },
  ): Promise<{ session: OpenSession; outputs: Outputs[] }> {
    const key = `${pack.folder} ${provider} ${graph.file}`;
    for (;;) {
      const batchSize = this.#batches.get(key) ?? preferredBatch(provider, graph.precision);
      try {
        const session = await this.#open(key, graph, {
          ...{ path: join(pack.graphFolder, graph.file), role: graph.role, precision: graph.precision },
          ...{ provider, batchSize, weightsFolder: graph.weightsFolder },
          sample: items[0]!,
        });
        return { session, outputs: await session.run(items) };
      } catch (thrown) {
        const isTooLarge = thrown instanceof Error && isOutOfMemory.test(thrown.message);
        if (provider === 'cpu' || !isTooLarge) throw thrown;
        if (batchSize > 1) {
          this.#batches.set(key, Math.floor(batchSize / 2));
          await this.#release((one) => one === key);
        } else {
          const others = [...this.#kept].filter(
            ([one, { session }]) => one !== key && session.provider === provider,
          );
          if (others.length === 0) throw thrown;
          this.#narrow.add(provider);
          this.#batches.delete(key);
          await this.#release((_, on) => on === provider);
        }
      }
    }
  }

  async #open(
    key: string,
    graph: PackGraph,
    { sample, ...request }: SessionRequest & { sample: Inputs },
  ): Promise<OpenSession> {
    const known = this.#kept.get(key);
    if (known !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known.session;
    }
    const { weightBytes } = graph;
    if (this.#narrow.has(request.provider)) await this.#release((_, on) => on === request.provider);
    for (const [oldest] of this.#kept) {
      if (sumBytes([...this.#kept.values()]) + weightBytes <= this.#options.budgetBytes) break;
      await this.#release((one) => one === oldest);
    }
    const session = await this.#options.open(request, sample);
    this.#kept.set(key, { session, weightBytes });
    return session;
  }

  async #release(isChosen: (key: string, provider: Provider) => boolean): Promise<void> {
    for (const [key, { session }] of [...this.#kept]) {
      if (!isChosen(key, session.provider)) continue;
      this.#kept.delete(key);
      // What a GPU that is gone does not give back ends with the process; the next provider goes on with the images.
      await session.release().catch(() => {});
    }
  }
}

function sumBytes(parts: readonly { weightBytes: number }[]): number {
  return parts.reduce((sum, { weightBytes }) => sum + weightBytes, 0);
}

/** The graph that is written for the provider, in the precision that it computes in. */
function chooseGraph(
  pack: OpenPack,
  member: PackMember,
  { role, wanted, provider }: { role: PackGraph['role']; wanted: Precision; provider: Provider },
): PackGraph {
  const lowering = loweringFor(provider);
  const precision = precisionOn(provider, wanted);
  const graph = member.graphs.find(
    (one) => one.role === role && one.precision === precision && one.lowering === lowering,
  );
  if (graph !== undefined) return graph;
  throw new StudioError(
    'unsupported',
    `The pack “${pack.manifest.title}” has no ${precision} graphs. Add the model again in that precision.`,
    { precision },
  );
}

function describe({ provider, precision }: OpenSession, fallback: string | null): Provenance {
  return { runtime: runtimeName, provider, precision, fallback };
}

function explainCpu(message: string, pack: OpenPack): StudioError {
  const reason = message.replaceAll(/\s+/g, ' ').slice(0, 300);
  return new StudioError(
    'internal',
    `The networks of the pack “${pack.manifest.title}” could not be run on the CPU: ${reason}`,
    { path: pack.folder },
  );
}

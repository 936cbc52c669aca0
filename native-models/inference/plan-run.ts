/** The packs that are open, and how images of one are best run. */
import type { Provider } from '../../contract/pack.ts';
import type { NetworkRun } from '../messages.ts';
import { type OpenPack, openPack, stampPack } from '../packs/open-pack.ts';
import { preferredBatch } from './open-session.ts';
import { orderProviders } from './probe-providers.ts';
import { chooseMembers, listImageGraphs } from './run-pack.ts';

/** A pack is opened, and all of it checked, once; after that it is looked at whether anything about its files has changed. */
export class OpenPacks {
  readonly #packs = new Map<string, { pack: OpenPack; stamp: string }>();
  readonly #onClose: (folder: string) => Promise<void>;

  /** @param onClose called for a pack that is not what it was */
  constructor(onClose: (folder: string) => Promise<void> = async () => {}) {
    this.#onClose = onClose;
  }

  /** @throws StudioError as `openPack` */
  async get(folder: string): Promise<OpenPack> {
    const known = this.#packs.get(folder);
    if (known !== undefined && known.stamp === (await stampPack(known.pack))) return known.pack;
    this.#packs.delete(folder);
    await this.#onClose(folder);
    const pack = await openPack(folder);
    this.#packs.set(folder, { pack, stamp: await stampPack(pack) });
    return pack;
  }
}

export interface RunPlan {
  /** The members that are asked for. */
  members: string[];
  /** The members that fit into memory together: all of them, or one after the other. */
  passes: string[][];
  /** The provider that is tried first. */
  provider: Provider;
  /** Images that are best run together. */
  groupSize: number;
  /** Q of the whole is the mean of the members'. */
  hasMeanQ: boolean;
}

/** @param budgetBytes of weights that may be open together */
export async function planRun(pack: OpenPack, run: NetworkRun, budgetBytes: number): Promise<RunPlan> {
  const precision = run.precision ?? pack.network.precision;
  const [provider = 'cpu'] = await orderProviders(run.providers, precision);
  const members = chooseMembers(pack, run.members).map(({ name }) => name);
  const neededBytes = listImageGraphs(pack, run).reduce((sum, { weightBytes }) => sum + weightBytes, 0);
  return {
    ...{ members, provider },
    passes: neededBytes > budgetBytes ? members.map((name) => [name]) : [members],
    groupSize: preferredBatch(provider, precision),
    hasMeanQ:
      members.length > 1 &&
      members.length === pack.network.members.length &&
      pack.manifest.signals.some(({ name }) => name === 'q'),
  };
}

/** The bare loop's thread for networks: the same sessions fed with tensors that were prepared before; nothing is read, sent on or stored. */
import {
  embedTexts,
  lookAtImages,
  type Prepared,
  Tokenisers,
} from '../../native-models/inference/run-pack.ts';
import { SessionStore } from '../../native-models/inference/session-store.ts';
import type { NetworkRun } from '../../native-models/messages.ts';
import { type OpenPack, openPack } from '../../native-models/packs/open-pack.ts';

const run: NetworkRun = { members: null, precision: null, providers: ['cpu'] };
const store = new SessionStore({ budgetBytes: Number.POSITIVE_INFINITY });
const tokenisers = new Tokenisers();
const packs = new Map<string, Promise<OpenPack>>();

function packAt(folder: string): Promise<OpenPack> {
  const opening = packs.get(folder) ?? openPack(folder);
  packs.set(folder, opening);
  return opening;
}

/** Gives the number of features and embeddings, so that nothing can be left out as unused. */
export async function runPrepared({
  packFolder,
  images,
  texts,
}: {
  packFolder: string;
  images: readonly Prepared[];
  texts: readonly string[];
}): Promise<number> {
  const pack = await packAt(packFolder);
  const looks = await lookAtImages(store, pack, { run, images });
  const { members } = await embedTexts(store, pack, { run, texts, tokenisers });
  return looks.length + Object.keys(members).length;
}

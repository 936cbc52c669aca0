/** The inference thread: owns all sessions of onnxruntime, whose runs block it, and does one task after another. */
import { availableMemory } from 'node:process';
import { type MessagePort, parentPort } from 'node:worker_threads';
import { describeProblem } from '../describe-problem.ts';
import type { NetworkRun } from '../messages.ts';
import { type OpenPack, openPack, stampPack } from '../packs/open-pack.ts';
import type { FromInference, InferenceAnswers, InferenceTask, ToInference } from './inference-messages.ts';
import { preferredBatch } from './open-session.ts';
import { embedTexts, listImageGraphs, lookAtImages, Tokenisers } from './run-pack.ts';
import { SessionStore } from './session-store.ts';

/** The part of the free memory that weights may take. */
const weightsShare = 0.8;
/** With too little memory for all members, each is read from disk once for this many images. */
const imagesPerPassWhenShort = 32;

const store = new SessionStore({ budgetBytes: weightsShare * availableMemory() });
const tokenisers = new Tokenisers();
const packs = new Map<string, { pack: OpenPack; stamp: string }>();

/** A pack is opened, and all of it checked, once; after that it is looked at whether anything about its files has changed. */
async function findPack(folder: string): Promise<OpenPack> {
  const known = packs.get(folder);
  if (known !== undefined && known.stamp === (await stampPack(known.pack))) return known.pack;
  packs.delete(folder);
  await store.forget(folder);
  tokenisers.forget(folder);
  const pack = await openPack(folder);
  packs.set(folder, { pack, stamp: await stampPack(pack) });
  return pack;
}

async function perform(task: InferenceTask): Promise<InferenceAnswers[keyof InferenceAnswers]> {
  const pack = await findPack(task.packFolder);
  if (task.kind === 'texts') return await embedTexts(store, pack, { ...task, tokenisers });
  const looks = await lookAtImages(store, pack, task);
  return { looks, groupSize: groupSizeOf(pack, task.run) };
}

function groupSizeOf(pack: OpenPack, run: NetworkRun): number {
  if (store.isShort(listImageGraphs(pack, run))) return imagesPerPassWhenShort;
  const [provider] = run.providers ?? ['cpu'];
  return Math.max(4, preferredBatch(provider ?? 'cpu', run.precision ?? pack.network.precision));
}

function serve(port: MessagePort): void {
  let last = Promise.resolve();
  port.on('message', ({ id, task }: ToInference) => {
    last = last.then(async () => {
      const message: FromInference = await perform(task).then(
        (answer) => ({ id, answer }),
        (thrown: unknown) => ({ id, problem: describeProblem(thrown) }),
      );
      port.postMessage(message);
    });
  });
}

if (parentPort !== null) serve(parentPort);

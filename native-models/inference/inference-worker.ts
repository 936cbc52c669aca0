/** An inference thread: owns sessions of onnxruntime, whose runs block it, and does one task after another. */
import { availableMemory } from 'node:process';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { describeProblem } from '../describe-problem.ts';
import type { NetworkRun } from '../messages.ts';
import { type OpenPack, openPack, stampPack } from '../packs/open-pack.ts';
import type {
  FromInference,
  InferenceAnswers,
  InferenceTask,
  RunPlan,
  ToInference,
} from './inference-messages.ts';
import { preferredBatch } from './open-session.ts';
import { orderProviders } from './probe-providers.ts';
import { chooseMembers, embedTexts, listImageGraphs, lookAtImages, Tokenisers } from './run-pack.ts';
import { SessionStore } from './session-store.ts';

/** The part of the free memory that weights may take. Threads share it: all map the same files. */
const weightsShare = 0.8;

const { budgetBytes } = workerData as { budgetBytes: number | null };
const store = new SessionStore({
  budgetBytes: budgetBytes ?? weightsShare * availableMemory(),
  onStep: () => parentPort?.postMessage({ step: true } satisfies FromInference),
});
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
  if (task.kind === 'plan') return await planRun(pack, task.run);
  if (task.kind === 'texts') return await embedTexts(store, pack, { ...task, tokenisers });
  return await lookAtImages(store, pack, task);
}

async function planRun(pack: OpenPack, run: NetworkRun): Promise<RunPlan> {
  const precision = run.precision ?? pack.network.precision;
  const [provider = 'cpu'] = await orderProviders(run.providers, precision);
  const members = chooseMembers(pack, run.members).map(({ name }) => name);
  const isShort = store.isShort(listImageGraphs(pack, run));
  return {
    ...{ members, provider, passes: isShort ? members.map((name) => [name]) : [members] },
    groupSize: preferredBatch(provider, precision),
    hasMeanQ:
      members.length > 1 &&
      members.length === pack.network.members.length &&
      pack.manifest.signals.some(({ name }) => name === 'q'),
  };
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

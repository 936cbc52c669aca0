/** An inference thread: owns sessions of onnxruntime, whose runs block it, and does one task after another. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { answerOrProblem } from '../describe-problem.ts';
import { keepCompiled } from '../keep-compiled.ts';
import type { FromInference, InferenceAnswers, InferenceTask, ToInference } from './inference-messages.ts';
import { OpenPacks } from './plan-run.ts';
import { embedTexts, lookAtImages, Tokenisers } from './run-pack.ts';
import { SessionStore } from './session-store.ts';

const { budgetBytes } = workerData as { budgetBytes: number };
const store = new SessionStore({
  budgetBytes,
  onStep: () => parentPort?.postMessage({ step: true } satisfies FromInference),
});
const tokenisers = new Tokenisers();
const packs = new OpenPacks(async (folder) => {
  tokenisers.forget(folder);
  await store.forget(folder);
});

async function perform(task: InferenceTask): Promise<InferenceAnswers[keyof InferenceAnswers]> {
  const pack = await packs.get(task.packFolder);
  return task.kind === 'texts'
    ? await embedTexts(store, pack, { ...task, tokenisers })
    : await lookAtImages(store, pack, task);
}

function serve(port: MessagePort): void {
  let last = Promise.resolve();
  port.on('message', ({ id, task }: ToInference) => {
    last = last.then(async () => {
      const outcome = await answerOrProblem(() => perform(task));
      port.postMessage({ id, ...outcome } satisfies FromInference);
      keepCompiled(task.kind);
    });
  });
}

if (parentPort !== null) serve(parentPort);

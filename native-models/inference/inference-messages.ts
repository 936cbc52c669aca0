/** What the models process and its inference threads say to each other. */
import type { Provider } from '../../contract/pack.ts';
import type { Look, NetworkRun, Problem, TextEmbeddings } from '../messages.ts';
import type { Prepared } from './run-pack.ts';

interface OfPack {
  packFolder: string;
  run: NetworkRun;
}
export type InferenceTask =
  | ({ kind: 'plan' } & OfPack)
  | ({ kind: 'images'; images: readonly Prepared[] } & OfPack)
  | ({ kind: 'texts'; texts: readonly string[] } & OfPack);

/** How images of a pack are best run. */
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

export interface InferenceAnswers {
  plan: RunPlan;
  images: Look[];
  texts: TextEmbeddings;
}

export type ToInference = { id: number; task: InferenceTask };
export type FromInference =
  /** A network has been run for some of the images or texts. */
  | { step: true }
  | { id: number; answer: InferenceAnswers[keyof InferenceAnswers] }
  | { id: number; problem: Problem };

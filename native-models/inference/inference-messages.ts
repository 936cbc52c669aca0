/** What the models process and its inference threads say to each other. */
import type { Look, NetworkRun, Problem, TextEmbeddings } from '../messages.ts';
import type { Prepared } from './run-pack.ts';

interface OfPack {
  packFolder: string;
  run: NetworkRun;
}
export type InferenceTask =
  | ({ kind: 'images'; images: readonly Prepared[] } & OfPack)
  | ({ kind: 'texts'; texts: readonly string[] } & OfPack);

export interface InferenceAnswers {
  images: Look[];
  texts: TextEmbeddings;
}

export type ToInference = { id: number; task: InferenceTask };
export type FromInference =
  /** A network has been run for some of the images or texts. */
  | { step: true }
  | { id: number; answer: InferenceAnswers[keyof InferenceAnswers] }
  | { id: number; problem: Problem };

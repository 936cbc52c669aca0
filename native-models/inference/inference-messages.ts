/** What the models process and its inference thread say to each other. */
import type { Look, NetworkRun, Problem, TextEmbeddings } from '../messages.ts';
import type { Prepared } from './run-pack.ts';

export type InferenceTask =
  | { kind: 'images'; packFolder: string; run: NetworkRun; images: readonly Prepared[] }
  | { kind: 'texts'; packFolder: string; run: NetworkRun; texts: readonly string[] };

export interface InferenceAnswers {
  images: {
    looks: Look[];
    /** How many images of this pack are best sent together. */
    groupSize: number;
  };
  texts: TextEmbeddings;
}

export type ToInference = { id: number; task: InferenceTask };
export type FromInference =
  | { id: number; answer: InferenceAnswers[keyof InferenceAnswers] }
  | { id: number; problem: Problem };

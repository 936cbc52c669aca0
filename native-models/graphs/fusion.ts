/** SF-IQA's score fusion module (section 3.4, equations 3–5): v = [Q, S] → P. */
import type { Draft } from './layers.ts';
import { pooledLinear } from './pooled-linear.ts';

/** A fully connected network with ReLU between its layers. */
export interface FusionConfig {
  /** The tensors' names without `.weight` and `.bias`, and what each layer gives; the last gives P. */
  layers: readonly { name: string; out: number }[];
}

/** What the authors released: 2 → 10 → 10 → 1. */
export const releasedFusion: FusionConfig = {
  layers: [
    { name: 'ScoreModel.fc1', out: 10 },
    { name: 'ScoreModel.fc2', out: 10 },
    { name: 'ScoreModel.fc3', out: 1 },
  ],
};

/** What the paper's equations 4 and 5 say: z = ReLU(W₁ v + b₁), P = W₂ z + b₂. @param width channels of z */
export function paperFusion(width: number): FusionConfig {
  return {
    layers: [
      { name: 'ScoreModel.fc1', out: width },
      { name: 'ScoreModel.fc2', out: 1 },
    ],
  };
}

/**
 * Inputs: `q` and `s` [batch]. Output: `p` [batch].
 *
 * @throws StudioError `checkpointInvalid` where a tensor is missing or has another shape
 */
export function drawFusion(draft: Draft, { layers } = releasedFusion): void {
  const { graph } = draft;
  const column = graph.ints('column', [-1, 1]);
  const scores = ['q', 's'].map((name) =>
    graph.node('Reshape', [graph.input(name, 'float32', ['batch']), column], { name: `${name}-column` }),
  );
  let x = graph.node('Concat', scores, { name: 'v', attributes: { axis: { int: 1 } } });
  let inputs = 2;
  for (const [at, { name, out }] of layers.entries()) {
    x = pooledLinear(draft, x, name, { in: inputs, out });
    if (at < layers.length - 1) x = graph.node('Relu', [x]);
    inputs = out;
  }
  graph.output(graph.node('Reshape', [x, graph.ints('one-each', [-1])]), 'p', 'float32', ['batch']);
}

/** Trains a network on rows in shuffled batches, with mixup, noise, dropout, AdamW and a one-cycle learning rate. */
import { AdamW, oneCycleRate } from './adamw.ts';
import type { Activation } from './dense.ts';
import { Network } from './network.ts';
import { type LossParts, measureLoss } from './network-loss.ts';
import { createRandom, type Random, shuffle } from './random.ts';

export interface NetworkPlan {
  /** Widths of the hidden layers. */
  hidden: number[];
  activation: Activation;
  loss: LossParts;
  dropout: number;
  /** SD of Gaussian noise on the standardised inputs. */
  noise: number;
  /** α of mixup's Beta(α, α), at most 1; 0 for none (Zhang et al., 2018). */
  mixup: number;
  epochs: number;
  batch: number;
  learningRate: number;
  weightDecay: number;
}

/** Standardised rows with what should come out: `regressions` columns of numbers, then `classes` columns of shares. */
export interface NetworkData {
  inputs: Float32Array;
  targets: Float32Array;
  rows: number;
  width: number;
  regressions: number;
  classes: number;
}

/**
 * A trained network; the same data, plan and seed give the same bits. The last, incomplete batch of an epoch is left out, so a
 * batch is never larger than the rows.
 *
 * @param onEpoch told the number of epochs done
 */
export function trainNetwork(
  data: NetworkData,
  plan: NetworkPlan,
  seed: number,
  onEpoch: (done: number) => void = () => {},
): Network {
  const random = createRandom(seed);
  const batch = Math.min(plan.batch, data.rows);
  const outputs = data.regressions + data.classes;
  const { activation, dropout } = plan;
  const network = new Network(
    { widths: [data.width, ...plan.hidden, outputs], activation, batch, dropout },
    random,
  );
  const movers = network.parameters.map(
    ({ values, gradient }) => new AdamW(values, gradient, plan.weightDecay),
  );
  const targets = new Float32Array(batch * outputs);
  const fill = createBatchFiller(data, plan, random);
  const order = Array.from({ length: data.rows }, (_, row) => row);
  const stepsAnEpoch = Math.floor(data.rows / batch);
  const total = stepsAnEpoch * plan.epochs;
  for (let step = 0; step < total; step++) {
    const at = step % stepsAnEpoch;
    if (at === 0) shuffle(order, random);
    fill(order.slice(at * batch, (at + 1) * batch), network.inputs, targets);
    network.forward();
    const { regressions, classes } = data;
    const predicted = { values: network.outputs, rows: batch, regressions, classes };
    measureLoss(predicted, targets, plan.loss, network.outputGradient);
    network.backward();
    const rate = oneCycleRate(step, total, plan.learningRate);
    for (const mover of movers) mover.step(rate);
    if (at === stepsAnEpoch - 1) onEpoch((step + 1) / stepsAnEpoch);
  }
  return network;
}

type BatchFiller = (rows: number[], inputs: Float32Array, targets: Float32Array) => void;

function createBatchFiller(data: NetworkData, plan: NetworkPlan, random: Random): BatchFiller {
  const { width } = data;
  const outputs = data.regressions + data.classes;
  const noise = plan.noise === 0 ? null : new NoiseTable(width, plan.noise, random);
  return (rows, inputs, targets) => {
    const partners = [...rows];
    if (plan.mixup > 0) shuffle(partners, random);
    for (const [index, row] of rows.entries()) {
      const share = plan.mixup > 0 ? drawBeta(plan.mixup, random) : 1;
      const partner = partners[index]!;
      const from = [row * width, partner * width] as const;
      mix(data.inputs, from, share, inputs.subarray(index * width, (index + 1) * width));
      const fromTarget = [row * outputs, partner * outputs] as const;
      mix(data.targets, fromTarget, share, targets.subarray(index * outputs, (index + 1) * outputs));
      noise?.addTo(inputs, index * width);
    }
  };
}

function mix(
  values: Float32Array,
  [first, second]: readonly [number, number],
  share: number,
  to: Float32Array,
): void {
  for (let i = 0; i < to.length; i++) to[i] = share * values[first + i]! + (1 - share) * values[second + i]!;
}

/** Normal numbers drawn once; every row adds a stretch from a random place, which is many times quicker than drawing anew. */
class NoiseTable {
  readonly #values: Float32Array;
  readonly #width: number;
  readonly #random: Random;

  constructor(width: number, sd: number, random: Random) {
    this.#width = width;
    this.#random = random;
    this.#values = Float32Array.from({ length: 100_003 + width }, () => sd * random.normal());
  }

  addTo(inputs: Float32Array, at: number): void {
    const from = this.#random.below(this.#values.length - this.#width);
    for (let i = 0; i < this.#width; i++) inputs[at + i]! += this.#values[from + i]!;
  }
}

/** Beta(α, α) for 0 < α ≤ 1 by rejection (Jöhnk, 1964). */
function drawBeta(alpha: number, random: Random): number {
  while (true) {
    const x = random.next() ** (1 / alpha);
    const y = random.next() ** (1 / alpha);
    if (x + y <= 1 && x + y > 0) return x / (x + y);
  }
}

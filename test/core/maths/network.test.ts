import { describe, expect, test } from 'vitest';
import { dropOut } from '../../../core/maths/dropout.ts';
import { type Head, predictHead } from '../../../core/maths/head.ts';
import { Network } from '../../../core/maths/network.ts';
import { type LossParts, measureLoss } from '../../../core/maths/network-loss.ts';
import { createRandom } from '../../../core/maths/random.ts';
import { trainNetwork } from '../../../core/maths/train-network.ts';

const everyPart: LossParts = { smoothL1: 2, correlation: 0.5, crossEntropy: 0.3 };
const rows = 6;
const width = 4;

/** Two numbers, and the shares of three classes, a row. */
function drawTargets(): Float32Array {
  const random = createRandom(5);
  return Float32Array.from({ length: rows * 5 }, (_, at) => (at % 5 < 2 ? 2 * random.normal() : 1 / 3));
}

describe('gradients', () => {
  test('of the loss are those of its values', () => {
    const random = createRandom(4);
    const values = Float32Array.from({ length: rows * 5 }, () => 2 * random.normal());
    const targets = drawTargets();
    const table = { values, rows, regressions: 2, classes: 3 };
    const gradient = new Float32Array(values.length);
    measureLoss(table, targets, everyPart, gradient);
    for (let at = 0; at < values.length; at++) {
      const [low, high] = [-1, 1].map((sign) => {
        const moved = values.slice();
        moved[at]! += sign / 512;
        const loss = measureLoss({ ...table, values: moved }, targets, everyPart, new Float32Array(30));
        return { loss, value: moved[at]! };
      });
      const slope = (high!.loss - low!.loss) / (high!.value - low!.value);
      expect(Math.abs(gradient[at]! - slope)).toBeLessThan(2e-3);
    }
  });

  test.each(['gelu', 'relu'] as const)('of a network with %s are those of its loss', (activation) => {
    const shape = { widths: [width, 7, 5, 5], activation, batch: rows, dropout: 0 };
    const network = new Network(shape, createRandom(11));
    const random = createRandom(12);
    const inputs = Float32Array.from({ length: rows * width }, () => random.normal());
    const targets = drawTargets();
    function lossNow(): number {
      network.inputs.set(inputs);
      network.forward();
      const table = { values: network.outputs, rows, regressions: 2, classes: 3 };
      return measureLoss(table, targets, everyPart, network.outputGradient);
    }
    lossNow();
    network.backward();
    const slopes = network.parameters.map(({ gradient }) => gradient.slice());
    let checked = 0;
    for (const [block, { values }] of network.parameters.entries()) {
      for (let at = 0; at < values.length; at += 3) {
        const before = values[at]!;
        values[at] = before + 1 / 512;
        const high = lossNow();
        values[at] = before - 1 / 512;
        const low = lossNow();
        values[at] = before;
        expect(Math.abs(slopes[block]![at]! - 256 * (high - low))).toBeLessThan(4e-3);
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(30);
  });
});

test('a batch without spread has no correlation to gain and no gradient from it', () => {
  const table = { values: new Float32Array(rows).fill(2), rows, regressions: 1, classes: 0 };
  const gradient = new Float32Array(rows);
  const loss = measureLoss(
    table,
    Float32Array.of(1, 2, 3, 1, 2, 3),
    { smoothL1: 0, correlation: 1, crossEntropy: 0 },
    gradient,
  );
  expect(loss).toBe(0);
  expect([...gradient]).toEqual([0, 0, 0, 0, 0, 0]);
});

test('dropout zeroes its share and keeps the mean', () => {
  const values = new Float32Array(100_000).fill(1);
  const factors = new Float32Array(values.length);
  dropOut(values, factors, 0.3, createRandom(1));
  const zeros = values.filter((value) => value === 0).length / values.length;
  expect(Math.abs(zeros - 0.3)).toBeLessThan(0.008);
  expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length - 1)).toBeLessThan(0.012);
  expect(values).toEqual(factors);
});

describe('training', () => {
  const random = createRandom(3);
  const count = 400;
  const inputs = Float32Array.from({ length: count * 2 }, () => random.normal());
  // A product of signs: no line comes near it.
  const targets = Float32Array.from({ length: count }, (_, at) =>
    Math.tanh(3 * inputs[2 * at]! * inputs[2 * at + 1]!),
  );
  const data = { inputs, targets, rows: count, width: 2, regressions: 1, classes: 0 };
  const plan = {
    hidden: [16, 16],
    activation: 'gelu' as const,
    loss: { smoothL1: 1, correlation: 0, crossEntropy: 0 },
    dropout: 0,
    noise: 0.01,
    mixup: 0,
    epochs: 60,
    batch: 32,
    learningRate: 1e-2,
    weightDecay: 0.01,
  };

  test('learns what no line can, and its layers predict as a head', () => {
    const layers = trainNetwork(data, plan, 1).layersOf(0);
    const head: Head = {
      kind: 'network',
      length: 2,
      clip: 100,
      offset: 0,
      mean: new Float32Array(2),
      inverse: Float32Array.of(1, 1),
      members: [{ weight: 1, layers }],
    };
    const predicted = predictHead(head, inputs, count);
    const error = predicted.reduce((sum, value, at) => sum + (value - targets[at]!) ** 2, 0) / count;
    const spread = targets.reduce((sum, value) => sum + value ** 2, 0) / count;
    expect(error / spread).toBeLessThan(0.1);
  });

  test('gives the same bits for the same seed and others for another', () => {
    const short = { ...plan, epochs: 2, dropout: 0.3, mixup: 0.4 };
    const [first, again, other] = [1, 1, 2].map((seed) => trainNetwork(data, short, seed).layersOf(0));
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  test('tells every epoch, and works with fewer rows than a batch', () => {
    const epochs: number[] = [];
    const few = { ...data, inputs: inputs.slice(0, 10), targets: targets.slice(0, 5), rows: 5 };
    trainNetwork(few, { ...plan, epochs: 3 }, 1, (done) => epochs.push(done));
    expect(epochs).toEqual([1, 2, 3]);
  });
});

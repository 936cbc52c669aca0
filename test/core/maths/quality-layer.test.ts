import { describe, expect, test } from 'vitest';
import { spearman } from '../../../core/maths/correlation.ts';
import { averageHeads, type Head, predictHead } from '../../../core/maths/head.ts';
import { decodeHead, encodeHead } from '../../../core/maths/head-codec.ts';
import { joinInputs, type QualityFeatures, QualityLayer } from '../../../core/maths/quality-layer.ts';
import { createRandom } from '../../../core/maths/random.ts';
import { type LabelledRows, predictRows } from '../../../core/maths/residual-head.ts';
import { defaultNetwork, fitSignalNetwork, fitTuned } from '../../../core/maths/signal-heads.ts';
import { measureSmallLoss, type SmallLoss } from '../../../core/maths/small-loss.ts';
import { SmallNetwork } from '../../../core/maths/small-network.ts';

const losses: SmallLoss[] = ['mse', 'plcc', 'rank', 'rank+plcc'];
const layered = { ...defaultNetwork, isLayered: true, members: 1 };
const width = 60;
const block = { signal: 0, from: 0, length: width };

/**
 * Features, and Q = w₀ · f as a pack gives it. MOS follows other weights of the same features: `w₀ + shift · v`. S is a number of its own.
 */
function makeRows(count: number, { seed, shift }: { seed: number; shift: number }): LabelledRows {
  const weights = createRandom(1);
  const [own, other] = [0, 1].map(() =>
    Float64Array.from({ length: width }, () => weights.normal() / Math.sqrt(width)),
  );
  const random = createRandom(seed);
  const values = Float32Array.from({ length: count * width }, () => 2 + 3 * random.normal());
  const inputs = new Float32Array(2 * count);
  const labels = new Float64Array(count);
  for (let row = 0; row < count; row += 1) {
    const sumOf = (of: Float64Array) =>
      of.reduce((sum, weight, at) => sum + weight * values[row * width + at]!, 0);
    const s = random.normal();
    inputs.set([sumOf(own!), s], 2 * row);
    const rated = (sumOf(own!) + shift * sumOf(other!)) / 3;
    labels[row] = 3 + Math.tanh(rated) + 0.3 * s + 0.15 * random.normal();
  }
  const groups = Array.from({ length: count }, (_, row) => `prompt ${row >> 2}`);
  const rows = { inputs, width: 2, labels, groups, parent: null, base: null, isFusion: true };
  return { ...rows, quality: { values, width, blocks: [block] } };
}

function withParent(rows: LabelledRows, parent: Head): LabelledRows {
  return { ...rows, parent, base: predictRows(parent, rows) };
}

function srccOf(head: Head, rows: LabelledRows): number {
  return spearman(predictRows(head, rows), rows.labels)!;
}

describe('the last quality layer that trains along', () => {
  test.each(losses)('has the gradient of the loss (%s), of every weight and bias, by differences', (loss) => {
    const random = createRandom(3);
    const features: QualityFeatures = {
      values: Float32Array.from({ length: 8 * 5 }, () => random.normal()),
      width: 5,
      // Two sets: the first signal is linear in three features, the third one in two.
      blocks: [
        { signal: 0, from: 0, length: 3 },
        { signal: 2, from: 3, length: 2 },
      ],
    };
    const layer = new QualityLayer(features, 4, 8);
    const network = new SmallNetwork([4, 5, 4, 1], 8, layer);
    network.start(null, random);
    const inputs = Float32Array.from({ length: 32 }, () => random.normal());
    const labels = Float64Array.from({ length: 8 }, () => random.normal());
    const scratch = new Float64Array(8);
    function lossNow(into: Float64Array = scratch): number {
      for (let at = 0; at < 8; at += 1) network.take(at, inputs, at);
      network.forward(8);
      return measureSmallLoss(network.outputs, labels, loss, into);
    }
    lossNow(network.outputGradient);
    network.backward(8);
    expect(layer.gradient.some((slope) => Math.abs(slope) > 1e-3)).toBe(true);
    for (const part of [network, layer]) {
      for (const [at, slope] of part.gradient.slice().entries()) {
        const kept = part.parameters[at]!;
        part.parameters[at] = kept + 1e-6;
        const above = lossNow();
        part.parameters[at] = kept - 1e-6;
        const below = lossNow();
        part.parameters[at] = kept;
        expect(Math.abs(slope - (above - below) / 2e-6)).toBeLessThan(1e-6);
      }
    }
  });

  test('that is as the pack has it changes no bit of what the network alone gives', () => {
    const rows = makeRows(40, { seed: 5, shift: 0 });
    const head = fitSignalNetwork(rows, { ...defaultNetwork, epochs: 5, members: 2 }, 1);
    const front = new QualityLayer(rows.quality!, 2, 1).toLayer();
    const joined: Head = {
      ...head,
      length: 2 + width,
      mean: Float32Array.of(...head.mean, ...new Float32Array(width)),
      inverse: Float32Array.of(...head.inverse, ...new Float32Array(width).fill(1)),
      members: head.members.map((member) => ({ ...member, layers: [front, ...member.layers] })),
    };
    expect(predictRows(joined, rows)).toEqual(predictRows(head, rows));
  });

  test('learns what raters weigh otherwise than the pack, which the fusion alone cannot', () => {
    const [rows, fresh] = [9, 10].map((seed) => makeRows(800, { seed, shift: 0.8 }));
    const alone = fitSignalNetwork(rows!, { ...defaultNetwork, members: 1 }, 1);
    const along = fitSignalNetwork(rows!, layered, 1);
    expect(along.length).toBe(2 + width);
    expect(srccOf(along, fresh!)).toBeGreaterThan(srccOf(alone, fresh!) + 0.05);
  });

  test('of the current head trained on stays near the pack with few labels, and follows many', () => {
    const before = makeRows(1500, { seed: 11, shift: 0 });
    const parent = fitSignalNetwork(before, { ...defaultNetwork, members: 2 }, 1);
    const fresh = makeRows(800, { seed: 12, shift: 0 });
    const few = withParent(makeRows(40, { seed: 13, shift: 0 }), parent);
    expect(srccOf(fitTuned(few, layered, 1), fresh)).toBeGreaterThan(srccOf(parent, fresh) - 0.02);
    const moved = makeRows(800, { seed: 14, shift: 0.8 });
    const many = withParent(makeRows(800, { seed: 15, shift: 0.8 }), parent);
    const alone = srccOf(fitTuned(many, defaultNetwork, 1), moved);
    const along = fitTuned(many, layered, 1);
    expect(srccOf(along, moved)).toBeGreaterThan(alone + 0.05);
    // A head that trained along before is gone on with.
    const again = fitTuned(withParent(many, along), layered, 2);
    expect(srccOf(again, moved)).toBeGreaterThan(srccOf(along, moved) - 0.01);
  });

  test('is stored with its head: the same bytes twice, the same values when read again, also in an ensemble', () => {
    const rows = makeRows(80, { seed: 20, shift: 0.5 });
    const options = { ...layered, epochs: 10, members: 2 };
    const head = fitSignalNetwork(rows, options, 4);
    expect(encodeHead(fitSignalNetwork(rows, options, 4))).toEqual(encodeHead(head));
    const read = decodeHead(encodeHead(head));
    expect(predictRows(read, rows)).toEqual(predictRows(head, rows));
    const mean = averageHeads([head, fitSignalNetwork(rows, options, 5)]);
    const inputs = joinInputs(rows.inputs, 2, rows.quality!);
    expect(predictHead(decodeHead(encodeHead(mean)), inputs, 80)).toEqual(predictHead(mean, inputs, 80));
  });
});

import { describe, expect, test } from 'vitest';
import { fitSignalQuadratic, fitSignalRidge } from '../../../core/maths/closed-forms.ts';
import { conformalHalfWidth } from '../../../core/maths/conformal.ts';
import { spearman } from '../../../core/maths/correlation.ts';
import { type FitOrder, fitCurve, fitFold, foldsOf } from '../../../core/maths/fit-head.ts';
import { averageHeads, type Head, measureSpread, predictHead } from '../../../core/maths/head.ts';
import { decodeHead, encodeHead } from '../../../core/maths/head-codec.ts';
import { createRandom } from '../../../core/maths/random.ts';
import type { LabelledRows } from '../../../core/maths/residual-head.ts';
import { defaultNetwork, fitSignalNetwork, fitTuned } from '../../../core/maths/signal-heads.ts';
import { measureSmallLoss, type SmallLoss } from '../../../core/maths/small-loss.ts';
import { SmallNetwork, trainSmall } from '../../../core/maths/small-network.ts';
import { fitHead } from '../../support/fit-head.ts';

const losses: SmallLoss[] = ['mse', 'plcc', 'rank', 'rank+plcc'];

/** Q and S with a MOS that leans on both, bent; four rows a prompt. */
function makeRows(count: number, seed: number, parent: Head | null = null): LabelledRows {
  const random = createRandom(seed);
  const inputs = Float32Array.from({ length: 2 * count }, (_, at) =>
    at % 2 === 0 ? 3 + random.normal() : 20 + 4 * random.normal(),
  );
  const labels = ruleOf(inputs).map((value) => value + 0.3 * random.normal());
  const groups = Array.from({ length: count }, (_, row) => `prompt ${row >> 2}`);
  const base = parent && Float64Array.from(predictHead(parent, inputs, count));
  return { inputs, width: 2, labels, groups, parent, base, isFusion: true, quality: null };
}

/** What the MOS would be without noise. */
function ruleOf(inputs: Float32Array): Float64Array {
  return Float64Array.from({ length: inputs.length / 2 }, (_, row) => {
    const [q, s] = [inputs[2 * row]! - 3, (inputs[2 * row + 1]! - 20) / 4];
    return 3 + 0.6 * Math.tanh(1.5 * q) + 0.4 * s + 0.2 * q * s;
  });
}

function srccOf(head: Head, rows: LabelledRows): number {
  return spearman(Float64Array.from(predictHead(head, rows.inputs, rows.labels.length)), rows.labels)!;
}

describe('a small network', () => {
  test.each(losses)('has the gradient of its loss (%s), by differences', (loss) => {
    const random = createRandom(3);
    const network = new SmallNetwork([2, 5, 4, 1], 8);
    network.start(null, random);
    const inputs = Float32Array.from({ length: 16 }, () => random.normal());
    const labels = Float64Array.from({ length: 8 }, () => random.normal());
    for (let at = 0; at < 8; at++) network.take(at, inputs, at);
    const scratch = new Float64Array(8);
    function lossNow(): number {
      network.forward(8);
      return measureSmallLoss(network.outputs, labels, loss, scratch);
    }
    network.forward(8);
    measureSmallLoss(network.outputs, labels, loss, network.outputGradient);
    network.backward(8);
    const gradient = network.gradient.slice();
    for (const at of gradient.keys()) {
      const kept = network.parameters[at]!;
      network.parameters[at] = kept + 1e-6;
      const above = lossNow();
      network.parameters[at] = kept - 1e-6;
      const below = lossNow();
      network.parameters[at] = kept;
      expect(Math.abs(gradient[at]! - (above - below) / 2e-6)).toBeLessThan(1e-6);
    }
  });

  test.each(losses)(
    'learns the order of MOS by %s; the head is on the MOS scale, and the same bytes twice',
    (loss) => {
      const [rows, fresh] = [makeRows(400, 1), makeRows(400, 2)];
      const options = { ...defaultNetwork, loss, epochs: 60, members: 1 };
      const head = fitSignalNetwork(rows, options, 5);
      // As good as the rule itself, but for a hundredth.
      expect(srccOf(head, fresh)).toBeGreaterThan(spearman(ruleOf(fresh.inputs), fresh.labels)! - 0.01);
      const values = predictHead(head, fresh.inputs, 400);
      const error = Math.sqrt(values.reduce((sum, v, at) => sum + (v - fresh.labels[at]!) ** 2, 0) / 400);
      expect(error).toBeLessThan(0.5);
      expect(encodeHead(fitSignalNetwork(rows, options, 5))).toEqual(encodeHead(head));
      expect(encodeHead(fitSignalNetwork(rows, options, 6))).not.toEqual(encodeHead(head));
    },
  );

  test('of the paper has one hidden layer, of the release two of ten', () => {
    const widths = (form: 'paper' | 'released') =>
      fitSignalNetwork(
        makeRows(60, 1),
        { ...defaultNetwork, form, epochs: 2, members: 1 },
        1,
      ).members[0]!.layers.map(({ outputs }) => outputs);
    expect(widths('paper')).toEqual([10, 1]);
    expect(widths('released')).toEqual([10, 10, 1]);
  });

  test('10,000 labels, 100 epochs take at most about a second of one processor', () => {
    const { inputs, labels } = makeRows(10_000, 7);
    const standard = inputs.map((value, at) => (at % 2 === 0 ? value - 3 : (value - 20) / 4));
    const plan = {
      hidden: [10, 10],
      loss: 'mse',
      epochs: 100,
      batch: 32,
      learningRate: 5e-3,
      weightDecay: 5e-4,
    } as const;
    const before = process.cpuUsage();
    trainSmall({ inputs: standard, labels, width: 2 }, { ...plan, anchor: null, stopAfter: null }, 1);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(3000);
  });
});

describe('closed forms', () => {
  test('ridge is the line of least squares, quadratic ridge the surface; both as heads', () => {
    const rows = makeRows(300, 4);
    const line = rows.labels.map(
      (_, row) => 1 + 0.5 * rows.inputs[2 * row]! - 0.02 * rows.inputs[2 * row + 1]!,
    );
    const surface = rows.labels.map((_, row) => {
      const [q, s] = [rows.inputs[2 * row]! - 3, (rows.inputs[2 * row + 1]! - 20) / 4];
      return 2 + 0.5 * q - 0.3 * s + 0.2 * q * q - 0.1 * s * s + 0.4 * q * s;
    });
    for (const [fitOne, labels] of [
      [fitSignalRidge, line],
      [fitSignalQuadratic, surface],
    ] as const) {
      const head = decodeHead(encodeHead(fitOne({ ...rows, labels }, 1)));
      const values = predictHead(head, rows.inputs, 300);
      // Within what the weakest penalty leaves.
      for (const [at, value] of values.entries()) expect(Math.abs(value - labels[at]!)).toBeLessThan(0.03);
    }
  });
});

describe('the current head trained on', () => {
  const parent = fitSignalNetwork(makeRows(2000, 11), { ...defaultNetwork, members: 2 }, 1);

  test('stays near what it was with few labels, where a fresh network forgets', () => {
    const fresh = makeRows(500, 13);
    const rows = makeRows(32, 12, parent);
    const tuned = srccOf(fitTuned(rows, defaultNetwork, 1), fresh);
    const anew = srccOf(fitSignalNetwork(rows, { ...defaultNetwork, members: 1 }, 1), fresh);
    expect(tuned).toBeGreaterThan(srccOf(parent, fresh) - 0.02);
    expect(tuned).toBeGreaterThan(anew);
  });

  test('comes to labels on another scale, and learns where there are many', () => {
    const rows = makeRows(600, 14, parent);
    const turned = rows.labels.map((label, row) => 20 * label + 8 * Math.sin(2 * rows.inputs[2 * row]!));
    const head = fitTuned({ ...rows, labels: turned }, defaultNetwork, 1);
    const values = Float64Array.from(predictHead(head, rows.inputs, 600));
    expect(spearman(values, turned)).toBeGreaterThan(spearman(rows.base!, turned)! + 0.01);
    expect(
      Math.abs(values.reduce((sum, v) => sum + v, 0) / 600 - turned.reduce((sum, v) => sum + v, 0) / 600),
    ).toBeLessThan(2);
  });
});

function orderOf(rows: LabelledRows, change: Partial<FitOrder> = {}): FitOrder {
  const { inputs, labels, groups, width, parent } = rows;
  return {
    ...{ inputs, labels, groups, width, parent, method: 'auto', isFusion: true, baseline: null },
    ...{ options: { ...defaultNetwork, epochs: 30 }, seed: 1 },
    ...change,
  };
}

describe('a training', () => {
  test('holds whole groups out: no prompt is on both sides of a fold', () => {
    const order = orderOf(makeRows(90, 21), { method: 'ridge' });
    const fold = foldsOf(order);
    const held = [0, 1, 2, 3, 4].map((at) => fitFold(order, at).places);
    expect(held.flat().sort((a, b) => a - b)).toEqual([...order.labels.keys()]);
    for (const [at, places] of held.entries()) {
      const inside = new Set(places.map((place) => order.groups[place]));
      for (const [row, group] of order.groups.entries()) {
        expect(inside.has(group)).toBe(fold[row] === at);
      }
    }
  });

  test('does not know the labels that it is judged on: changing them changes no held-out prediction', () => {
    const order = orderOf(makeRows(120, 22));
    const { places, predicted } = fitFold(order, 2);
    const labels = order.labels.map((label, at) => (places.includes(at) ? -label : label));
    expect(fitFold({ ...order, labels }, 2).predicted).toEqual(predicted);
  });

  test('tells what it tried and chose, how folds differ, and how it stands against the mean of Q and S', () => {
    const rows = makeRows(160, 23);
    const baseline = rows.labels.map(
      (_, row) => rows.inputs[2 * row]! - 3 + (rows.inputs[2 * row + 1]! - 20) / 4,
    );
    const { training, heldOut, note } = fitHead(orderOf(rows, { baseline }));
    expect(training.candidates.map(({ method }) => method)).toEqual([
      'ridge',
      'quadratic',
      'tuned',
      'network',
    ]);
    expect(training.candidates.find(({ method }) => method === 'tuned')!.reason).toContain('no network');
    expect(training.candidates.filter(({ isChosen }) => isChosen)).toHaveLength(1);
    expect(training.folds).toHaveLength(5);
    expect(heldOut.comparisons.map(({ against }) => against)).toEqual(['meanOfSignals']);
    const [comparison] = heldOut.comparisons;
    expect(comparison!.labelsToTell.gain002!).toBeGreaterThan(comparison!.labelsToTell.gain005!);
    expect(note).toContain('the mean of Q and S');
  });

  test('“better” is said of a head only where its interval excludes no gain', () => {
    const verdicts = [24, 25, 26].map((seed) => {
      const rows = makeRows(60, seed);
      // A baseline that is as good as labels can be: no head beats it.
      const { heldOut } = fitHead(orderOf(rows, { baseline: rows.labels.slice(), method: 'ridge' }));
      return heldOut.comparisons[0]!;
    });
    for (const { verdict, srcc } of verdicts) {
      expect(verdict).toBe('worse');
      expect((srcc as { high: number }).high).toBeLessThan(0);
    }
  });

  test('has a learning curve that rises with labels', () => {
    const curve = fitCurve(orderOf(makeRows(400, 27), { method: 'network' }), 0);
    expect(curve.map(({ labels }) => labels)).toEqual([16, 32, 64, 128, 224, 320]);
    expect(curve.at(-1)!.srcc).toBeGreaterThan(curve[0]!.srcc);
  });
});

describe('uncertainty', () => {
  test('a conformal interval of 90 % holds about nine of ten labels that it never saw', () => {
    let inside = 0;
    let all = 0;
    for (let seed = 0; seed < 12; seed++) {
      const { head, training } = fitHead(orderOf(makeRows(120, 100 + seed), { method: 'ridge' }));
      const { halfWidth, coverage } = training.conformal;
      expect(coverage).toBe(0.9);
      const fresh = makeRows(300, 200 + seed);
      const values = predictHead(head, fresh.inputs, 300);
      for (const [at, value] of values.entries()) {
        all += 1;
        if (Math.abs(value - fresh.labels[at]!) <= halfWidth!) inside += 1;
      }
    }
    expect(inside / all).toBeGreaterThan(0.88);
    expect(inside / all).toBeLessThan(0.94);
  });

  test('is not promised from too few rows', () => {
    expect(conformalHalfWidth(Float64Array.of(1, -2, 3, 4, 5, 6, 7, 8), 0.9)).toBeNull();
    expect(conformalHalfWidth(Float64Array.of(1, -2, 3, 4, 5, 6, 7, 8, -9), 0.9)).toBe(9);
  });

  test('the spread of an ensemble is the SD of its networks', () => {
    const rows = makeRows(200, 31);
    const options = { ...defaultNetwork, epochs: 10, members: 1 };
    const heads = [1, 2, 3].map((seed) => fitSignalNetwork(rows, options, seed));
    const shared = averageHeads(heads);
    const singles = heads.map((head) => predictHead(head, rows.inputs, 200));
    const values = predictHead(decodeHead(encodeHead(shared)), rows.inputs, 200);
    for (const at of [0, 50, 199]) {
      expect(values[at]).toBeCloseTo((singles[0]![at]! + singles[1]![at]! + singles[2]![at]!) / 3, 4);
    }
    expect(measureSpread(heads[0]!, rows.inputs, 200)).toBeNull();
    const many = fitSignalNetwork(rows, { ...options, members: 4 }, 1);
    const parts = many.members.map((one) =>
      predictHead({ ...many, offset: 0, members: [{ ...one, weight: one.weight * 4 }] }, rows.inputs, 200),
    );
    const middle = parts.reduce((sum, part) => sum + part[7]!, 0) / 4;
    const sd = Math.sqrt(parts.reduce((sum, part) => sum + (part[7]! - middle) ** 2, 0) / 3);
    expect(measureSpread(many, rows.inputs, 200)![7]).toBeCloseTo(sd, 4);
  });
});

test('an ensemble of heads with different standardisations is exactly their mean', () => {
  const [first, second] = [fitSignalRidge(makeRows(80, 41), 1), fitSignalQuadratic(makeRows(300, 42), 1)];
  const both = decodeHead(encodeHead(averageHeads([first, second])));
  const { inputs } = makeRows(130, 43);
  const [a, b] = [predictHead(first, inputs, 130), predictHead(second, inputs, 130)];
  const values = predictHead(both, inputs, 130);
  for (const [at, value] of values.entries()) expect(value).toBeCloseTo((a[at]! + b[at]!) / 2, 4);
});

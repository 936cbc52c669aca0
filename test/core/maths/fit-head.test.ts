import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { EstimateOrReason } from '../../../contract/common.ts';
import { pearson, spearman } from '../../../core/maths/correlation.ts';
import type { FitOrder } from '../../../core/maths/fit-head.ts';
import { splitIntoFolds } from '../../../core/maths/folds.ts';
import { type Head, predictHead } from '../../../core/maths/head.ts';
import { encodeHead } from '../../../core/maths/head-codec.ts';
import { createRandom } from '../../../core/maths/random.ts';
import { takeRows } from '../../../core/maths/residual-head.ts';
import { defaultNetwork } from '../../../core/maths/signal-heads.ts';
import { fitHead } from '../../support/fit-head.ts';
import { hasShared, sharedPath } from '../../support/shared.ts';

const width = 30;

/** A parent that reads the first three inputs. */
const parent: Head = {
  kind: 'network',
  length: width,
  clip: 4,
  offset: 2.5,
  mean: new Float32Array(width),
  inverse: new Float32Array(width).fill(1),
  members: [
    {
      weight: 1,
      layers: [
        {
          inputs: width,
          outputs: 1,
          activation: 'none',
          weights: Float32Array.from({ length: width }, (_, at) => (at < 3 ? 0.5 : 0)),
          bias: new Float32Array(1),
        },
      ],
    },
  ],
};

/** Rows whose label is `label(row)` and a little noise; four rows a prompt. */
function makeOrder(
  rows: number,
  label: (x: Float32Array) => number,
  change: Partial<FitOrder> = {},
): FitOrder {
  const random = createRandom(17);
  const inputs = Float32Array.from({ length: rows * width }, () => random.normal());
  const labels = Float64Array.from(
    { length: rows },
    (_, row) => label(inputs.subarray(row * width, (row + 1) * width)) + 0.2 * random.normal(),
  );
  const groups = Array.from({ length: rows }, (_, row) => `prompt ${row >> 2}`);
  return {
    ...{ inputs, labels, groups, width, parent, method: 'auto', isFusion: false, seed: 1 },
    ...{ baseline: null, options: defaultNetwork },
    ...change,
  };
}

function estimated(estimate: EstimateOrReason): number {
  if (!('value' in estimate)) throw new Error(estimate.reason);
  return estimate.value;
}

const sumOfFirst = (x: Float32Array): number => 0.5 * (x[0]! + x[1]! + x[2]!);

describe('few labels', () => {
  test('on another scale bring the parent to that scale and keep its order', () => {
    const { head, heldOut } = fitHead(makeOrder(16, (x) => 50 + 20 * sumOfFirst(x)));
    const fresh = makeOrder(200, (x) => 50 + 20 * sumOfFirst(x));
    const predicted = Float64Array.from(predictHead(head, fresh.inputs, 200));
    expect(pearson(predicted, fresh.labels)).toBeGreaterThan(0.98);
    expect(estimated(heldOut.rmse)).toBeLessThan(4);
    expect(estimated(heldOut.parentRmse)).toBeGreaterThan(40);
  });

  test('that contradict the parent leave it out instead of turning it round', () => {
    const { head } = fitHead(makeOrder(12, () => 3));
    const values = predictHead(head, makeOrder(50, () => 3).inputs, 50);
    expect(Math.max(...values) - Math.min(...values)).toBeLessThan(1);
  });

  test.each([10, 11, 14])('%i rows give finite figures or reasons, never NaN', (rows) => {
    const { head, heldOut, note } = fitHead(makeOrder(rows, sumOfFirst, { parent: null }));
    expect(head.kind).toBe('ridge');
    expect(note).toContain('Ridge. A network is only tried from 100 images on');
    for (const figure of [heldOut.srcc, heldOut.plcc, heldOut.rmse]) {
      expect('reason' in figure || Number.isFinite(figure.value)).toBe(true);
    }
    expect(heldOut.parentSrcc).toEqual({ reason: 'There is no parent head.', n: rows });
    expect(predictHead(head, makeOrder(20, sumOfFirst).inputs, 20).every(Number.isFinite)).toBe(true);
  });
});

describe('many labels', () => {
  const other = (x: Float32Array): number => sumOfFirst(x) + 0.8 * x[5]! - 0.8 * x[9]!;

  test('teach what the parent does not know, and the gain on held-out prompts is significant', () => {
    const order = makeOrder(240, other);
    const { heldOut, note, head } = fitHead(order);
    expect(estimated(heldOut.srccDifference)).toBeGreaterThan(0.15);
    expect((heldOut.srccDifference as { low: number }).low).toBeGreaterThan(0);
    expect(note).toContain('ranks better than its parent');
    expect(heldOut).toMatchObject({ rows: 240, groups: 60 });
    const fresh = makeOrder(400, other);
    const predicted = Float64Array.from(predictHead(head, fresh.inputs, 400));
    expect(spearman(predicted, fresh.labels)).toBeGreaterThan(0.93);
  });

  test('that say what the parent says change it little, and the note says so', () => {
    const { heldOut, note } = fitHead(makeOrder(240, sumOfFirst, { method: 'ridge' }));
    expect(Math.abs(estimated(heldOut.srccDifference))).toBeLessThan(0.02);
    expect(note).toContain('You chose ridge.');
    expect(note).toMatch(/cannot be told apart|worse/);
  });

  test('of a curved rule are learned by a network, chosen by its held-out error', () => {
    const curved = (x: Float32Array): number => 2 * Math.abs(x[0]!) + Math.abs(x[1]!);
    const { method, note } = fitHead(makeOrder(600, curved, { parent: null }));
    expect(method).toBe('network');
    expect(note).toContain('A network, because its error on held-out prompts was smaller');
  });
});

test('held-out figures tell nothing where labels mean nothing', () => {
  const random = createRandom(5);
  const { heldOut } = fitHead(makeOrder(200, () => 2 * random.normal(), { parent: null, method: 'ridge' }));
  expect(Math.abs(estimated(heldOut.srcc))).toBeLessThan(0.25);
});

test('labels that are known only by prompt are not taken for knowledge about images', () => {
  const order = makeOrder(200, () => 0, { parent: null, method: 'ridge' });
  // Every prompt has its own label and its own mark in the inputs: rows split at random would seem predictable.
  const random = createRandom(6);
  const marks = Array.from({ length: 50 }, () =>
    Float32Array.from({ length: width }, () => 3 * random.normal()),
  );
  const labels = Array.from({ length: 50 }, () => random.normal());
  for (let row = 0; row < 200; row++) {
    const prompt = row >> 2;
    order.labels[row] = labels[prompt]!;
    for (let at = 0; at < width; at++) order.inputs[row * width + at]! += marks[prompt]![at]!;
  }
  const { heldOut } = fitHead(order);
  expect(Math.abs(estimated(heldOut.srcc))).toBeLessThan(0.45);
});

test('one prompt for all images: a head, and the reason why there are no figures', () => {
  const order = makeOrder(40, sumOfFirst);
  const { heldOut, head } = fitHead({ ...order, groups: order.groups.map(() => 'the only one') });
  expect(heldOut.srcc).toEqual({ reason: 'All images share one prompt, so none can be held out.', n: 0 });
  expect(predictHead(head, order.inputs, 40).every(Number.isFinite)).toBe(true);
});

test('the same order gives the same bytes', () => {
  const order = makeOrder(120, sumOfFirst, { method: 'network' });
  expect(encodeHead(fitHead(order).head)).toEqual(encodeHead(fitHead(order).head));
});

describe.skipIf(!hasShared)('fusion of two signals by 2 → 10 → 10 → 1 on the public TIFA ratings', () => {
  const rows = hasShared
    ? parse<Record<string, string>>(readFileSync(sharedPath('data/tifa/tifa-human-and-metrics.csv')), {
        columns: true,
      })
    : [];
  const names = ['clipscore_vitb32', 'tifa_mplug-large'] as const;
  const order: FitOrder = {
    inputs: Float32Array.from(rows.flatMap((row) => names.map((name) => Number(row[name])))),
    labels: Float64Array.from(rows, (row) => Number(row['human_avg'])),
    groups: rows.map((row) => row['prompt_id']!),
    width: 2,
    parent: null,
    method: 'network',
    isFusion: true,
    baseline: null,
    options: defaultNetwork,
    seed: 1,
  };

  test('is a network of these widths that agrees with people on unseen prompts better than either signal', () => {
    const { head, heldOut } = fitHead(order);
    expect(head.members.map(({ layers }) => layers.map(({ outputs }) => outputs))).toEqual(
      Array.from({ length: 4 }, () => [10, 10, 1]),
    );
    const single = names.map(
      (_, column) =>
        spearman(
          Float64Array.from(rows, (_row, at) => order.inputs[2 * at + column]!),
          order.labels,
        )!,
    );
    expect(estimated(heldOut.srcc)).toBeGreaterThan(Math.max(...single));
  });

  test('its conformal intervals hold the stated share of ratings of prompts that it never saw', () => {
    let [inside, all] = [0, 0];
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const fold = splitIntoFolds(order.groups, 2, seed);
      const [kept, left] = [0, 1].map((side) => [...fold.keys()].filter((at) => fold[at] === side));
      const take = (places: number[]) => ({
        inputs: takeRows(order.inputs, 2, places),
        labels: Float64Array.from(places, (at) => order.labels[at]!),
        groups: places.map((at) => order.groups[at]!),
      });
      const { head, training } = fitHead({ ...order, ...take(kept!), method: 'quadratic', seed });
      const { coverage, halfWidth } = training.conformal;
      expect(coverage).toBe(0.9);
      const unseen = take(left!);
      const values = predictHead(head, unseen.inputs, left!.length);
      all += left!.length;
      inside += values.filter((value, at) => Math.abs(value - unseen.labels[at]!) <= halfWidth!).length;
    }
    expect(inside / all).toBeGreaterThan(0.87);
    expect(inside / all).toBeLessThan(0.93);
  });
});

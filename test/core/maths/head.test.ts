import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Head, type Layer, predictHead } from '../../../core/maths/head.ts';
import { createRandom, type Random } from '../../../core/maths/random.ts';
import { formulaTensor } from '../../../native-models/checkpoints/formula.ts';
import { hasShared, readSharedJson } from '../../support/shared.ts';

interface FusionCases {
  cases: { Q: number; S: number; P: number }[];
}

function fusionLayer(name: string, inputs: number, outputs: number, isLast: boolean): Layer {
  const stored = formulaTensor(`${name}.weight`, [outputs, inputs]);
  const weights = Float32Array.from({ length: inputs * outputs }, (_, at) => {
    return stored[(at % outputs) * inputs + Math.floor(at / outputs)]!;
  });
  const bias = formulaTensor(`${name}.bias`, [outputs]);
  return { inputs, outputs, activation: isLast ? 'none' : 'relu', weights, bias };
}

function randomHead(random: Random, widths: number[], members: number): Head {
  const [length, ...outputs] = widths as [number, ...number[]];
  const draw = (count: number): Float32Array =>
    Float32Array.from({ length: count }, () => random.normal() / 3);
  return {
    kind: 'network',
    length,
    clip: 4,
    offset: 2.5,
    mean: draw(length),
    inverse: draw(length).map((value) => Math.abs(value) + 0.1),
    members: Array.from({ length: members }, (_, member) => ({
      weight: 0.5 - member,
      layers: outputs.map((width, depth) => ({
        inputs: widths[depth]!,
        outputs: width,
        activation: depth === outputs.length - 1 ? 'none' : depth % 2 === 0 ? 'gelu' : 'relu',
        weights: draw(widths[depth]! * width),
        bias: draw(width),
      })),
    })),
  };
}

/** The definition in double precision, with erf by its series (enough terms for |x| ≤ 5). */
function predictPlainly(head: Head, row: Float32Array): number {
  const z = Array.from(row, (x, i) => Math.min(4, Math.max(-4, (x - head.mean[i]!) * head.inverse[i]!)));
  return head.members.reduce((sum, { weight, layers }) => {
    const top = layers.reduce(applyPlainly, z);
    return sum + weight * top[0]!;
  }, head.offset);
}

function applyPlainly(x: number[], { outputs, weights, bias, activation }: Layer): number[] {
  return Array.from({ length: outputs }, (_, j) => {
    const v = x.reduce((sum, value, i) => sum + value * weights[i * outputs + j]!, bias[j]!);
    if (activation === 'relu') return Math.max(0, v);
    return activation === 'gelu' ? (v / 2) * (1 + erf(v / Math.SQRT2)) : v;
  });
}

function erf(x: number): number {
  if (Math.abs(x) > 5) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= -(x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

describe.skipIf(!hasShared)('the fusion network of SF-IQA', () => {
  test('gives P from [Q, S] within 2e-5 of the released code', () => {
    const head: Head = {
      kind: 'network',
      length: 2,
      clip: 1000,
      offset: 0,
      mean: new Float32Array(2),
      inverse: Float32Array.of(1, 1),
      members: [
        {
          weight: 1,
          layers: [
            fusionLayer('ScoreModel.fc1', 2, 10, false),
            fusionLayer('ScoreModel.fc2', 10, 10, false),
            fusionLayer('ScoreModel.fc3', 10, 1, true),
          ],
        },
      ],
    };
    const { cases } = readSharedJson<FusionCases>('golden/public/fusion/cases.json');
    expect(cases.length).toBeGreaterThan(10);
    const inputs = Float32Array.from(cases.flatMap(({ Q, S }) => [Q, S]));
    const predicted = predictHead(head, inputs, cases.length);
    for (const [at, { P }] of cases.entries()) expect(Math.abs(predicted[at]! - P)).toBeLessThan(2e-5);
  });
});

test('a prediction is the written sum of standardised, clipped inputs through every member', () => {
  const random = createRandom(7);
  const head = randomHead(random, [37, 19, 6, 1], 3);
  const inputs = Float32Array.from({ length: 37 * 70 }, () => 3 * random.normal());
  const predicted = predictHead(head, inputs, 70);
  for (let row = 0; row < 70; row++) {
    const expected = predictPlainly(head, inputs.subarray(row * 37, (row + 1) * 37));
    expect(Math.abs(predicted[row]! - expected)).toBeLessThan(1e-4);
  }
});

test('a row has the same bits whatever rows stand beside it', () => {
  const random = createRandom(8);
  const head = randomHead(random, [13, 9, 1], 2);
  const inputs = Float32Array.from({ length: 13 * 200 }, () => random.normal());
  const together = predictHead(head, inputs, 200);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 199 }), fc.integer({ min: 1, max: 200 }), (from, count) => {
      const to = Math.min(200, from + count);
      const part = predictHead(head, inputs.subarray(from * 13, to * 13), to - from);
      expect([...part]).toEqual([...together.subarray(from, to)]);
    }),
  );
});

test('no rows give no values, and a wrong number of inputs is refused', () => {
  const head = randomHead(createRandom(9), [4, 1], 1);
  expect(predictHead(head, new Float32Array(0), 0)).toHaveLength(0);
  expect(() => predictHead(head, new Float32Array(7), 2)).toThrow(RangeError);
});

import { describe, expect, test } from 'vitest';
import { bootstrapIntervals, countResamples } from '../../../core/maths/bootstrap.ts';
import { createSpearman } from '../../../core/maths/correlation.ts';
import { spearmanInterval } from '../../../core/maths/intervals.ts';
import { createRandom } from '../../../core/maths/random.ts';

describe('bootstrapIntervals', () => {
  const random = createRandom(9);
  const values = Array.from({ length: 300 }, () => random.normal());
  const meanOf = (weights: Uint32Array) => ({
    mean: values.reduce((sum, value, at) => sum + weights[at]! * value, 0) / weights.reduce((a, b) => a + b),
  });
  const groups = values.map((_, at) => at);

  test('the interval of a mean is mean ± 1.96 SD/√n', () => {
    const mean = values.reduce((sum, value) => sum + value, 0) / 300;
    const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 299);
    const { low, high } = bootstrapIntervals(groups, meanOf, { seed: 1, resamples: 2000 }).mean!;
    const half = (1.96 * sd) / Math.sqrt(300);
    expect(Math.abs(low - (mean - half))).toBeLessThan(0.1 * half);
    expect(Math.abs(high - (mean + half))).toBeLessThan(0.1 * half);
  });

  test('the same seed gives the same interval, another seed another', () => {
    const draw = (seed: number) => bootstrapIntervals(groups, meanOf, { seed, resamples: 1000 });
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  test('whole groups are drawn: items of one group always count alike', () => {
    const pairs = values.map((_, at) => Math.floor(at / 2) * 10);
    const alike = (weights: Uint32Array) => ({
      differing: weights.filter((weight, at) => weight !== weights[at - (at % 2)]).length,
      drawn: weights.reduce((a, b) => a + b),
    });
    const got = bootstrapIntervals(pairs, alike, { seed: 3, resamples: 1000 });
    expect(got).toEqual({ differing: { low: 0, high: 0 }, drawn: { low: 300, high: 300 } });
  });

  test('a statistic missing in some resamples is taken from the others, in most of them it has no interval', () => {
    let call = 0;
    const flaky = () => {
      call += 1;
      return { often: call % 4 === 0 ? null : 1, seldom: call % 4 === 0 ? 1 : null };
    };
    const got = bootstrapIntervals(groups, flaky, { seed: 1, resamples: 1000 });
    expect(got).toEqual({ often: { low: 1, high: 1 }, seldom: null });
  });

  test('four groups are too few', () => {
    expect(bootstrapIntervals([1, 2, 3, 4, 4], () => ({ one: 1 }), { seed: 1, resamples: 1000 })).toEqual({
      one: null,
    });
  });
});

test('resamples are 2000 for small sets and never fewer than 1000', () => {
  expect([0, 100, 1250, 2000, 2500, 1_000_000].map(countResamples)).toEqual([
    2000, 2000, 2000, 1250, 1000, 1000,
  ]);
});

describe('of images whose prompts share half of all that varies', () => {
  const random = createRandom(31);
  const share = Math.SQRT1_2;
  const [prompts, perPrompt, repeats, rho] = [50, 5, 120, 0.7];
  /** Spearman's correlation of normal variables of this Pearson correlation (Pearson 1907). */
  const truth = (6 / Math.PI) * Math.asin(rho / 2);
  const groups = Array.from({ length: prompts * perPrompt }, (_, at) => Math.floor(at / perPrompt));
  function drawNormal(): Float64Array {
    const common = Array.from({ length: prompts }, () => random.normal());
    return Float64Array.from(groups, (group) => share * common[group]! + share * random.normal());
  }

  test('95 of 100 intervals over prompts hold the truth; closed forms, which take each image for itself, fewer', () => {
    const held = { bootstrap: 0, closed: 0 };
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const [x, error] = [drawNormal(), drawNormal()];
      const y = x.map((value, at) => rho * value + Math.sqrt(1 - rho * rho) * error[at]!);
      const spearman = createSpearman(x, y);
      const measure = (weights: Uint32Array) => ({ srcc: spearman(weights) });
      const drawn = bootstrapIntervals(groups, measure, { seed: repeat, resamples: 400 }).srcc!;
      const closed = spearmanInterval(spearman()!, x.length)!;
      if (drawn.low <= truth && truth <= drawn.high) held.bootstrap += 1;
      if (closed.low <= truth && truth <= closed.high) held.closed += 1;
    }
    // Two standard errors of a share of 0.95 over so many repeats are 0.04.
    expect(held.bootstrap / repeats).toBeGreaterThan(0.91);
    expect(held.closed).toBeLessThan(held.bootstrap);
  });
});

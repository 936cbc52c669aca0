import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { splitIntoFolds, splitOnce } from '../../../core/maths/folds.ts';
import { createRandom, shuffle } from '../../../core/maths/random.ts';
import { hasShared, readSharedJson, sharedPath } from '../../support/shared.ts';

const sizeOf = (isTest: readonly boolean[]) => isTest.filter(Boolean).length;

describe.skipIf(!hasShared)('AGIQA-3K split 80/20 by prompt is what the golden statistics ask for', () => {
  const golden = hasShared
    ? readSharedJson<{
        expected_statistics: { rows: number; unique_prompts: number; images_per_prompt: object };
        tier_definition: Record<string, string[]>;
      }>('golden-stats/agiqa3k-split-and-tiers.json')
    : null;
  const names = hasShared
    ? readFileSync(sharedPath('data/agiqa-3k/data.csv'), 'utf8').trim().split('\n').slice(1)
    : [];
  const rows = names.map((line) => {
    const [, generator, prompt] = /^(.+?)_[a-z]+_(\d{3})\.jpg,/.exec(line)!;
    return { generator: generator!, prompt: prompt! };
  });
  const prompts = rows.map(({ prompt }) => prompt);
  const splits = Array.from({ length: 10 }, (_, seed) => splitOnce(prompts, 0.2, seed));

  test('the groups are the reference’s', () => {
    expect(rows).toHaveLength(golden!.expected_statistics.rows);
    const sizes = [...Map.groupBy(prompts, (prompt) => prompt).values()].map(({ length }) => length);
    expect(sizes).toHaveLength(golden!.expected_statistics.unique_prompts);
    const counts = Map.groupBy(sizes, (size) => String(size));
    expect(Object.fromEntries([...counts].map(([size, of]) => [size, of.length]))).toEqual(
      golden!.expected_statistics.images_per_prompt,
    );
  });

  test('60 prompts, 582 to 600 images on one side, none on both; every generator and tier on either', () => {
    for (const isTest of splits) {
      expect(sizeOf(isTest)).toBeGreaterThanOrEqual(582);
      expect(sizeOf(isTest)).toBeLessThanOrEqual(600);
      const sides = [true, false].map((side) => rows.filter((_, at) => isTest[at] === side));
      const [held, rest] = sides.map((own) => new Set(own.map(({ prompt }) => prompt)));
      expect([held!.size, rest!.size, [...held!].filter((prompt) => rest!.has(prompt)).length]).toEqual([
        60, 240, 0,
      ]);
      for (const tier of Object.values(golden!.tier_definition)) {
        const shares = sides.map(
          (own) => own.filter(({ generator }) => tier.includes(generator)).length / own.length,
        );
        expect(Math.abs(shares[0]! - shares[1]!)).toBeLessThan(0.01);
      }
      for (const own of sides) expect(new Set(own.map(({ generator }) => generator)).size).toBe(6);
    }
  });

  test('the same for a seed in any order of rows; ten seeds give ten sides, every image twice or so', () => {
    expect(new Set(splits.map((isTest) => isTest.map(Number).join(''))).size).toBe(10);
    const order = [...rows.keys()];
    shuffle(order, createRandom(3));
    const shuffled = splitOnce(
      order.map((at) => prompts[at]!),
      0.2,
      4,
    );
    expect(shuffled).toEqual(order.map((at) => splits[4]![at]));
    const times = rows.map((_, at) => splits.filter((isTest) => isTest[at]).length);
    expect(times.reduce((a, b) => a + b, 0) / times.length).toBeCloseTo(2, 1);
    expect(Math.max(...times)).toBeLessThanOrEqual(2 + 4 * Math.sqrt(10 * 0.2 * 0.8));
  });
});

test('a single group cannot be split, and the error says what to do', () => {
  expect(() => splitOnce(['a', 'a', 'a'], 0.2, 1)).toThrow(
    expect.objectContaining({ code: 'badInput', message: expect.stringContaining('Group by another field') }),
  );
});

test('folds hold whole groups, each about as many rows, the same for a seed', () => {
  const groups = Array.from({ length: 103 }, (_, at) => `prompt ${Math.floor(at / 4)}`);
  const folds = splitIntoFolds(groups, 5, 2);
  expect(splitIntoFolds(groups, 5, 2)).toEqual(folds);
  for (const own of Map.groupBy([...groups.keys()], (at) => groups[at]).values())
    expect(new Set(own.map((at) => folds[at])).size).toBe(1);
  const sizes = [0, 1, 2, 3, 4].map((fold) => folds.filter((one) => one === fold).length);
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(4);
});

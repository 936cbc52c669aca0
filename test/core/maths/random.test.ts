import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom, hashSeeds, shuffle } from '../../../core/maths/random.ts';

const seeds = fc.integer({ min: 0, max: 0xffffffff });

describe('createRandom', () => {
  test('the same seed gives the same stream, another seed another', () => {
    const draw = (seed: number) =>
      Array.from(
        { length: 8 },
        (
          (random) => () =>
            random.next()
        )(createRandom(seed)),
      );
    fc.assert(
      fc.property(seeds, seeds, (a, b) => {
        expect(draw(a)).toEqual(draw(a));
        if (a !== b) expect(draw(a)).not.toEqual(draw(b));
      }),
    );
  });

  test('next is uniform in [0, 1)', () => {
    const random = createRandom(7);
    const draws = Array.from({ length: 100_000 }, () => random.next());
    const shares = Array.from(
      { length: 10 },
      (_, tenth) => draws.filter((x) => Math.floor(x * 10) === tenth).length,
    );
    expect(shares.reduce((sum, count) => sum + count)).toBe(draws.length);
    const chiSquare = shares.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(27.9); // the 99.9 % quantile with 9 degrees of freedom
  });

  test('below stays below and reaches every number, also where 2³² is no multiple', () => {
    const random = createRandom(11);
    const drawn = Array.from({ length: 6000 }, () => random.below(6));
    expect(new Set(drawn)).toEqual(new Set([0, 1, 2, 3, 4, 5]));
    for (const n of [1, 3, 0x8000_0001, 0xffff_ffff]) {
      const value = random.below(n);
      expect(Number.isInteger(value) && value >= 0 && value < n).toBe(true);
    }
    const large = Array.from({ length: 4000 }, () => random.below(0xc000_0000));
    const share = large.filter((value) => value < 0x4000_0000).length / large.length;
    expect(share).toBeCloseTo(1 / 3, 1); // a bare remainder would give one half
    expect(Math.abs(share - 1 / 3)).toBeLessThan(0.03);
  });

  test('normal has mean 0, SD 1 and 5 % beyond ±1.96', () => {
    const random = createRandom(3);
    const draws = Array.from({ length: 100_000 }, () => random.normal());
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
    const sd = Math.sqrt(draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length);
    expect(Math.abs(mean)).toBeLessThan(0.015);
    expect(Math.abs(sd - 1)).toBeLessThan(0.01);
    expect(Math.abs(draws.filter((x) => Math.abs(x) > 1.96).length / draws.length - 0.05)).toBeLessThan(
      0.004,
    );
  });
});

describe('hashSeeds', () => {
  test('neighbouring seeds and another order give other hashes', () => {
    const hashes = new Set<number>();
    for (let a = 0; a < 100; a += 1) for (let b = 0; b < 100; b += 1) hashes.add(hashSeeds(a, b));
    expect(hashes.size).toBeGreaterThan(9_998); // chance alone makes 10,000 hashes collide about 0.01 times
    expect(hashSeeds(1, 2)).not.toBe(hashSeeds(2, 1));
    expect(hashSeeds(0)).not.toBe(hashSeeds(0, 0));
  });

  test('gives an unsigned 32-bit integer, always the same', () => {
    fc.assert(
      fc.property(fc.array(seeds), (list) => {
        const hash = hashSeeds(...list);
        expect(hash).toBe(hashSeeds(...list));
        expect(Number.isInteger(hash) && hash >= 0 && hash <= 0xffffffff).toBe(true);
      }),
    );
  });
});

describe('shuffle', () => {
  test('keeps every item', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), seeds, (list, seed) => {
        const shuffled = [...list];
        shuffle(shuffled, createRandom(seed));
        expect(shuffled.toSorted((a, b) => a - b)).toEqual(list.toSorted((a, b) => a - b));
      }),
    );
  });

  test('every order of four is equally likely', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 24_000; seed += 1) {
      const list = [0, 1, 2, 3];
      shuffle(list, createRandom(hashSeeds(5, seed)));
      counts.set(list.join(), (counts.get(list.join()) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(49.7); // the 99.9 % quantile with 23 degrees of freedom
  });
});

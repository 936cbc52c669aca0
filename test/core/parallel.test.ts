import { describe, expect, it } from 'vitest';
import { forEachInParallel } from '../../core/parallel.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const never = new AbortController().signal;

describe('work in parallel', () => {
  it('does every item once and never more than the limit at a time', async () => {
    const done: number[] = [];
    let underWay = 0;
    let most = 0;
    const items = Array.from({ length: 23 }, (_, i) => i);
    await forEachInParallel(items, { limit: 4, signal: never }, async (item) => {
      most = Math.max(most, ++underWay);
      await pause(item % 3);
      underWay -= 1;
      done.push(item);
    });
    expect(done.toSorted((a, b) => a - b)).toEqual(items);
    expect(most).toBe(4);
  });

  it('begins nothing new after it was cancelled, and lets what was begun end', async () => {
    const abort = new AbortController();
    let begun = 0;
    let ended = 0;
    await forEachInParallel([1, 2, 3, 4, 5, 6, 7, 8], { limit: 2, signal: abort.signal }, async (item) => {
      begun += 1;
      if (item === 2) abort.abort();
      await pause(5);
      ended += 1;
    });
    expect(begun).toBe(2);
    expect(ended).toBe(2);
  });

  it('stops at the first error and throws it', async () => {
    let begun = 0;
    const work = forEachInParallel([1, 2, 3, 4, 5], { limit: 1, signal: never }, async (item) => {
      begun += 1;
      await pause(0);
      if (item === 2) throw new Error('two');
    });
    await expect(work).rejects.toThrow('two');
    expect(begun).toBe(2);
  });
});

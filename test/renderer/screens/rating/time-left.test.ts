import { describe, expect, it } from 'vitest';
import { estimateTimeLeft, formatTimeLeft } from '../../../../renderer/screens/rating/time-left.ts';

describe('the time that is left', () => {
  it('is not guessed from fewer than three images', () => {
    expect(estimateTimeLeft([5000, 6000], 100)).toBeNull();
  });

  it('follows the median of the last images, so that one pause does not count', () => {
    expect(estimateTimeLeft([4000, 600_000, 5000, 6000, 4500], 10)).toBe(50_000);
    const slowStart = [
      ...Array.from({ length: 30 }, () => 20_000),
      ...Array.from({ length: 20 }, () => 3000),
    ];
    expect(estimateTimeLeft(slowStart, 10)).toBe(30_000);
  });

  it('is told in words that do not pretend to be exact', () => {
    expect(formatTimeLeft(20_000)).toBe('less than a minute left');
    expect(formatTimeLeft(12 * 60_000 + 9000)).toBe('about 12 min left');
    expect(formatTimeLeft(150 * 60_000)).toBe('about 2½ h left');
  });
});

import { describe, expect, it } from 'vitest';
import { judgeDifference } from '../../../../renderer/screens/heads/judge-heads.ts';

function differenceOf(value: number, low: number | null, high: number | null) {
  return { value, low, high, n: 100, method: 'paired bootstrap by prompt' };
}

describe('the verdict on a new head', () => {
  it('is better or worse only where the paired interval leaves out zero', () => {
    expect(judgeDifference(differenceOf(0.04, 0.01, 0.07))).toBe('better');
    expect(judgeDifference(differenceOf(-0.04, -0.07, -0.01))).toBe('worse');
  });

  it('says not significant where the interval holds zero, however large the difference', () => {
    expect(judgeDifference(differenceOf(0.2, -0.01, 0.41))).toBe('notSignificant');
    expect(judgeDifference(differenceOf(0.02, 0, 0.04))).toBe('notSignificant');
  });

  it('does not judge without an interval', () => {
    expect(judgeDifference(differenceOf(0.2, null, null))).toBe('unknown');
    expect(judgeDifference({ reason: 'There is no parent.', n: 0 })).toBe('unknown');
  });
});

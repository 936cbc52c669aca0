import { describe, expect, it } from 'vitest';
import { RateMeter } from '../../../core/maths/rate-meter.ts';

describe('rate and time left', () => {
  it('are unknown while there is too little to tell', () => {
    const meter = new RateMeter();
    expect(meter.measure(0, 100, 0)).toEqual({ perSecond: null, etaMs: null });
    expect(meter.measure(1, 100, 100)).toEqual({ perSecond: null, etaMs: null });
  });

  it('follow a steady pace', () => {
    const meter = new RateMeter();
    for (let second = 0; second <= 10; second++) meter.measure(second * 5, 100, second * 1000);
    const { perSecond, etaMs } = meter.measure(50, 100, 10_000);
    expect(perSecond).toBeCloseTo(5, 6);
    expect(etaMs).toBeCloseTo(10_000, 6);
  });

  it('follow the pace of the last seconds, not of the whole run', () => {
    const meter = new RateMeter();
    for (let second = 0; second <= 60; second++) meter.measure(second * 100, null, second * 1000);
    let last = meter.measure(6000, null, 60_000);
    for (let second = 61; second <= 120; second++)
      last = meter.measure(6000 + second - 60, null, second * 1000);
    expect(last.perSecond).toBeLessThan(2);
    expect(last.etaMs).toBeNull();
  });
});

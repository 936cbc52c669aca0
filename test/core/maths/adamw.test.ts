import { expect, test } from 'vitest';
import { AdamW, oneCycleRate } from '../../../core/maths/adamw.ts';

test('the rate starts at a 25th of its peak, reaches the peak after 30 % of the steps and ends near nothing', () => {
  const rates = Array.from({ length: 1000 }, (_, step) => oneCycleRate(step, 1000, 2e-3));
  expect(rates[0]).toBeCloseTo(8e-5, 12);
  expect(Math.max(...rates)).toBeCloseTo(2e-3, 12);
  expect(rates.indexOf(Math.max(...rates))).toBe(299);
  expect(rates.at(-1)).toBeCloseTo(8e-9, 12);
});

test('the first step moves by the rate against the sign of the slope, whatever its size, after decay', () => {
  const values = Float32Array.of(1, 1, 1);
  const gradient = Float32Array.of(1000, -0.001, 0);
  new AdamW(values, gradient, 0.5).step(0.1);
  expect(values[0]).toBeCloseTo(0.95 - 0.1, 5);
  expect(values[1]).toBeCloseTo(0.95 + 0.1, 4);
  expect(values[2]).toBeCloseTo(0.95, 6);
});

test('it finds the bottom of a bowl', () => {
  const values = Float32Array.of(3, -2);
  const gradient = new Float32Array(2);
  const mover = new AdamW(values, gradient, 0);
  for (let step = 0; step < 2000; step++) {
    gradient[0] = 2 * (values[0]! - 1);
    gradient[1] = 20 * (values[1]! - 0.5);
    mover.step(oneCycleRate(step, 2000, 0.05));
  }
  expect(values[0]).toBeCloseTo(1, 3);
  expect(values[1]).toBeCloseTo(0.5, 3);
});

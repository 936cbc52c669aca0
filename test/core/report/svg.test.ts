import { expect, test } from 'vitest';
import { drawScatter } from '../../../core/report/svg.ts';

/** The numbers along the lower axis of a scatter between two values. */
function ticksBetween(low: number, high: number): string[] {
  const drawn = drawScatter({ x: [low, high], y: [0, 1], curve: [] }, ['score', 'MOS']);
  return [...drawn.matchAll(/text-anchor="middle">(-?[\d.]+)<\/text>/g)].map(([, text]) => text!);
}

test('axes have round numbers inside their range, as many digits as the steps need', () => {
  expect(ticksBetween(0.31, 3.9)).toEqual(['0.5', '1.0', '1.5', '2.0', '2.5', '3.0', '3.5']);
  expect(ticksBetween(0, 0.11)).toEqual(['0.00', '0.02', '0.04', '0.06', '0.08', '0.10']);
  expect(ticksBetween(-12, 95)).toEqual(['0', '20', '40', '60', '80']);
  expect(ticksBetween(2, 2)).toHaveLength(1);
});

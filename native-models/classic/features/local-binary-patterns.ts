/**
 * Rotation-invariant uniform local binary patterns, eight neighbours at distance one (Ojala, Pietikäinen &
 * Mäenpää, IEEE PAMI 2002, equation 9); a neighbour counts as set where it is at least one level brighter.
 */
import { countPatterns } from '../kernels/planes.ts';

/** Names of the 10 values. */
export const patternNames = [
  ...Array.from({ length: 9 }, (_, set) => `${set} brighter neighbours`),
  'not uniform',
];

/** Shares of the ten patterns in a square luma plane (its border has none). */
export function measurePatterns(luma: Float32Array, size: number): number[] {
  return Array.from(countPatterns(luma, size), (count) => count / (size - 2) ** 2);
}

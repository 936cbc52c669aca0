/**
 * Blockiness of 8 × 8 coding: mean absolute differences between neighbouring columns (rows), by position in
 * the block (Wang, Sheikh & Bovik, "No-reference perceptual quality assessment of JPEG compressed images",
 * ICIP 2002).
 */
import { sumDifferences } from '../kernels/pixels.ts';
import { meanOf, sampleDeviationOf } from '../maths/moments.ts';

/** Names of the 8 values. */
export const blockinessNames = ['across', 'down'].flatMap((direction) =>
  ['at block edge', 'deviation over positions', 'at block middle', 'edge of 4 against middle of 4'].map(
    (name) => `${direction} ${name}`,
  ),
);

/** The 8 values of a square luma plane. */
export function measureBlockiness(luma: Float32Array, size: number): number[] {
  const { across, down } = sumDifferences(luma, size);
  return [across, down].flatMap((sums) => {
    const means = sums.map((sum) => sum / size);
    const eight = meansByPosition(means, 8);
    const level = meanOf(eight) + 1e-3;
    const relative = eight.map((mean) => mean / level);
    const four = meansByPosition(means, 4).map((mean) => mean / level);
    return [relative[7]!, sampleDeviationOf(relative), relative[3]!, four[3]! - four[1]!];
  });
}

function meansByPosition(means: Float64Array, period: number): number[] {
  return Array.from({ length: period }, (_, position) =>
    meanOf(means.filter((_, i) => i % period === position)),
  );
}

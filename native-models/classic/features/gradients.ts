/**
 * Logarithms of gradient magnitude and of |Laplacian|: generated images differ from photographs in how much
 * fine detail there is and how it is spread (gradient statistics: Xue et al., GMSD, IEEE TIP 2014).
 */
import { logMagnitude } from '../kernels/planes.ts';
import { describeLogs, descriptionNames } from './describe.ts';

/** Names of the 18 values of one channel. */
export const gradientNames = ['gradient', 'laplacian'].flatMap((filter) =>
  descriptionNames.map((value) => `log ${filter} ${value}`),
);

/** The 18 values of one channel; `scratch` is a plane of the same size that is overwritten. */
export function measureGradients(
  planes: { gradient: Float32Array; laplacian: Float32Array },
  scratch: Float32Array,
): number[] {
  return [planes.gradient, planes.laplacian].flatMap((plane) => {
    logMagnitude(plane, scratch);
    return describeLogs(plane, scratch);
  });
}

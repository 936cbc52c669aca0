/**
 * The pristine model of NIQE: mean and covariance of the 36 statistics over undistorted photographs, as its
 * authors published them (`pristine.json`, unchanged numbers).
 *
 * Copyright of the model: Laboratory for Image and Video Engineering (LIVE), The University of Texas at Austin. Free
 * to use, copy and modify with acknowledgement of LIVE and citation of A. Mittal, R. Soundararajan and
 * A. C. Bovik, "Making a Completely Blind Image Quality Analyzer", IEEE Signal Processing Letters 20(3), 2013.
 */
import model from './pristine.json' with { type: 'json' };

/** Means of the 36 statistics: 18 at full size, 18 at half size. */
export const pristineMean: readonly number[] = model.mean;

/** Their covariance, 36 × 36. */
export const pristineCovariance: readonly (readonly number[])[] = model.covariance;

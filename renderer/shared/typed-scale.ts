/** The two ends of a scale as they are typed into fields of numbers. */
import type { ScaleEnds } from '../../contract/mos.ts';

/** Ends of a scale as they are typed. */
export type TypedScale = readonly [low: number | string, high: number | string];

/** The ends; undefined where they are not wholly typed. */
export function readScale([low, high]: TypedScale): ScaleEnds | undefined {
  return typeof low === 'number' && typeof high === 'number' ? [low, high] : undefined;
}

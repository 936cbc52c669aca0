/** The two ends of a scale as they are typed into fields of numbers. */
import type { ScaleEnds } from '../../contract/mos.ts';

/** Ends of a scale as they are typed. */
export type TypedScale = readonly [low: number | string, high: number | string];

/** What is wrong with the typed ends, in a sentence; null where nothing is, or nothing was typed. @param of what is on the scale */
export function findScaleProblem(typed: TypedScale, of: string): string | null {
  if (typed[0] === '' && typed[1] === '') return null;
  const scale = readScale(typed);
  if (scale === undefined) return `The scale of ${of} needs both of its ends, or neither.`;
  return scale[0] < scale[1] ? null : `The lowest value of ${of} lies below its highest.`;
}

/** The ends; undefined where they are not wholly typed. */
export function readScale([low, high]: TypedScale): ScaleEnds | undefined {
  return typeof low === 'number' && typeof high === 'number' ? [low, high] : undefined;
}

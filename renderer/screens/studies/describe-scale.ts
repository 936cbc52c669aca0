/** A scale in words. */
import type { Scale } from '../../../contract/studies.ts';

/** `1 Bad, 2 Poor, …`, or `0 to 5 in steps of 0.1`. */
export function describeScale(scale: Scale): string {
  if (scale.kind === 'continuous') return `${scale.min} to ${scale.max} in steps of ${scale.step}`;
  return scale.words.map((word, at) => (word === String(at + 1) ? word : `${at + 1} ${word}`)).join(', ');
}

/** The ends of a scale as numbers. */
import type { Scale } from '../contract/studies.ts';

export function endsOf(scale: Scale): { low: number; high: number } {
  return scale.kind === 'acr' ? { low: 1, high: scale.words.length } : { low: scale.min, high: scale.max };
}

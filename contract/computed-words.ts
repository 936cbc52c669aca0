/** How it is said what computed numbers of networks: the same on screens, in files and on the command line. */
import type { Computed, StoredBy } from './pack.ts';

/** E.g. `onnxruntime 1.30.0 on cpu in int8`. */
export function describeComputed({ runtime, provider, precision }: Computed): string {
  return `${runtime} on ${provider} in ${precision}`;
}

/** E.g. `12,400 images and 300 prompts by onnxruntime 1.20.0 on cuda in float32`. */
export function describeStoredBy({ images, prompts, ...computed }: StoredBy): string {
  const counts = [
    ...(images === 0 ? [] : [countOf(images, 'image')]),
    ...(prompts === 0 ? [] : [countOf(prompts, 'prompt')]),
  ];
  return `${counts.join(' and ')} by ${describeComputed(computed)}`;
}

/** @param parts what was computed by what; null where that is all of one kind */
export function describeMixed(parts: readonly string[]): string | null {
  if (parts.length < 2) return null;
  return `Not all computed alike: ${parts.join('; ')}. Such numbers differ a little, so images that are close to each other may change places.`;
}

/** E.g. `1 image`, `2,000 images`. */
export function countOf(count: number, what: 'image' | 'prompt'): string {
  return `${count.toLocaleString('en')} ${count === 1 ? what : `${what}s`}`;
}

/** What a run over a folder notes for people, beside its counts. */
import { describeComputed, describeStoredBy } from '../contract/computed-words.ts';
import type { StoredBy } from '../contract/pack.ts';
import type { Provenance } from '../native-models/messages.ts';

/** Files whose metadata is there and could not be read, and how they are found. */
export function describeGarbled(files: number): string[] {
  if (files === 0) return [];
  return [
    `${files} of the files carry generation metadata that cannot be read: “is:garbled” finds them, each tells why.`,
  ];
}

/** E.g. `Computed by onnxruntime 1.30.0 on cpu in int8. cuda was not used: …`. */
export function describeProvenance({ fallback, ...computed }: Provenance): string {
  return `Computed by ${describeComputed(computed)}.${fallback === null ? '' : ` ${fallback}`}`;
}

/** Numbers of other runtimes or providers are kept, and never without a word. */
export function describeKept(others: readonly StoredBy[]): string[] {
  if (others.length === 0) return [];
  return [
    `Kept as they were computed: ${others.map(describeStoredBy).join('; ')}. “Compute those again” (--again) makes the library one of a kind.`,
  ];
}

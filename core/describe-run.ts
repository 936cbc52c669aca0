/** What a run over a folder notes for people, beside its counts. */
import type { Provenance } from '../native-models/messages.ts';

/** Files whose metadata is there and could not be read, and how they are found. */
export function describeGarbled(files: number): string[] {
  if (files === 0) return [];
  return [
    `${files} of the files carry generation metadata that cannot be read: “is:garbled” finds them, each tells why.`,
  ];
}

/** E.g. `Computed by onnxruntime 1.30.0 on cpu in int8. cuda was not used: …`. */
export function describeProvenance({ runtime, provider, precision, fallback }: Provenance): string {
  return `Computed by ${runtime} on ${provider} in ${precision}.${fallback === null ? '' : ` ${fallback}`}`;
}

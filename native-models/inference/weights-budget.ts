/** How much memory weights may take: with less than a pack's sets need together, these are used one after the other, each for many images. */
import { availableMemory } from 'node:process';

/** The part of the free memory that weights may take. */
const weightsShare = 0.8;

/** Bytes of weights that may be open together, by what is free now. */
export function weightsBudget(): number {
  return weightsShare * availableMemory();
}

/** With too little memory for all sets, each is read from disk once for at most this many images. */
export const imagesPerPassWhenShort = 32;

/** What the built-in pack `classic` sees in an image: vectors for heads, and signals for people. */
import type { RgbImage } from '../images/decode.ts';
import type { Look } from '../messages.ts';
import { brisqueOf } from './brisque.ts';
import { featureInfos, measureFeatures } from './features/features.ts';
import { featureSize } from './features/workspace.ts';
import { sumOpponents } from './kernels/pixels.ts';
import { measureNiqe } from './niqe/niqe.ts';
import { resizeToSquare } from './resize.ts';
import { colourfulnessOf } from './signals/colourfulness.ts';
import { measureLumaSignals } from './signals/luma-signals.ts';

/** Length of the vector `features`. */
export const featureLength = featureInfos.length;

/** Rises when the same image gets other features, so that stored ones are made again. */
export const featureVersion = 1;

/**
 * Everything `classic` computes from pixels. Vectors: `features` (727, over the 512 × 512 square of `resize.ts`),
 * `brisque` (36, from the same square), `niqe` (36 means at the image's own size; absent where NIQE has no score).
 * Signals at the image's own size: `niqe` (lower is better), `colourfulness`, `sharpness`, `contrast`.
 */
export function lookClassic(image: RgbImage): Look {
  const features = measureFeatures(resizeToSquare(image, featureSize));
  const niqe = measureNiqe(image);
  const { sharpness, contrast } = measureLumaSignals(image);
  return {
    vectors: {
      features,
      brisque: brisqueOf(features),
      ...('score' in niqe ? { niqe: niqe.means } : {}),
    },
    signals: {
      niqe: 'score' in niqe ? niqe.score : niqe,
      colourfulness: colourfulnessOf(sumOpponents(image.rgb)),
      sharpness: sharpness ?? { reason: 'Sharpness needs at least 3 × 3 pixels.' },
      contrast,
    },
    provenance: null,
  };
}

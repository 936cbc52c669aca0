/** What the built-in pack `classic` gives for a picture: the features its heads read, NIQE's and BRISQUE's, and four signals. */
import type { RgbImage } from '../images/decode.ts';
import type { Look } from '../messages.ts';
import { measureBrisque } from './brisque/brisque.ts';
import { measureFeatures } from './features/features.ts';
import { fitToSquare } from './fit-to-square.ts';
import { sumOpponents } from './kernels/pixels.ts';
import { measureNiqe } from './niqe/niqe.ts';
import { colourfulnessOf } from './signals/colourfulness.ts';
import { measureLuma } from './signals/luma-signals.ts';

/**
 * Vectors: `features` (727, of the picture brought to 512 × 512), `niqe` and `brisque` (36 each, at the picture's own size; absent
 * where the picture is too small or flat). Signals: `niqe` (or the reason why there is none), `colourfulness`, `sharpness`, `contrast`, at
 * the picture's own size.
 */
export async function lookClassic(image: RgbImage): Promise<Look> {
  const features = measureFeatures(await fitToSquare(image));
  const niqe = measureNiqe(image);
  const brisque = measureBrisque(image);
  const hasBrisque = brisque instanceof Float32Array && brisque.every(Number.isFinite);
  return {
    vectors: {
      features,
      ...('means' in niqe ? { niqe: niqe.means } : {}),
      ...(hasBrisque ? { brisque } : {}),
    },
    signals: {
      niqe: 'score' in niqe ? niqe.score : niqe,
      colourfulness: colourfulnessOf(sumOpponents(image.rgb)),
      ...measureLuma(image),
    },
  };
}

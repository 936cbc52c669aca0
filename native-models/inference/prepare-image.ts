/** One decoded image as the networks of a pack take it: one decode serves the quality branch and CLIP. */
import type { PackNetwork } from '../../contract/pack.ts';
import type { RgbImage } from '../images/decode.ts';
import { imageNetPixels } from '../preprocess/normalise.ts';
import { prepareClip } from '../preprocess/prepare-clip.ts';
import { prepareSama } from '../preprocess/prepare-sama.ts';
import type { Prepared } from './run-pack.ts';

export function prepareImage(image: RgbImage, { quality, similarity }: PackNetwork): Prepared {
  return {
    quality: quality && prepareQuality(image, quality),
    similarity: similarity && prepareClip(image, similarity.sizePx, similarity),
  };
}

function prepareQuality(
  image: RgbImage,
  { recipe, sizePx }: NonNullable<PackNetwork['quality']>,
): Float32Array {
  return recipe === 'resize' ? prepareClip(image, sizePx, imageNetPixels) : prepareSama(image, recipe);
}

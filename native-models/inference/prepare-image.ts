/** One decoded image as the networks of a pack take it: one decode serves the quality branch and CLIP. */
import type { PackNetwork } from '../../contract/pack.ts';
import type { RgbImage } from '../images/decode.ts';
import { prepareClip } from '../preprocess/prepare-clip.ts';
import { prepareSama } from '../preprocess/prepare-sama.ts';
import type { Prepared } from './run-pack.ts';

type Triple = [number, number, number];

/** The pixels of ImageNet, which backbones were trained on. */
const imageNet: { mean: Triple; std: Triple } = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

export function prepareImage(image: RgbImage, { quality, similarity }: PackNetwork): Prepared {
  return {
    quality: quality && prepareQuality(image, quality),
    similarity:
      similarity &&
      prepareClip(image, similarity.sizePx, similarity.mean as Triple, similarity.std as Triple),
  };
}

function prepareQuality(
  image: RgbImage,
  { recipe, sizePx }: NonNullable<PackNetwork['quality']>,
): Float32Array {
  return recipe === 'resize'
    ? prepareClip(image, sizePx, imageNet.mean, imageNet.std)
    : prepareSama(image, recipe);
}

/** How a pack's quality branch or backbone sees images: by the sampling that was asked for, where its network takes it. */
import { StudioError } from '../../contract/errors.ts';
import type { PackNetwork } from '../../contract/pack.ts';
import type { Sampling } from '../../contract/sampling.ts';
import type { SwinV2Config } from '../graphs/swin-v2.ts';
import { samaSidePx } from '../preprocess/sama-geometry.ts';

interface QualityNetwork {
  backbone: SwinV2Config;
  /** Vectors as long as the last stage's that the feature consists of. */
  parts: number;
  /** Of the checkpoint, for messages. */
  path: string;
}

/**
 * SAMA's samplings have 256 pixels; a backbone of another size sees resized images.
 *
 * @throws StudioError `badInput` where a sampling is asked for that the network's size does not take
 */
export function describeQualityInput(
  { backbone, parts, path }: QualityNetwork,
  sampling?: Sampling,
): NonNullable<PackNetwork['quality']> {
  const { imageSize, channels, depths } = backbone;
  if (sampling !== undefined && imageSize !== samaSidePx) {
    throw new StudioError(
      'badInput',
      `“${sampling}” gives ${samaSidePx} pixels a side and is for networks that take them; that of ${path} takes ${imageSize}.`,
      { path },
    );
  }
  const recipe = sampling ?? (imageSize === samaSidePx ? 'sama' : 'resize');
  return { recipe, sizePx: imageSize, featureLength: parts * channels * 2 ** (depths.length - 1) };
}

/** What is said of released weights that are to see images otherwise than they were trained; null where they do not. */
export function noteOnSampling(sampling: Sampling = 'sama'): string | null {
  if (sampling === 'sama') return null;
  return `The released weights were trained with SAMA; images sampled as “${sampling}” are not what they learnt from, so compare Q with ratings of your own.`;
}

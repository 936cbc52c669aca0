/** Brings a picture of any size to the 512 × 512 pixels that the features are defined on. */
import sharp from 'sharp';
import type { RgbImage } from '../images/decode.ts';
import { featureSize } from './features/workspace.ts';

/**
 * Interleaved RGB of 512 × 512: a picture of that size as it is; any other is scaled, keeping its proportions, until the shorter side
 * is 512 (Lanczos with three lobes, in the values as stored), and its middle is taken. Proportions are kept because the statistics
 * of neighbours along rows and columns would otherwise change with the format of the picture.
 */
export async function fitToSquare({ rgb, width, height }: RgbImage): Promise<Uint8Array> {
  if (width === featureSize && height === featureSize) return rgb;
  return await sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize(featureSize, featureSize, {
      fit: 'cover',
      position: 'centre',
      kernel: 'lanczos3',
      fastShrinkOnLoad: false,
    })
    .raw()
    .toBuffer();
}

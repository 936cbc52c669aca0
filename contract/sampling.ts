/** How the quality branch sees an image of any size as 256 × 256 pixels. */
import { z } from 'zod';

/**
 * `sama`: crops at the image's own scale and scaled to 256 pixels, in turns by windows (what SF-IQA was released with) · `sama-spm`: in turns
 * by patches · `fragment`: crops at the image's own scale alone.
 */
export const Sampling = z.enum(['sama', 'sama-spm', 'fragment']);
export type Sampling = z.infer<typeof Sampling>;

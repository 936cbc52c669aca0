/** Sidecars: small XMP files beside images that tell other programs their scores and MOS; written when somebody asks for it. */
import { z } from 'zod';
import { Id } from './common.ts';
import { ImageChoice } from './export-images.ts';
import { ScaleEnds } from './mos.ts';
import { PackId, Target } from './targets.ts';

/** `image`: `fox.png.xmp`, one for each file; `stem`: `fox.xmp`, which `fox.png` and `fox.jpg` would share, so that such files are left out. */
export const SidecarNaming = z.enum(['image', 'stem']);
export type SidecarNaming = z.infer<typeof SidecarNaming>;

export const SidecarExport = z.object({
  choice: ImageChoice,
  naming: SidecarNaming.default('image'),
  /** The dimension whose MOS becomes the stars of other programs (`xmp:Rating`, 1 to 5); stars stay as they are where absent. */
  rating: Target.optional(),
  /** The scale of that MOS, where the studio does not know it. */
  ratingScale: ScaleEnds.optional(),
  /** As of `ImageTable`. */
  packId: PackId.optional(),
  mosSetId: Id.optional(),
});
export type SidecarExport = z.infer<typeof SidecarExport>;
export type SidecarExportInput = z.input<typeof SidecarExport>;

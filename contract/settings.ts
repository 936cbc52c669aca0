/** Settings of a library, each with a safe default and its bounds. */
import { z } from 'zod';
import { Id } from './common.ts';
import { PackId } from './targets.ts';

export const Settings = z.object({
  /** Images with more pixels are refused from their header, without decoding. */
  maxPixels: z.int().min(1_000).max(1_000_000_000).default(64_000_000),
  /** Files with more bytes are refused without reading. */
  maxBytes: z
    .int()
    .min(1_000)
    .max(8_000_000_000)
    .default(256 * 1024 * 1024),
  colourScheme: z.enum(['auto', 'dark', 'light']).default('auto'),
  /** The pack whose scores the library shows. */
  packId: PackId.default('classic'),
  /** The MOS set whose MOS, gap and interval the library shows; the newest where null. */
  mosSetId: Id.nullable().default(null),
  /** Images that come into watched folders are scored with that pack, too. */
  scoresNew: z.boolean().default(false),
});
export type Settings = z.infer<typeof Settings>;

export const SettingsChange = z.object({
  maxPixels: Settings.shape.maxPixels.unwrap().optional(),
  maxBytes: Settings.shape.maxBytes.unwrap().optional(),
  colourScheme: Settings.shape.colourScheme.unwrap().optional(),
  packId: Settings.shape.packId.unwrap().optional(),
  mosSetId: Settings.shape.mosSetId.unwrap().optional(),
  scoresNew: Settings.shape.scoresNew.unwrap().optional(),
});
export type SettingsChange = z.infer<typeof SettingsChange>;

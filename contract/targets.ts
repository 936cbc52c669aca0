/** Targets and signals: the names of what heads predict and what packs measure. */
import { z } from 'zod';

/** The targets that every library has columns for; a study may name more. */
export const standardTargets = ['quality', 'alignment', 'overall'] as const;

/** A target or study dimension: a short lower-case word such as `quality` or `authenticity`. */
export const Target = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'Lower-case letters, digits and _; at most 40; starts with a letter.');
export type Target = z.infer<typeof Target>;

/** A signal's name: `q`, `s`, `niqe`, `colourfulness` … (the pack's manifest says what it means). */
export const SignalName = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/);

/** The id of a pack: the name of its folder. */
export const PackId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,63}$/,
    'Lower-case letters, digits and hyphens; at most 64; starts with a letter or digit.',
  );

/** The small shapes that several parts of the contract share. */
import { z } from 'zod';

/** A row id of the library's database. */
export const Id = z.int().positive();

/** Milliseconds since 1970-01-01 UTC. */
export const TimeMs = z.int().nonnegative();

/** A name a person gives: trimmed, not empty, not longer than a line. */
export const Name = z.string().trim().min(1, 'A name is needed.').max(120, 'At most 120 characters.');

/** An absolute path on the machine the engine runs on. */
export const FolderPath = z.string().min(1, 'A folder is needed.').max(4096);

/** A seed: any unsigned 32-bit integer. */
export const Seed = z.int().min(0).max(0xffffffff);

/**
 * An estimate with its 95 % interval; `method` names how the interval was made. `analytic` is the interval in closed form beside it, where
 * there is one.
 */
export const Estimate = z.object({
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.int().nonnegative(),
  method: z.string(),
  analytic: z.object({ low: z.number(), high: z.number(), method: z.string() }).optional(),
});
export type Estimate = z.infer<typeof Estimate>;

/** Why a number does not exist, in place of NaN. */
export const Undefined = z.object({ reason: z.string(), n: z.int().nonnegative() });
export type Undefined = z.infer<typeof Undefined>;

/** A number with its interval, or the reason why there is none. */
export const EstimateOrReason = z.union([Estimate, Undefined]);
export type EstimateOrReason = z.infer<typeof EstimateOrReason>;

/** A file in a folder, by its path from there: `/` between names, nothing that leads out of the folder. */
export const PathWithin = z
  .string()
  .max(4096)
  .refine(
    (path) => !/[\\\0\r\n]/.test(path) && path.split('/').every((part) => !['', '.', '..'].includes(part)),
    'leads out of the folder',
  );

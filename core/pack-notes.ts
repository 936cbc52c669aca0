/** What a library notes of a pack, whether its folder is there or not: the version of its weights, how its precision was verified, what
 * computed its numbers. */
import { z } from 'zod';
import { PackVerification, Precision, Provider } from '../contract/pack.ts';
import type { Db } from '../db/database.ts';
import { readNote, saveSetting } from '../db/settings.ts';

const PackNote = z.object({
  /** The version of the weights that stored signals and scores came from. */
  version: z.int().positive(),
  isUntrained: z.boolean(),
});
type PackNote = z.infer<typeof PackNote>;

const VerificationNote = z.object({ version: z.int(), verification: PackVerification });

export function readPackNote(db: Db, packId: string): PackNote | null {
  const note = readNote(db, `pack:${packId}`);
  return note === undefined ? null : PackNote.parse(JSON.parse(note));
}

export function savePackNote(db: Db, packId: string, note: PackNote): void {
  saveSetting(db, `pack:${packId}`, JSON.stringify(note));
}

/** How a pack's precision was verified; null where these very weights were not. */
export function readVerification(db: Db, packId: string, version: number): PackVerification | null {
  const note = readNote(db, `verification:${packId}`);
  const known = note === undefined ? null : VerificationNote.parse(JSON.parse(note));
  return known?.version === version ? known.verification : null;
}

export function saveVerification(
  db: Db,
  packId: string,
  note: { version: number; verification: PackVerification },
): void {
  saveSetting(db, `verification:${packId}`, JSON.stringify(note));
}

const UsedNote = z.object({
  runtime: z.string(),
  provider: Provider,
  precision: Precision,
  fallback: z.string().nullable().default(null),
});
type UsedNote = z.infer<typeof UsedNote>;

/** What computed a pack's newest numbers. */
export function readLastUsed(db: Db, packId: string): UsedNote | null {
  const note = readNote(db, `used:${packId}`);
  return note === undefined ? null : UsedNote.parse(JSON.parse(note));
}

export function saveLastUsed(db: Db, packId: string, used: UsedNote): void {
  saveSetting(db, `used:${packId}`, JSON.stringify(UsedNote.parse(used)));
}

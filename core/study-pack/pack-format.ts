/** The files of a study pack and of its results, as data; everything in them goes by content hashes and names that are the same on every machine. */
import { z } from 'zod';
import { PairChoice, StudyDesign } from '../../contract/studies.ts';
import { Target } from '../../contract/targets.ts';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Uid = z.string().regex(/^[0-9a-f]{32}$/);

export const Manifest = z.object({
  format: z.literal('sf-iqa-studio/study'),
  version: z.literal(1),
  study: z.object({ uid: Uid, name: z.string().min(1).max(120), version: z.int().positive() }),
  studio: z.string(),
  order: z.object({ algorithm: z.int(), seed: z.int() }),
  design: StudyDesign,
  images: z.array(
    z.object({
      sha256: Sha256,
      name: z.string(),
      prompt: z.string().nullable(),
      generator: z.string().nullable(),
      group: z.string().nullable(),
      reference: Sha256.nullable(),
    }),
  ),
  items: z.array(
    z.object({
      role: z.enum(['training', 'stabilising', 'gold', 'trap']),
      sha256: Sha256,
      dimension: z.string(),
      expected: z.number().nullable(),
      tolerance: z.number().nullable(),
    }),
  ),
});

const PackedFile = z.object({
  sha256: Sha256,
  /** Below the pack's folder `images`. */
  file: z.string().regex(/^[0-9a-f]{64}\.[a-z0-9]{1,5}$/),
  name: z.string(),
  format: z.string().nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  sizeBytes: z.int().nullable(),
  prompt: z.string().nullable(),
});
export type PackedFile = z.infer<typeof PackedFile>;

/** `study.json` of a pack. */
export const StudyPack = z.object({
  format: z.literal('sf-iqa-studio/study-pack'),
  version: z.literal(1),
  /** The frozen manifest, byte for byte, so that its hash stays the same. */
  manifest: z.string(),
  manifestHash: Sha256,
  files: z.array(PackedFile),
  raters: z.array(
    z.object({
      name: z.string().min(1).max(120),
      presentations: z.array(
        z.object({
          uid: Uid,
          sha256: Sha256,
          other: Sha256.nullable(),
          role: z.enum(['stabilising', 'main', 'gold', 'trap', 'repeat']),
        }),
      ),
    }),
  ),
});
export type StudyPack = z.infer<typeof StudyPack>;

const CastVote = z.object({
  key: z.uuid(),
  presentation: Uid,
  session: Uid,
  dimension: Target,
  shownMs: z.number().nonnegative(),
  keyMs: z.number().nonnegative().nullable(),
  pausedMs: z.number().nonnegative().nullable(),
  castAt: z.int().nonnegative(),
});

/** What was rated, from any machine. */
export const StudyResults = z.object({
  format: z.literal('sf-iqa-studio/study-results'),
  version: z.literal(1),
  study: z.object({ uid: Uid, name: z.string(), manifestHash: Sha256 }),
  sessions: z.array(
    z.object({
      uid: Uid,
      rater: z.string().min(1).max(120),
      startedAt: z.int().nonnegative(),
      endedAt: z.int().nonnegative().nullable(),
      sittingAt: z.int().nonnegative().nullable(),
      client: z.string().max(10_000),
      notes: z.array(
        z.object({
          key: z.uuid(),
          kind: z.enum(['idle', 'focusLoss', 'break', 'resize', 'zoom', 'check']),
          at: z.int().nonnegative(),
          durationMs: z.number().nonnegative(),
          detail: z.string().max(20_000),
        }),
      ),
    }),
  ),
  votes: z.array(CastVote.extend({ value: z.number() })),
  pairVotes: z.array(CastVote.extend({ choice: PairChoice })),
});
export type StudyResults = z.infer<typeof StudyResults>;

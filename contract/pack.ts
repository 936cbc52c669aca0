/** Packs: a model as data (its manifest), and what the doors show of it. */
import { z } from 'zod';
import { Id } from './common.ts';
import { HeadInputs, HeadKind } from './heads.ts';
import { PackId, SignalName, Target } from './targets.ts';

/** A file name inside the pack's folder: no path, no surprises. */
const PackFile = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);

const Figure = z.object({ srcc: z.number(), plcc: z.number() });

/** One shipped head: where its weights are, what it predicts, and what it was worth where it was judged. */
export const ShippedHead = z.object({
  name: z.string(),
  file: PackFile,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  kind: HeadKind,
  inputs: HeadInputs,
  target: Target,
  /** The range the head's values live in, e.g. MOS 0–5. */
  range: z.tuple([z.number(), z.number()]),
  /** Cross-validated figures by condition: `clean`, `resized400`, `jpeg50`, … */
  figures: z.record(z.string(), Figure),
});
export type ShippedHead = z.infer<typeof ShippedHead>;

/** A number the pack gives for an image before (or beside) any head. */
export const PackSignal = z.object({
  name: SignalName,
  label: z.string(),
  description: z.string(),
  /** Null where more is neither better nor worse. */
  higherIsBetter: z.boolean().nullable(),
  range: z.tuple([z.number().nullable(), z.number().nullable()]),
  /** `backbone`: computed from pixels; `head:<target>`: the shipped head's prediction, which retraining does not change. */
  from: z.union([z.literal('backbone'), z.templateLiteral(['head:', Target])]),
});
export type PackSignal = z.infer<typeof PackSignal>;

/** `manifest.json` of a pack's folder. */
export const PackManifest = z.object({
  format: z.literal('sfiqa-pack/1'),
  id: PackId,
  title: z.string(),
  /** Which code looks at pixels for it. */
  kind: z.enum(['naturalSceneStatistics']),
  licence: z.string(),
  summary: z.string(),
  knows: z.array(z.string()),
  doesNotKnow: z.array(z.string()),
  /** How an image becomes the backbone's input. */
  inputRecipe: z.string(),
  /** The vector heads read. A change of `version` makes stored features stale. */
  features: z.object({ version: z.int().positive(), length: z.int().positive() }),
  signals: z.array(PackSignal),
  /** Signals of SF-IQA that this pack cannot give. */
  absent: z.array(z.object({ name: SignalName, reason: z.string() })),
  heads: z.array(ShippedHead),
  /** What the heads were trained on and how: data hash, command, seed, protocol, notes. */
  training: z.record(z.string(), z.unknown()),
  sources: z.array(z.object({ title: z.string(), citation: z.string(), licence: z.string() })),
});
export type PackManifest = z.infer<typeof PackManifest>;

/** A pack as the doors show it. */
export const PackInfo = PackManifest.pick({
  id: true,
  title: true,
  kind: true,
  licence: true,
  summary: true,
  knows: true,
  doesNotKnow: true,
  inputRecipe: true,
  signals: true,
  absent: true,
  heads: true,
  sources: true,
}).extend({ activeHeads: z.record(Target, Id) });
export type PackInfo = z.infer<typeof PackInfo>;

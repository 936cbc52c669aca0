/** Packs as the doors show them: what a model is, what it knows and what it does not. */
import { z } from 'zod';
import { Id } from './common.ts';
import { PackId, SignalName, Target } from './targets.ts';

export const PackInfo = z.object({
  id: PackId,
  title: z.string(),
  kind: z.string(),
  licence: z.string(),
  summary: z.string(),
  knows: z.array(z.string()),
  doesNotKnow: z.array(z.string()),
  signals: z.array(
    z.object({
      name: SignalName,
      label: z.string(),
      description: z.string(),
      higherIsBetter: z.boolean().nullable(),
    }),
  ),
  /** Signals of SF-IQA that this pack cannot give, with the reason and the way to get them. */
  absent: z.array(z.object({ name: SignalName, reason: z.string() })),
  activeHeads: z.record(Target, Id),
});
export type PackInfo = z.infer<typeof PackInfo>;

/** Which images or pairs need votes most. */
import { loadOfImages, type StimulusRow } from '../db/studies.ts';
import { type Random, shuffle } from './maths/random.ts';
import type { StudyCore } from './studies.ts';
import type { Studio } from './studio.ts';

/** What was laid out for a rater who began longer ago than this and has no vote is given to others, too. */
const heldMs = 24 * 60 * 60 * 1000;

/** The group a person gave, else the prompt; null where there is neither. */
export function groupOf({ group_name, prompt_id }: StimulusRow): string | null {
  return group_name ?? (prompt_id === null ? null : `prompt ${prompt_id}`);
}

/**
 * What is chosen, in tiers of equal need: those with the fewest votes first. Without target and limit there is one tier with everything,
 * since then everybody is shown all.
 */
export function chooseByNeed(
  candidates: readonly { id: number; key: string }[],
  { studio, study, random }: { studio: Studio; study: StudyCore; random: Random },
): number[][] {
  const { itemsPerSitting, targetVotes } = study.design.plan.sittings;
  if (itemsPerSitting === null && targetVotes === null) return [candidates.map(({ id }) => id)];
  const loads = loadsOf(studio, study);
  const drawn = candidates.map(({ id, key }) => ({ id, load: loads.get(key) ?? 0 }));
  shuffle(drawn, random);
  const needed = drawn
    .filter(({ load }) => targetVotes === null || load < targetVotes)
    .sort((a, b) => a.load - b.load)
    .slice(0, itemsPerSitting ?? undefined);
  if (itemsPerSitting !== null) return [needed.map(({ id }) => id)];
  return [...Map.groupBy(needed, ({ load }) => load).values()].map((tier) => tier.map(({ id }) => id));
}

/** Votes that an image or a pair has, and those that are to come; what nobody was shown is not there. */
export function loadsOf(studio: Studio, study: StudyCore): Map<string, number> {
  const { itemsPerSitting } = study.design.plan.sittings;
  const loads = new Map<string, number>();
  for (const row of loadOfImages(studio.db, study.id, studio.now() - heldMs)) {
    const key = keyOf(row.image_id, row.other_image_id);
    // Where everybody is shown all, what is still open says nothing about need.
    loads.set(key, (loads.get(key) ?? 0) + row.voted + (itemsPerSitting === null ? 0 : row.open));
  }
  return loads;
}

/** Of an image, or of a pair whichever side each stands on. */
export function keyOf(a: number, b: number | null): string {
  return b === null ? String(a) : `${Math.min(a, b)} ${Math.max(a, b)}`;
}

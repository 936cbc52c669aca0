/** Lays out what a rater is shown next: which images or pairs, in which order and roles, drawn from the study's seed and the rater's name. */
import { createHash } from 'node:crypto';
import type { OrderPlan } from '../contract/study-plan.ts';
import {
  countPresentations,
  insertPresentations,
  type NewPresentation,
  presentationsOf,
} from '../db/sittings.ts';
import { type StimulusRow, stimuliOf } from '../db/studies.ts';
import { currentChoicesOf, currentVotesOf } from '../db/votes.ts';
import { chooseByNeed, groupOf } from './lay-out-need.ts';
import { layOutPairs } from './lay-out-pairs.ts';
import { createRandom, hashSeeds, type Random } from './maths/random.ts';
import {
  insertRepeats,
  type OrderedItem,
  orderItems,
  type Showing,
  spreadInto,
} from './maths/study-order.ts';
import { readItems, type StudyCore } from './studies.ts';
import type { Studio } from './studio.ts';

/** The algorithm of `lay-out.ts` and `maths/study-order.ts`; part of what is frozen. */
export const orderVersion = 1;

interface Rater {
  id: number;
  name: string;
}

/**
 * Lays out presentations where a rater has none left: all images, or the next `itemsPerSitting` of those with the fewest votes. Images
 * that have their target votes are left out. In a study that came as a pack, only what the pack assigned is shown.
 */
export function layOut(studio: Studio, study: StudyCore, rater: Rater): void {
  if (study.origin !== 'own') return;
  const { db } = studio;
  const shown = countPresentations(db, study.id, rater.id);
  const { sittings, method } = study.design.plan;
  if (shown > 0 && (sittings.itemsPerSitting === null || hasOpen(studio, study, rater.id, shown))) return;
  const known = presentationsOf(db, study.id, rater.id);
  const random = createRandom(hashSeeds(study.design.seed, seedOfName(rater.name), known.length));
  const made =
    method === 'pairs'
      ? layOutPairs(studio, study, known, random)
      : layOutImages(studio, study, known, random);
  insertPresentations(db, { studyId: study.id, raterId: rater.id }, made);
}

/** 32 bits of a rater's name, so that an order can be drawn again on any machine. */
function seedOfName(name: string): number {
  return createHash('sha256').update(name.toLowerCase()).digest().readUInt32LE(0);
}

function hasOpen({ db }: Studio, study: StudyCore, raterId: number, presentations: number): boolean {
  const given =
    study.design.plan.method === 'pairs'
      ? currentChoicesOf(db, study.id, raterId)
      : currentVotesOf(db, study.id, raterId);
  return given.length < presentations * study.design.dimensions.length;
}

type Known = ReturnType<typeof presentationsOf>;

function layOutImages(studio: Studio, study: StudyCore, known: Known, random: Random): NewPresentation[] {
  const seen = new Set(known.map(({ image_id }) => image_id));
  const stimuli = stimuliOf(studio.db, study.id);
  const fresh = stimuli.filter(({ image_id }) => !seen.has(image_id));
  const tiers = chooseByNeed(
    fresh.map(({ image_id }) => ({ id: image_id, key: String(image_id) })),
    { studio, study, random },
  );
  const byId = new Map(stimuli.map((row) => [row.image_id, row]));
  addReferences(tiers, byId, seen);
  const { order: plan } = study.design.plan;
  const ordered = tiers.flatMap((tier) =>
    orderItems(
      tier.map((id) => describeImage(byId.get(id)!)),
      plan,
      random,
    ),
  );
  if (ordered.length === 0) return [];
  const items = readItems(studio, study.id);
  const shown = repeat(ordered, plan, random).map(
    ({ item, showing }): NewPresentation => ({ imageId: item.id, role: showing === 0 ? 'main' : 'repeat' }),
  );
  const shownAs = (role: string) =>
    new Set(known.filter((row) => row.role === role).map(({ image_id }) => image_id));
  const checks = [
    ...listOnce(items.gold, shownAs('gold')).map((imageId): NewPresentation => ({ imageId, role: 'gold' })),
    ...listOnce(items.traps, shownAs('trap')).map((imageId): NewPresentation => ({ imageId, role: 'trap' })),
  ];
  return [
    ...items.stabilising.map((imageId): NewPresentation => ({ imageId, role: 'stabilising' })),
    ...spreadInto(shown, checks, random),
  ];
}

function repeat(ordered: readonly OrderedItem[], plan: OrderPlan, random: Random): Showing[] {
  const { repeatedImages: images, showings, spacing } = plan;
  return insertRepeats(ordered, { images, showings, spacing }, random);
}

function listOnce(checks: readonly { imageId: number }[], shown: ReadonlySet<number>): number[] {
  return [...new Set(checks.map(({ imageId }) => imageId))].filter((id) => !shown.has(id));
}

function describeImage(row: StimulusRow): OrderedItem {
  return { id: row.image_id, group: groupOf(row), block: row.generator };
}

/** A hidden reference is shown to everybody who is shown one of its images. */
function addReferences(tiers: number[][], byId: Map<number, StimulusRow>, seen: ReadonlySet<number>): void {
  const chosen = new Set(tiers.flat());
  for (const tier of tiers) {
    for (const id of [...tier]) {
      const reference = byId.get(id)?.reference_id ?? null;
      if (reference === null || chosen.has(reference) || seen.has(reference)) continue;
      chosen.add(reference);
      tier.push(reference);
    }
  }
}

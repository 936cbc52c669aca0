/** Lays out pairs for a rater: those that tell most, or need votes most, sides at random and swapped on repeats. */
import { pairsForStatistics } from '../db/screening.ts';
import type { NewPresentation, presentationsOf } from '../db/sittings.ts';
import { type StimulusRow, stimuliOf } from '../db/studies.ts';
import { countChoices } from './count-choices.ts';
import { chooseByNeed, groupOf, keyOf, loadsOf } from './lay-out-need.ts';
import { type Random, shuffle } from './maths/random.ts';
import type { PairCounts } from './maths/study/pair-counts.ts';
import { chooseNextPair } from './maths/study/score-pairs.ts';
import { insertRepeats, orderItems } from './maths/study-order.ts';
import type { StudyCore } from './studies.ts';
import type { Studio } from './studio.ts';

type Known = ReturnType<typeof presentationsOf>;

/** Above this many images the choice takes too long beside a rater who waits; those with the fewest votes are taken then. */
const mostImagesInformed = 60;

interface Pair {
  first: number;
  second: number;
  group: string | null;
}

/** Every pair of images that the plan compares. */
function listPairs(stimuli: readonly StimulusRow[], within: 'group' | 'all'): Pair[] {
  const groups = Map.groupBy(stimuli, (row) => (within === 'all' ? null : groupOf(row)));
  return [...groups].flatMap(([group, own]) =>
    own.flatMap((row, at) =>
      own.slice(at + 1).map((other): Pair => ({ first: row.image_id, second: other.image_id, group })),
    ),
  );
}

/** Pairs for a rater, in order, sides at random. */
export function layOutPairs(
  studio: Studio,
  study: StudyCore,
  known: Known,
  random: Random,
): NewPresentation[] {
  const { pairs: plan, order } = study.design.plan;
  const seen = new Set(known.map((row) => keyOf(row.image_id, row.other_image_id)));
  const stimuli = stimuliOf(studio.db, study.id);
  const pairs = listPairs(stimuli, plan.within);
  const candidates = pairs
    .map(({ first, second }, id) => ({ id, key: keyOf(first, second) }))
    .filter(({ key }) => !seen.has(key));
  const images = stimuli.map(({ image_id }) => image_id);
  const isInformed =
    plan.choice === 'information' &&
    study.design.plan.sittings.itemsPerSitting !== null &&
    images.length <= mostImagesInformed;
  const tiers = isInformed
    ? [chooseByInformation(candidates, { studio, study, pairs, images, random })]
    : chooseByNeed(candidates, { studio, study, random });
  const ordered = tiers.flatMap((tier) =>
    orderItems(
      tier.map((id) => ({ id, group: pairs[id]!.group, block: null })),
      order,
      random,
    ),
  );
  const isSwapped = new Map(ordered.map(({ id }) => [id, random.below(2) === 1]));
  const { repeatedImages, showings, spacing } = order;
  const shown = insertRepeats(ordered, { images: repeatedImages, showings, spacing }, random);
  return shown.map(({ item, showing }): NewPresentation => {
    const { first, second } = pairs[item.id]!;
    // Sides are swapped on every repeat, so that a liking for one side shows.
    const swaps = isSwapped.get(item.id)! !== (showing % 2 === 1);
    const role = showing === 0 ? 'main' : 'repeat';
    return { imageId: swaps ? second : first, otherImageId: swaps ? first : second, role };
  });
}

interface Informed {
  studio: Studio;
  study: StudyCore;
  pairs: readonly Pair[];
  images: readonly number[];
  random: Random;
}

/**
 * Pairs one after another, each the one whose answer is expected to tell most (`chooseNextPair`) given the answers so far. A pair that was
 * chosen, or that another rater has open, counts as half a win for each side meanwhile, so that many raters at once are not all sent to one
 * pair. Ties in gain go to a random one: images are numbered in a random order.
 */
function chooseByInformation(
  candidates: readonly { id: number; key: string }[],
  { studio, study, pairs, images, random }: Informed,
): number[] {
  const { itemsPerSitting, targetVotes } = study.design.plan.sittings;
  const loads = loadsOf(studio, study);
  const shuffled = [...images];
  shuffle(shuffled, random);
  const place = new Map(shuffled.map((id, at) => [id, at]));
  const counts = countAnswers(studio, study, place);
  const open = new Map(
    candidates
      .filter(({ key }) => targetVotes === null || (loads.get(key) ?? 0) < targetVotes)
      .map(({ id, key }) => [key, id]),
  );
  const keyAt = (i: number, j: number) => keyOf(shuffled[i]!, shuffled[j]!);
  for (const { first, second } of pairs) {
    const [i, j] = [place.get(first)!, place.get(second)!];
    const answered = answersOf(counts, i, j);
    addExpected(counts, { i, j, times: (loads.get(keyAt(i, j)) ?? 0) - answered });
  }
  const chosen: number[] = [];
  while (chosen.length < (itemsPerSitting ?? 0) && open.size > 0) {
    const next = chooseNextPair(counts, (i, j) => open.has(keyAt(i, j)));
    if (next === null) break;
    const key = keyAt(next.first, next.second);
    chosen.push(open.get(key)!);
    open.delete(key);
    addExpected(counts, { i: next.first, j: next.second, times: 1 });
  }
  return chosen;
}

function countAnswers({ db }: Studio, study: StudyCore, place: ReadonlyMap<number, number>): PairCounts {
  // Where several dimensions are asked, the first one decides.
  const answers = pairsForStatistics(db, study.id, study.design.dimensions[0]!.key);
  return countChoices(answers, place);
}

function answersOf({ items, wins, ties }: PairCounts, i: number, j: number): number {
  return wins[i * items + j]! + wins[j * items + i]! + ties[i * items + j]!;
}

/** Answers that are to come, as half a win for each. */
function addExpected(
  { items, wins }: PairCounts,
  { i, j, times }: { i: number; j: number; times: number },
): void {
  if (times <= 0) return;
  wins[i * items + j]! += times / 2;
  wins[j * items + i]! += times / 2;
}

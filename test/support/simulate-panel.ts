/** A made-up panel whose true qualities and raters are known, to see what screening finds and what recovery gains. */
import { createRandom, type Random, shuffle } from '../../core/maths/random.ts';
import { indexVotes, type Votes } from '../../core/maths/study/votes.ts';

export type RaterKind = 'honest' | 'clicker' | 'straightLiner' | 'reverser' | 'lazy';

export interface Panel {
  votes: Votes;
  kinds: RaterKind[];
  /** The true quality of every image, on the scale 1–5. */
  quality: Float64Array;
}

interface PanelPlan {
  kinds: RaterKind[];
  items: number;
  /** The share of the images that each rater votes on. */
  coverage: number;
  seed: number;
}

/**
 * ACR votes 1–5. Qualities are normal around 3, SD 0.9. An honest rater has a bias (SD 0.3), a gain (± 10 %) and an inconsistency
 * around 0.6 (0.35 to 1.05), the spread that P.910 recovers in public studies on five levels. A clicker votes at random, a
 * straight-liner gives one value but for one vote in twenty, a reverser turns the scale round, a lazy rater clicks on 40 % of the images.
 */
export function simulatePanel({ kinds, items, coverage, seed }: PanelPlan): Panel {
  const random = createRandom(seed);
  const quality = Float64Array.from({ length: items }, () =>
    Math.max(1, Math.min(5, 3 + 0.9 * random.normal())),
  );
  const rows: [item: number, rater: number, value: number][] = [];
  for (const [rater, kind] of kinds.entries()) {
    const vote = createRater(kind, random);
    for (const item of chooseItems(items, coverage, random)) rows.push([item, rater, vote(quality[item]!)]);
  }
  const votes = indexVotes({
    items,
    raters: kinds.length,
    item: Int32Array.from(rows, ([item]) => item),
    rater: Int32Array.from(rows, ([, rater]) => rater),
    value: Float64Array.from(rows, ([, , value]) => value),
  });
  return { votes, kinds, quality };
}

function chooseItems(items: number, coverage: number, random: Random): number[] {
  const all = Array.from({ length: items }, (_, item) => item);
  shuffle(all, random);
  return all.slice(0, Math.round(coverage * items));
}

function createRater(kind: RaterKind, random: Random): (quality: number) => number {
  const bias = 0.3 * random.normal();
  const gain = Math.exp(0.1 * random.normal());
  const inconsistency = Math.max(0.35, Math.min(1.05, 0.6 * Math.exp(0.25 * random.normal())));
  const honest = (quality: number) => {
    const felt = 3 + gain * (quality - 3) + bias + inconsistency * random.normal();
    return Math.max(1, Math.min(5, Math.round(felt)));
  };
  const click = () => 1 + random.below(5);
  const habit = 2 + random.below(3);
  const kindly: Record<RaterKind, (quality: number) => number> = {
    honest,
    clicker: click,
    straightLiner: () => (random.next() < 0.05 ? click() : habit),
    reverser: (quality) => 6 - honest(quality),
    lazy: (quality) => (random.next() < 0.4 ? click() : honest(quality)),
  };
  return kindly[kind];
}

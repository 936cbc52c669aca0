/** How many bad raters of simulated panels the best possible test of votes finds: the bound of docs/decisions/0013-simulated-panels.md. */
import { normalCdf } from '../core/maths/distributions.ts';
import { createRandom } from '../core/maths/random.ts';
import { placesOf } from '../core/maths/study/votes.ts';
import { type Panel, type RaterKind, simulatePanel } from '../test/support/simulate-panel.ts';

const sizes = [3, 4, 5, 8, 12, 16, 20, 24];
const coverages = [0.3, 0.5, 0.75, 1];
const badKinds = ['clicker', 'straightLiner', 'reverser', 'lazy'] as const;
/** Honest raters that may be flagged: 0.3 in 20. */
const honestShare = 0.015;

/** Qualities from 1 to 5 with what panels are made of: normal around 3, SD 0.9, cut off at the ends. */
const qualities = Array.from({ length: 61 }, (_, at) => 1 + at / 15);
const priors = qualities.map((quality, at) => {
  const below = at === 0 ? 0 : normalCdf((quality - 1 / 30 - 3) / 0.9);
  const upTo = at === qualities.length - 1 ? 1 : normalCdf((quality + 1 / 30 - 3) / 0.9);
  return upTo - below;
});

/** Of so many honest raters drawn as panels draw them: the chance of each of the five votes, by quality. */
const random = createRandom(99);
const honestRaters = Array.from({ length: 600 }, () => {
  const bias = 0.3 * random.normal();
  const gain = Math.exp(0.1 * random.normal());
  const inconsistency = Math.max(0.35, Math.min(1.05, 0.6 * Math.exp(0.25 * random.normal())));
  return qualities.map((quality) => {
    const upTo = [1.5, 2.5, 3.5, 4.5].map((edge) =>
      normalCdf((edge - 3 - gain * (quality - 3) - bias) / inconsistency),
    );
    return [...upTo, 1].map((chance, at) => Math.max(1e-12, chance - (upTo[at - 1] ?? 0)));
  });
});
const anyHonest = qualities.map((_, at) =>
  [0, 1, 2, 3, 4].map((vote) => honestRaters.reduce((sum, of) => sum + of[at]![vote]!, 0) / 600),
);

/** ln of the mean of e^x. */
function logMean(values: readonly number[]): number {
  const most = Math.max(...values);
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0) / values.length);
}

/** What the others' votes, of raters whose kinds are known, say of an image's quality; or the quality itself. */
function weighQualities({ votes, kinds, quality }: Panel, at: number, isKnown: boolean): number[] {
  const item = votes.item[at]!;
  if (isKnown) {
    const nearest = Math.round(15 * (quality[item]! - 1));
    return qualities.map((_, place) => (place === nearest ? 1 : 0));
  }
  const weights = priors.slice();
  for (let other = votes.itemStarts[item]!; other < votes.itemStarts[item + 1]!; other += 1) {
    const rater = votes.rater[other]!;
    const vote = votes.value[other]! - 1;
    if (rater === votes.rater[at]) continue;
    for (const [place, chances] of anyHonest.entries()) {
      const chanceBy: Record<RaterKind, number> = {
        ...{ honest: chances[vote]!, reverser: chances[4 - vote]!, lazy: 0.08 + 0.6 * chances[vote]! },
        ...{ clicker: 1, straightLiner: 1 },
      };
      weights[place]! *= chanceBy[kinds[rater]!];
    }
  }
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** ln of how much likelier a rater's votes are of one of the four bad kinds, each as likely, than of an honest one. */
function judge(panel: Panel, rater: number, isKnown: boolean): number {
  const seen = Array.from(placesOf(panel.votes, rater), (at) => ({
    vote: panel.votes.value[at]! - 1,
    weights: weighQualities(panel, at, isKnown),
  }));
  const byParameters = honestRaters.map((chances) => {
    const sums = { honest: 0, reverser: 0, lazy: 0 };
    for (const { vote, weights } of seen) {
      let [own, turned] = [0, 0];
      for (const [place, weight] of weights.entries()) {
        if (weight < 1e-6) continue;
        own += weight * chances[place]![vote]!;
        turned += weight * chances[place]![4 - vote]!;
      }
      sums.honest += Math.log(own);
      sums.reverser += Math.log(turned);
      sums.lazy += Math.log(0.08 + 0.6 * own);
    }
    return sums;
  });
  const straight = [1, 2, 3].map((habit) =>
    seen.reduce((sum, { vote }) => sum + Math.log((vote === habit ? 0.95 : 0) + 0.01), 0),
  );
  const bad = logMean([
    -seen.length * Math.log(5),
    logMean(straight),
    logMean(byParameters.map(({ reverser }) => reverser)),
    logMean(byParameters.map(({ lazy }) => lazy)),
  ]);
  return bad - logMean(byParameters.map(({ honest }) => honest));
}

interface Judged {
  ratio: number;
  kind: RaterKind;
  coverage: number;
}

function judgePanels(isKnown: boolean, { items, runs }: { items: number; runs: number }): Judged[] {
  const mixes = coverages.flatMap((coverage) =>
    sizes.flatMap((raters) => (['honest', ...badKinds] as const).map((bad) => ({ coverage, raters, bad }))),
  );
  return mixes.flatMap(({ coverage, raters, bad }) =>
    Array.from({ length: runs }, (_, run) => {
      const count = Math.max(1, Math.floor(raters / 5));
      const kinds = Array.from({ length: raters }, (_, i): RaterKind => (i < count ? bad : 'honest'));
      const panel = simulatePanel({
        kinds,
        items,
        coverage,
        seed: 7e6 + 1000 * raters + 100 * coverage + run,
      });
      return kinds.map((kind, rater) => ({ ratio: judge(panel, rater, isKnown), kind, coverage }));
    }).flat(),
  );
}

function describe(judged: readonly Judged[]): string {
  const honest = judged.filter(({ kind }) => kind === 'honest').sort((a, b) => b.ratio - a.ratio);
  const limit = honest[Math.floor(honestShare * honest.length)]!.ratio;
  const found = (isMeant: (one: Judged) => boolean) => {
    const bad = judged.filter((one) => one.kind !== 'honest' && isMeant(one));
    return `${((100 * bad.filter(({ ratio }) => ratio > limit).length) / bad.length).toFixed(1)} %`;
  };
  return [
    `all ${found(() => true)}`,
    ...badKinds.map((kind) => `${kind} ${found((one) => one.kind === kind)}`),
    ...coverages.map((coverage) => `at ${coverage} ${found((one) => one.coverage === coverage)}`),
  ].join(', ');
}

const [items = 60, runs = 2] = process.argv.slice(2).map(Number);
console.log(`Bad raters found of panels of ${items} images, 0.3 honest ones in 20 flagged:`);
console.log(`  qualities from the others’ votes: ${describe(judgePanels(false, { items, runs }))}`);
console.log(`  qualities known: ${describe(judgePanels(true, { items, runs }))}`);

/** The default estimate of quality: P.910's recovery where it can be trusted, else means without the raters' biases, and it says which. */
import { z975 } from '../intervals.ts';
import { removeBias } from './bias-removal.ts';
import { measureNoiseDifference } from './differ-in-noise.ts';
import { measureOpinion } from './opinion.ts';
import { findCollapsed, medianInconsistency, projectVotes } from './projection.ts';
import { countVotesOf, listPresent, placesOf, type Votes } from './votes.ts';

export interface Recovery {
  method: 'projection' | 'biasRemoval' | 'mean';
  /** Why this method, in a sentence. */
  why: string;
  /** One entry an image, in units of the scale; NaN without votes. */
  quality: Float64Array;
  /** Half of the 95 % interval; NaN where there is none. */
  half: Float64Array;
  /** One entry a rater; NaN without votes. */
  bias: Float64Array;
  /** One entry a rater; null where it was not recovered. */
  inconsistency: Float64Array | null;
}

/**
 * Below this many raters an image the likelihood of P.910 runs away towards a single rater too often: on random raters of real
 * studies in 99 % of the cases with 3 raters, 48 % with 6, 5 % with 8, never from 10 on.
 */
export const fewestRatersAnImage = 8;

/**
 * How many times the differences that chance alone gives the raters' true ones have to be: weights are estimated too, and what they add in
 * noise is about what they take away at two times. Simulated panels (docs/decisions/0013-simulated-panels.md) put it at three.
 */
const leastDifference = 3;

/**
 * P.910 Annex E (`projectVotes`), guarded: with one rater there is nothing to recover (`mean`); where raters fall into groups without
 * a common image, where half of the images have fewer than 8 raters, where an inconsistency collapses, where a rater who does not follow the
 * quality would weigh much, or where the raters are about equally consistent, the means without bias (P.913 §12.4) are given instead.
 *
 * @param nameOf what a rater is called in `why`
 */
export function recoverQuality(
  votes: Votes,
  nameOf: (rater: number) => string = (rater) => `rater ${rater + 1}`,
): Recovery {
  const guard = whyNotProject(votes);
  if (guard !== null) return guard;
  const { quality, qualitySd, bias, inconsistency } = projectVotes(votes);
  const collapsed = findCollapsed(inconsistency);
  if (collapsed.length > 0) {
    const whose = collapsed.map(nameOf).join(', ');
    return withoutBias(
      votes,
      `The inconsistency of ${whose} collapsed: the recovery would follow hardly anybody else.`,
    );
  }
  const flat = findFlat(votes, quality, inconsistency);
  if (flat.length > 0) {
    const who = flat.map(nameOf).join(', ');
    return withoutBias(
      votes,
      `The votes of ${who} hardly follow the quality, yet would weigh more than most in the recovery.`,
    );
  }
  const { between, byChance } = measureNoiseDifference(votes);
  if (between < leastDifference * byChance) {
    return withoutBias(
      votes,
      'The raters are about equally consistent, as far as so many votes tell: weights would add more noise than they take away.',
    );
  }
  return {
    method: 'projection',
    why: 'Recovered with the bias and inconsistency of every rater (ITU-T P.910 Annex E).',
    quality,
    // One vote has residuals, but no spread to tell.
    half: qualitySd.map((sd, j) =>
      votes.itemStarts[j + 1]! - votes.itemStarts[j]! < 2 ? Number.NaN : z975 * sd,
    ),
    bias,
    inconsistency,
  };
}

/**
 * Raters whose votes rise by less than half a step for a step of quality, though their inconsistency is below the median: P.910 has no
 * gain in its model, so that where qualities are close a straight-liner looks consistent.
 */
function findFlat(votes: Votes, quality: Float64Array, inconsistency: Float64Array): number[] {
  const typical = medianInconsistency(inconsistency);
  return [...inconsistency.keys()].filter(
    (i) => inconsistency[i]! < typical && slopeOn(votes, quality, i) < 0.5,
  );
}

function slopeOn(votes: Votes, quality: Float64Array, rater: number): number {
  const places = placesOf(votes, rater);
  let middle = 0;
  for (const at of places) middle += quality[votes.item[at]!]! / places.length;
  let product = 0;
  let square = 0;
  for (const at of places) {
    const away = quality[votes.item[at]!]! - middle;
    product += away * votes.value[at]!;
    square += away * away;
  }
  return product / square;
}

function whyNotProject(votes: Votes): Recovery | null {
  const present = listPresent(votes).length;
  if (present < 2) {
    const { mean, half } = measureOpinion(votes);
    const bias = Float64Array.from({ length: votes.raters }, (_, i) =>
      countVotesOf(votes, i) === 0 ? Number.NaN : 0,
    );
    const why =
      present === 0 ? 'There are no votes.' : 'With one rater, bias and quality cannot be told apart.';
    return { method: 'mean', why, quality: mean, half, bias, inconsistency: null };
  }
  const groups = countGroups(votes);
  if (groups > 1) {
    return withoutBias(
      votes,
      `The raters fall into ${groups} groups that share no image: biases cannot be compared between groups.`,
    );
  }
  const raters = medianRaters(votes);
  if (raters >= fewestRatersAnImage) return null;
  return withoutBias(
    votes,
    `Half of the images have ${raters} raters or fewer; the recovery of P.910 needs ${fewestRatersAnImage} to be safe.`,
  );
}

function withoutBias(votes: Votes, reason: string): Recovery {
  const { bias, scores } = removeBias(votes);
  return {
    method: 'biasRemoval',
    why: `${reason} Means without the raters' biases are given instead (ITU-T P.913 §12.4).`,
    quality: scores.mean,
    half: scores.half,
    bias,
    inconsistency: null,
  };
}

/** The lower median, over images with votes, of the number of raters. */
function medianRaters(votes: Votes): number {
  const counts: number[] = [];
  for (let j = 0; j < votes.items; j += 1) {
    let count = 0;
    for (let at = votes.itemStarts[j]!; at < votes.itemStarts[j + 1]!; at += 1) {
      if (at === votes.itemStarts[j] || votes.rater[at] !== votes.rater[at - 1]) count += 1;
    }
    if (count > 0) counts.push(count);
  }
  return counts.sort((a, b) => a - b)[Math.floor((counts.length - 1) / 2)]!;
}

/** Groups of raters joined by common images (union–find). */
function countGroups(votes: Votes): number {
  const parent = Int32Array.from({ length: votes.raters }, (_, i) => i);
  const find = (i: number): number => {
    let root = i;
    while (parent[root] !== root) root = parent[root]!;
    parent[i] = root;
    return root;
  };
  for (let at = 1; at < votes.item.length; at += 1) {
    if (votes.item[at] === votes.item[at - 1]) parent[find(votes.rater[at]!)] = find(votes.rater[at - 1]!);
  }
  const roots = new Set<number>();
  for (const i of new Set(votes.rater)) roots.add(find(i));
  return roots.size;
}

/** Screening of raters by ITU-R BT.500-14 (A1-2.3.1): who is often far from the others, and to both sides. */
import { countVotesOf, type Votes } from './votes.ts';

/**
 * `recommendation`: sample SD, and images on which all agree are skipped. `reference`: what Netflix's sureal does: population SD, and
 * images on which all agree give everybody one P and one Q.
 */
export interface Bt500Options {
  variant: 'recommendation' | 'reference';
  /** What P + Q is a share of: the images that the rater rated, which is fair under partial coverage, or all images, as in sureal. */
  share: 'own' | 'all';
}

/** One entry a rater, apart from the last three. NaN: no votes (`share`), never far out (`balance`). */
export interface Bt500 {
  above: Int32Array;
  below: Int32Array;
  /** (P + Q) / images; rejected above 0.05 … */
  share: Float64Array;
  /** … where |P − Q| / (P + Q) is below 0.3: a rater who is far out to one side only has a bias, not bad eyes. */
  balance: Float64Array;
  rejected: Uint8Array;
  /** β₂ of every image, m₄ / m₂²; NaN where it was skipped. */
  kurtosis: Float64Array;
  /** Images on which rounding alone decides a P, a Q or the choice of the limit. */
  borderlineImages: number;
}

const nearly = 1e-9;

/**
 * For every image, k = 2 where 2 ≤ β₂ ≤ 4, else √20; P counts votes at or above mean + k·SD, Q at or below mean − k·SD. Nobody is
 * rejected where everybody would be.
 */
export function screenBt500(votes: Votes, options: Bt500Options): Bt500 {
  const literal = options.variant === 'reference';
  const above = new Int32Array(votes.raters);
  const below = new Int32Array(votes.raters);
  const kurtosis = new Float64Array(votes.items).fill(Number.NaN);
  let borderlineImages = 0;
  for (let j = 0; j < votes.items; j += 1) {
    const from = votes.itemStarts[j]!;
    const to = votes.itemStarts[j + 1]!;
    if (to === from || (!literal && to - from < 2)) continue;
    const { mean, m2, m4 } = centralMoments(votes.value, from, to);
    if (m2 === 0 && !literal) continue;
    const beta = m2 === 0 ? Number.NaN : m4 / (m2 * m2);
    kurtosis[j] = beta;
    const k = beta >= 2 && beta <= 4 ? 2 : Math.sqrt(20);
    const sd = Math.sqrt(literal ? m2 : (m2 * (to - from)) / (to - from - 1));
    let isBorderline = Math.abs(beta - 2) < nearly || Math.abs(beta - 4) < nearly;
    for (let at = from; at < to; at += 1) {
      const distance = votes.value[at]! - mean;
      if (distance >= k * sd) above[votes.rater[at]!]! += 1;
      if (distance <= -k * sd) below[votes.rater[at]!]! += 1;
      if (m2 > 0 && Math.abs(Math.abs(distance) - k * sd) < nearly) isBorderline = true;
    }
    if (isBorderline) borderlineImages += 1;
  }
  return { above, below, ...decide(votes, above, below, options), kurtosis, borderlineImages };
}

function decide(
  votes: Votes,
  above: Int32Array,
  below: Int32Array,
  { share: shareOf }: Bt500Options,
): Pick<Bt500, 'share' | 'balance' | 'rejected'> {
  const share = new Float64Array(votes.raters);
  const balance = new Float64Array(votes.raters);
  const rejected = new Uint8Array(votes.raters);
  let present = 0;
  let out = 0;
  for (let i = 0; i < votes.raters; i += 1) {
    const images = countVotesOf(votes, i);
    const far = above[i]! + below[i]!;
    share[i] = images === 0 ? Number.NaN : far / (shareOf === 'own' ? images : votes.items);
    balance[i] = far === 0 ? Number.NaN : Math.abs(above[i]! - below[i]!) / far;
    rejected[i] = share[i]! > 0.05 && balance[i]! < 0.3 ? 1 : 0;
    present += images === 0 ? 0 : 1;
    out += rejected[i]!;
  }
  if (out === present) rejected.fill(0);
  return { share, balance, rejected };
}

/** With divisor n. Exactly 0 where all values are the same. */
function centralMoments(
  values: Float64Array,
  from: number,
  to: number,
): { mean: number; m2: number; m4: number } {
  const n = to - from;
  const origin = values[from]!;
  let sum = 0;
  for (let at = from; at < to; at += 1) sum += values[at]! - origin;
  const mean = origin + sum / n;
  let m2 = 0;
  let m4 = 0;
  for (let at = from; at < to; at += 1) {
    const square = (values[at]! - mean) ** 2;
    m2 += square;
    m4 += square * square;
  }
  return { mean, m2: m2 / n, m4: m4 / n };
}

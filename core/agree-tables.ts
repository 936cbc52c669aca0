/** The paper's tables on the user's data: generator tiers (Table 1), branches and fusion (Table 2), ranking by main score (Table 5). */

import type { MosChoice } from '../contract/agreement.ts';
import type {
  AblationOrder,
  AblationTable,
  CompareScores,
  PairedDifference,
  Ranking,
  RankingOrder,
  Tier,
  TierOrder,
  TierTable,
} from '../contract/agreement-tables.ts';
import { StudioError } from '../contract/errors.ts';
import { activeHeads } from '../db/heads.ts';
import { measureCeiling, type Pairs, pairWith, pickPairs, readMos, scorePairs } from './agree.ts';
import type { MosColumns } from './compute/mos-columns.ts';
import { listPredictionChoices } from './predictions.ts';
import type { Studio } from './studio.ts';

/** a − b on the images that have both, with paired intervals and tests. */
export async function compareScores(studio: Studio, order: CompareScores): Promise<PairedDifference> {
  const all = await readMos(studio, order);
  const [a, b] = await Promise.all([pairWith(studio, order.a, all), pairWith(studio, order.b, all)]);
  return await difference(studio, a, b);
}

/** a − b of two scores that were paired with the same rows. */
async function difference(studio: Studio, a: Pairs, b: Pairs): Promise<PairedDifference> {
  const first = narrowToShared(a, b);
  const second = narrowToShared(b, a);
  return await studio.compute.run('compare', {
    a: first.upward,
    b: second.upward,
    mos: first.mos,
    groups: first.groups,
    names: [`“${a.label}”`, `“${b.label}”`],
  });
}

/** The pairs of images that all the others have, too. */
function narrowToShared(pairs: Pairs, ...others: Pairs[]): Pairs {
  const known = others.map(({ imageIds }) => new Set(imageIds));
  return pickPairs(pairs, (at) => known.every((ids) => ids.has(pairs.imageIds[at]!)));
}

function keyOf(generator: string): string {
  return generator.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** Table 1: every score on all images and on each tier of generators. */
export async function measureTiers(studio: Studio, order: TierOrder): Promise<TierTable> {
  const all = await readMos(studio, order);
  const tierOf = assignTiers(all.generators, order.tiers);
  const tierAt = ({ generators, generatorOf }: MosColumns, at: number) =>
    tierOf.get(generators[generatorOf[at]!]!);
  const counts = countBy(all.generatorOf);
  const measure = async (pairs: Pairs) => await studio.compute.run('coefficients', scorePairs(pairs));
  const rows = order.predictions.map(async (prediction) => {
    const pairs = await pairWith(studio, prediction, all);
    const [whole, ...byTier] = await Promise.all([
      measure(pairs),
      ...order.tiers.map((_, tier) => measure(pickPairs(pairs, (at) => tierAt(pairs, at) === tier))),
    ]);
    const { label, missing } = pairs;
    return { prediction, label, missingPrediction: missing, all: whole, byTier };
  });
  return {
    tiers: order.tiers.map(({ name, generators }, tier) => ({
      name,
      generators,
      images: [...counts].reduce(
        (sum, [generator, images]) => sum + (tierOf.get(all.generators[generator]!) === tier ? images : 0),
        0,
      ),
    })),
    leftOver: [...counts].flatMap(([at, images]) => {
      const generator = all.generators[at]!;
      return tierOf.has(generator) ? [] : [{ generator, images }];
    }),
    // First: where the question is withdrawn, these reject, and what nobody waits for then would end the engine.
    rows: await Promise.all(rows),
    humanCeiling: await measureCeiling(studio, order),
  };
}

/** How often each value comes, in the order in which they first come. */
function countBy(values: Int32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** The number of each generator's tier. @throws StudioError `badInput` for a generator in two tiers */
export function assignTiers(
  all: readonly (string | null)[],
  tiers: readonly Tier[],
): Map<string | null, number> {
  const byKey = new Map<string, number>();
  for (const [tier, { name, generators }] of tiers.entries()) {
    for (const generator of generators) {
      const before = byKey.get(keyOf(generator));
      if (before !== undefined && before !== tier) {
        throw new StudioError(
          'badInput',
          `“${generator}” is in the tier “${tiers[before]!.name}” and in “${name}”.`,
        );
      }
      byKey.set(keyOf(generator), tier);
    }
  }
  const known = all.filter((generator) => generator !== null && byKey.has(keyOf(generator)));
  return new Map(known.map((generator) => [generator, byKey.get(keyOf(generator!))!]));
}

/**
 * Table 2: Q alone, S alone, their mean, and the fusion network, on the images that have all of them.
 *
 * @throws StudioError `unsupported` where the pack has no Q, no S or no fusion
 */
export async function measureAblation(studio: Studio, order: AblationOrder): Promise<AblationTable> {
  const fusionId = order.headId ?? findFusion(studio, order.packId);
  const { packId } = order;
  const parts = [
    {
      prediction: { kind: 'head', headId: fusionId },
      label: 'Score fusion',
      usesQuality: true,
      usesSimilarity: true,
      usesFusion: true,
    },
    {
      prediction: { kind: 'signal', packId, signal: 'q' },
      label: 'Quality',
      usesQuality: true,
      usesSimilarity: false,
      usesFusion: false,
    },
    {
      prediction: { kind: 'signal', packId, signal: 's' },
      label: 'Similarity',
      usesQuality: false,
      usesSimilarity: true,
      usesFusion: false,
    },
    {
      prediction: { kind: 'mean', packId },
      label: 'Mean of Q and S',
      usesQuality: true,
      usesSimilarity: true,
      usesFusion: false,
    },
  ] as const;
  const all = await readMos(studio, order);
  const each = await Promise.all(parts.map(({ prediction }) => pairWith(studio, prediction, all)));
  const shared = each.map((pairs) => narrowToShared(pairs, ...each));
  const rows = parts.map(async (part, at) => {
    const [coefficients, gain] = await Promise.all([
      studio.compute.run('coefficients', scorePairs(shared[at]!)),
      part.usesFusion ? null : difference(studio, shared[0]!, shared[at]!),
    ]);
    return { ...part, coefficients, difference: gain };
  });
  return {
    images: shared[0]!.imageIds.length,
    rows: await Promise.all(rows),
    humanCeiling: await measureCeiling(studio, order),
  };
}

/** The active head that reads signals; the fusion of a pack that has one. @throws StudioError `unsupported` where there is none */
export function findFusion(studio: Studio, packId: string): number {
  const heads = activeHeads(studio.db, packId).filter(({ inputs }) => inputs === 'signals');
  const head = heads.find(({ target }) => target === 'overall') ?? heads[0];
  if (head !== undefined) return head.id;
  throw new StudioError(
    'unsupported',
    'This pack has no fusion of Q and S in use: add SF-IQA, or train a head on signals and use it.',
    { packId },
  );
}

/** Table 5: all scores by main score, each with what the best one is ahead by on the images that both have. */
export async function rankScores(studio: Studio, order: RankingOrder): Promise<Ranking> {
  const all = await readMos(studio, order);
  const given =
    order.predictions ?? (await listPredictionChoices(studio)).map(({ prediction }) => prediction);
  const each = await Promise.all(
    given.map(async (prediction) => ({ prediction, ...(await pairWith(studio, prediction, all)) })),
  );
  const pairs = each.filter(({ imageIds }) => order.predictions !== undefined || imageIds.length > 0);
  const measured = await Promise.all(
    pairs.map(async (one) => ({
      pairs: one,
      coefficients: await studio.compute.run('coefficients', scorePairs(one)),
    })),
  );
  const main = ({ coefficients: { mainScore } }: (typeof measured)[number]) =>
    'value' in mainScore ? mainScore.value : Number.NEGATIVE_INFINITY;
  measured.sort((a, b) => main(b) - main(a));
  const rows = await Promise.all(
    measured.map(async ({ pairs: one, coefficients }, at) => ({
      rank: at + 1,
      prediction: one.prediction,
      label: one.label,
      missingPrediction: one.missing,
      coefficients,
      difference: at === 0 ? null : await difference(studio, measured[0]!.pairs, one),
    })),
  );
  return { humanCeiling: await measureCeiling(studio, order satisfies MosChoice), rows };
}

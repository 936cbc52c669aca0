/** The paper's tables on the user's data: generator tiers (Table 1), branches and fusion (Table 2), ranking by main score (Table 5). */

import type { MosChoice, Prediction } from '../contract/agreement.ts';
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
import type { MosRowWithName } from '../db/mos.ts';
import {
  measureCeiling,
  narrowPairs,
  type Pairs,
  pairWith,
  promptGroups,
  readMosOf,
  scorePairs,
} from './agree.ts';
import { listPredictionChoices, readPrediction } from './predictions.ts';
import type { Studio } from './studio.ts';

/** a − b on the images that have both, with paired intervals and tests. */
export async function compareScores(studio: Studio, order: CompareScores): Promise<PairedDifference> {
  return await difference(studio, readMosOf(studio, order), order.a, order.b);
}

async function difference(
  studio: Studio,
  all: readonly MosRowWithName[],
  a: Prediction,
  b: Prediction,
): Promise<PairedDifference> {
  const first = readPrediction(studio, a);
  const second = readPrediction(studio, b);
  const rows = all.filter((row) => first.values.has(row.image_id) && second.values.has(row.image_id));
  const column = ({ values, higherIsBetter }: typeof first) =>
    Float64Array.from(rows, (row) => (higherIsBetter ? 1 : -1) * values.get(row.image_id)!);
  return await studio.compute.run('compare', {
    a: column(first),
    b: column(second),
    mos: Float64Array.from(rows, (row) => row.mean),
    groups: promptGroups(rows),
    names: [`“${first.label}”`, `“${second.label}”`],
  });
}

function keyOf(generator: string): string {
  return generator.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** Table 1: every score on all images and on each tier of generators. */
export async function measureTiers(studio: Studio, order: TierOrder): Promise<TierTable> {
  const all = readMosOf(studio, order);
  const tierOf = assignTiers(all, order.tiers);
  const leftOver = Map.groupBy(
    all.filter((row) => !tierOf.has(row.generator)),
    (row) => row.generator,
  );
  const measure = async (pairs: Pick<Pairs, 'rows' | 'upward' | 'mos'>) =>
    await studio.compute.run('coefficients', scorePairs(pairs));
  const rows = order.predictions.map(async (prediction) => {
    const pairs = pairWith(studio, prediction, all);
    const [whole, ...byTier] = await Promise.all([
      measure(pairs),
      ...order.tiers.map((_, tier) =>
        measure(narrowPairs(pairs, (row) => tierOf.get(row.generator) === tier)),
      ),
    ]);
    const { label, missing } = pairs;
    return { prediction, label, missingPrediction: missing, all: whole, byTier };
  });
  return {
    tiers: order.tiers.map(({ name, generators }, tier) => ({
      name,
      generators,
      images: all.filter((row) => tierOf.get(row.generator) === tier).length,
    })),
    leftOver: [...leftOver].map(([generator, some]) => ({ generator, images: some.length })),
    // First: where the question is withdrawn, these reject, and what nobody waits for then would end the engine.
    rows: await Promise.all(rows),
    humanCeiling: await measureCeiling(studio, order),
  };
}

/** The number of each generator's tier. @throws StudioError `badInput` for a generator in two tiers */
export function assignTiers(
  rows: readonly MosRowWithName[],
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
  const known = [...new Set(rows.map((row) => row.generator))].filter(
    (generator) => generator !== null && byKey.has(keyOf(generator)),
  );
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
  const values = parts.map(({ prediction }) => readPrediction(studio, prediction).values);
  const shared = readMosOf(studio, order).filter((row) => values.every((one) => one.has(row.image_id)));
  const rows = parts.map(async (part) => {
    const pairs = pairWith(studio, part.prediction, shared);
    const [coefficients, gain] = await Promise.all([
      studio.compute.run('coefficients', scorePairs(pairs)),
      part.usesFusion ? null : difference(studio, shared, parts[0].prediction, part.prediction),
    ]);
    return { ...part, coefficients, difference: gain };
  });
  return {
    images: shared.length,
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
  const all = readMosOf(studio, order);
  const given = order.predictions ?? listPredictionChoices(studio).map(({ prediction }) => prediction);
  const pairs = given
    .map((prediction) => ({ prediction, ...pairWith(studio, prediction, all) }))
    .filter(({ rows }) => order.predictions !== undefined || rows.length > 0);
  const measured = await Promise.all(
    pairs.map(async (one) => ({
      prediction: one.prediction,
      label: one.label,
      missingPrediction: one.missing,
      coefficients: await studio.compute.run('coefficients', scorePairs(one)),
    })),
  );
  const main = ({ coefficients: { mainScore } }: (typeof measured)[number]) =>
    'value' in mainScore ? mainScore.value : Number.NEGATIVE_INFINITY;
  measured.sort((a, b) => main(b) - main(a));
  const rows = await Promise.all(
    measured.map(async (one, at) => ({
      rank: at + 1,
      ...one,
      difference: at === 0 ? null : await difference(studio, all, measured[0]!.prediction, one.prediction),
    })),
  );
  return { humanCeiling: await measureCeiling(studio, order satisfies MosChoice), rows };
}

/** The agree stage: pairs predictions with MOS, measures how far they agree, and finds where they differ most. */
import type {
  Agreement,
  AgreementPoints,
  Comparison,
  Disagreement,
  Prediction,
  PredictionChoice,
} from '../contract/agreement.ts';
import { StudioError } from '../contract/errors.ts';
import { countSignals, readSignal } from '../db/features.ts';
import { countScores, listHeads, readScores } from '../db/heads.ts';
import { readCards } from '../db/image-list.ts';
import { type MosRowWithName, mosRows } from '../db/mos.ts';
import { votesForCeiling } from '../db/votes.ts';
import { getHeadRow } from './heads.ts';
import { getMosSet } from './mos-sets.ts';
import { getPack, whyNotShown } from './packs.ts';
import type { Studio } from './studio.ts';

/** Heads with scores and signals with values: what can be compared with MOS. */
export function listPredictionChoices(studio: Studio): PredictionChoice[] {
  const counts = countScores(studio.db);
  const isShown = ({ pack_id: packId }: { pack_id: string }) => whyNotShown(studio, packId) === null;
  const heads = listHeads(studio.db)
    .filter(isShown)
    .map(
      (head): PredictionChoice => ({
        prediction: { kind: 'head', headId: head.id },
        label: head.name,
        target: head.target,
        isActive: head.is_active === 1,
        higherIsBetter: true,
        images: counts.get(head.id) ?? 0,
      }),
    );
  const signals = countSignals(studio.db)
    .filter(isShown)
    .map(({ pack_id: packId, name, images }): PredictionChoice => {
      const about = studio.packs.get(packId)?.manifest.signals.find((signal) => signal.name === name);
      return {
        prediction: { kind: 'signal', packId, signal: name },
        label: about?.label ?? name,
        target: null,
        isActive: false,
        higherIsBetter: about?.higherIsBetter ?? true,
        images,
      };
    });
  return [...heads, ...signals].filter(({ images }) => images > 0);
}

interface Pairs {
  rows: MosRowWithName[];
  predicted: Float64Array;
  mos: Float64Array;
  missing: number;
  higherIsBetter: boolean;
}

function collectPairs(studio: Studio, comparison: Comparison): Pairs {
  getMosSet(studio, comparison.mosSetId);
  const { values, higherIsBetter } = readPrediction(studio, comparison.prediction);
  const all = mosRows(studio.db, comparison.mosSetId).filter((row) => row.dimension === comparison.dimension);
  const rows = all.filter((row) => values.has(row.image_id));
  return {
    rows,
    predicted: Float64Array.from(rows, (row) => values.get(row.image_id)!),
    mos: Float64Array.from(rows, (row) => row.mean),
    missing: all.length - rows.length,
    higherIsBetter,
  };
}

function readPrediction(
  studio: Studio,
  prediction: Prediction,
): { values: Map<number, number>; higherIsBetter: boolean } {
  if (prediction.kind === 'head') {
    refuseUnshown(studio, getHeadRow(studio, prediction.headId).pack_id);
    return { values: new Map(readScores(studio.db, prediction.headId)), higherIsBetter: true };
  }
  const { packId, signal } = prediction;
  refuseUnshown(studio, packId);
  const about = getPack(studio, packId).manifest.signals.find(({ name }) => name === signal);
  if (about === undefined)
    throw new StudioError('notFound', `The pack ${packId} has no signal “${signal}”.`, { packId, signal });
  return {
    values: new Map(readSignal(studio.db, packId, signal)),
    higherIsBetter: about.higherIsBetter ?? true,
  };
}

function refuseUnshown(studio: Studio, packId: string): void {
  const reason = whyNotShown(studio, packId);
  if (reason !== null) throw new StudioError('unsupported', reason, { packId });
}

/**
 * Coefficients with 95 % intervals, overall and by generator, and the human ceiling. For a signal of which less is better
 * (NIQE) the sign is turned first, so that agreement is positive.
 */
export async function measureComparison(studio: Studio, comparison: Comparison): Promise<Agreement> {
  const { rows, predicted, mos, missing, higherIsBetter } = collectPairs(studio, comparison);
  const set = getMosSet(studio, comparison.mosSetId);
  const votes = set.studyId === null ? null : votesForCeiling(studio.db, set.studyId, comparison.dimension);
  const measured = await studio.compute.run('agree', {
    predicted: higherIsBetter ? predicted : predicted.map((value) => -value),
    mos,
    groups: rows.map((row) => row.prompt_id ?? -row.image_id),
    generators: rows.map((row) => row.generator),
    votes,
  });
  return { ...measured, missingPrediction: missing, higherIsBetter };
}

/** The scatter: predictions, MOS and predictions mapped to the MOS scale, in columns. */
export async function readPoints(studio: Studio, comparison: Comparison): Promise<AgreementPoints> {
  const { rows, predicted, mos } = collectPairs(studio, comparison);
  const { mapped, curve } = await studio.compute.run('map', { predicted, mos });
  const generators = [...new Set(rows.map((row) => row.generator))].sort((a, b) =>
    (a ?? '').localeCompare(b ?? ''),
  );
  const index = new Map(generators.map((generator, at) => [generator, at]));
  return {
    imageIds: rows.map((row) => row.image_id),
    predicted: [...predicted],
    mos: [...mos],
    mapped: [...mapped],
    generator: rows.map((row) => index.get(row.generator)!),
    generators,
    curve,
  };
}

/** The images whose mapped prediction is farthest from their MOS, the farthest first. */
export async function listDisagreements(
  studio: Studio,
  { limit, ...comparison }: Comparison & { limit: number },
): Promise<Disagreement[]> {
  const { rows, predicted, mos } = collectPairs(studio, comparison);
  const { mapped } = await studio.compute.run('map', { predicted, mos });
  const gaps = rows.map((row, at) => ({ row, at, gap: mapped[at]! - mos[at]! }));
  const worst = gaps.sort((a, b) => Math.abs(b.gap) - Math.abs(a.gap)).slice(0, limit);
  const hasFile = new Map(
    readCards(
      studio.db,
      worst.map(({ row }) => row.image_id),
    ).map((card) => [card.id, card.has_file === 1]),
  );
  return worst.map(({ row, at, gap }) => ({
    imageId: row.image_id,
    name: row.name,
    hasFile: hasFile.get(row.image_id) ?? false,
    prompt: row.prompt,
    generator: row.generator,
    predicted: predicted[at]!,
    mapped: mapped[at]!,
    mos: mos[at]!,
    gap,
  }));
}

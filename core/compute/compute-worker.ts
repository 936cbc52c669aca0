/** What worker threads compute: each named export is a task of the pool. */
import { move } from 'piscina';
import type { EstimateOrReason } from '../../contract/common.ts';
import { toStudioError } from '../../contract/errors.ts';
import type { HeadKind, HeldOutMetrics } from '../../contract/heads.ts';
import type { PackManifest } from '../../contract/pack.ts';
import { backUpDatabase, inspectBackup } from '../../db/backup.ts';
import { openForReading } from '../../db/database.ts';
import { checkIntegrity } from '../../db/health.ts';
import type { ComputedSource } from '../../db/provenance.ts';
import { votesForCeiling } from '../../db/votes.ts';
import { describeMixedBy } from '../computed-by.ts';
import { writeImages } from '../export/write-images.ts';
import { writeSidecars } from '../export/write-sidecars.ts';
import { type FrozenText, writeManifest } from '../freeze-study.ts';
import { type InputSource, readInputsOf } from '../head-inputs.ts';
import { measureCoefficients } from '../maths/agreement.ts';
import { orderQueue, type QueueItem, type QueueTask } from '../maths/coverage-queue.ts';
import type { VectorBlock } from '../maths/dots.ts';
import { measureSplit, type SplitFigures, trainAndMeasure } from '../maths/evaluate-split.ts';
import { type FitOrder, fitCurve, fitFinal, fitFold, judgeFit } from '../maths/fit-head.ts';
import { measureSpread, predictHead } from '../maths/head.ts';
import { decodeHead, encodeHead } from '../maths/head-codec.ts';
import type { Choice } from '../maths/head-methods.ts';
import { type HeldOutRows, measureHeldOut } from '../maths/held-out.ts';
import { measureHumanCeiling } from '../maths/human-ceiling.ts';
import { mapToMos } from '../maths/map-to-mos.ts';
import { findNearPairs, findSketch, sketchRows as sketchBlock } from '../maths/near-pairs.ts';
import { comparePaired } from '../maths/paired-difference.ts';
import { projectRows } from '../maths/principal-components.ts';
import { type Replay, replayQueue } from '../maths/replay-queue.ts';
import { canRead, predictRows } from '../maths/residual-head.ts';
import { findOppositePairs, measureCalibration } from '../maths/residuals.ts';
import type { StudyCore } from '../studies.ts';
import { readPackDesign } from '../study-pack/read-pack.ts';
import { collectRows, type TrainingRows, type TrainOrder } from '../training-rows.ts';
import { previewVotes } from '../votes-in/preview-votes.ts';
import { stageVotes } from '../votes-in/stage-votes.ts';
import { density, disagreements, points, residuals } from './agreement-points.ts';
import { type Carried, carry } from './carry-error.ts';
import { countFacets, countRanges } from './count-facets.ts';
import { compareVectors, readVectors } from './embeddings.ts';
import { measurePairStatistics } from './pair-statistics.ts';
import { rescoreRange } from './rescore-range.ts';
import { readStudyCounts } from './study-facts.ts';
import { measureStudyStatistics } from './study-statistics.ts';
import { withDb } from './study-votes.ts';

export interface FitTask extends Omit<FitOrder, 'parent'> {
  /** The weights of the head that it starts from, encoded. */
  parent: Uint8Array | null;
  /** Those of the head it is compared with. */
  rival?: Uint8Array | null;
}

/** What a study's frozen design is, of a study that nobody changes meanwhile. */
export function manifest({ libraryFolder, study }: { libraryFolder: string; study: StudyCore }): FrozenText {
  return withDb(libraryFolder, (db) => writeManifest({ db }, study));
}

/** Coefficients of one score against MOS. */
export const coefficients = measureCoefficients;

/** The ceiling that the raters of a study set; `studyId` is null for a MOS set of no study. */
export function ceiling(task: {
  libraryFolder: string;
  studyId: number | null;
  dimension: string;
}): EstimateOrReason {
  const { libraryFolder, studyId, dimension } = task;
  if (studyId === null) return measureHumanCeiling(null);
  return measureHumanCeiling(withDb(libraryFolder, (db) => votesForCeiling(db, studyId, dimension)));
}

/** Two scores on the same images. */
export const compare = comparePaired;

/** Where a score errs. */
export const calibration = measureCalibration;
export const oppositePairs = findOppositePairs;

/** What a comparison says of every image. */
export { density, disagreements, points, residuals };

const large = { density, points, residuals };
export type LargeTask = keyof typeof large;
const largeTasks: { [Name in LargeTask]: (task: Parameters<(typeof large)[Name]>[0]) => unknown } = large;

/** The same as JSON in UTF-8, handed over as it is. */
export function written<Name extends LargeTask>(order: {
  name: Name;
  task: Parameters<(typeof large)[Name]>[0];
}): Uint8Array<ArrayBuffer> {
  const json = JSON.stringify(largeTasks[order.name](order.task));
  return move(new TextEncoder().encode(json)) as Uint8Array<ArrayBuffer>;
}

/** Predictions mapped to the MOS scale. */
export const map = mapToMos;

function decodeOrder({ parent, rival: _rival, ...order }: FitTask): FitOrder {
  return { ...order, parent: parent && decodeHead(parent) };
}

/** What a training learns from. */
export function trainingRows(task: {
  libraryFolder: string;
  manifest: PackManifest;
  order: TrainOrder;
}): Carried<TrainingRows> {
  const { libraryFolder, manifest, order } = task;
  return withDb(libraryFolder, (db) => collectRows(db, manifest, order));
}

/** The parts of a training, each a task of its own: folds, parts of the learning curve, the head itself. */
export function trainFold({ order, held }: { order: FitTask; held: number }): ReturnType<typeof fitFold> {
  return fitFold(decodeOrder(order), held);
}
export function trainCurve({ order, held }: { order: FitTask; held: number }): ReturnType<typeof fitCurve> {
  return fitCurve(decodeOrder(order), held);
}
export function trainFinal(order: FitTask): {
  head: Uint8Array<ArrayBuffer>;
  kind: HeadKind;
  choice: Choice;
} {
  const { head, choice } = fitFinal(decodeOrder(order));
  return { head: encodeHead(head), kind: head.kind, choice };
}
/** What the parts of a training come to. */
export function judgeTraining({
  order,
  ...parts
}: { order: FitTask } & Omit<Parameters<typeof judgeFit>[1], 'base'>): ReturnType<typeof judgeFit> {
  const decoded = decodeOrder(order);
  const rows = { ...decoded, quality: decoded.quality ?? null };
  const rival = order.rival == null ? null : decodeHead(order.rival);
  const base = rival !== null && canRead(rival, rows) ? predictRows(rival, rows) : null;
  return judgeFit(decoded, { ...parts, base });
}

/** Predictions that learnt nothing from their labels, beside another head's. */
export function judgeHeldOut(rows: HeldOutRows): HeldOutMetrics {
  return measureHeldOut(rows, 13);
}

/** One repeat of an evaluation, by a score as it is or by a head trained on the training side. */
export const evaluateScore = measureSplit;
export function evaluateTrained({
  order,
  split,
}: {
  order: FitTask;
  split: Parameters<typeof trainAndMeasure>[1];
}): SplitFigures[] {
  return trainAndMeasure(decodeOrder(order), split);
}

/** Components that distances between images are measured in, and that a replay's heads read. */
const queueWidth = 24;
const replayWidth = 48;
const replaySizes = [20, 30, 40, 60, 80, 120, 160, 240, 320];

/** What to rate next, in the space of the features' principal components. */
export function queueRating({
  inputs,
  width,
  ...task
}: Omit<QueueTask, 'points'> & { inputs: Float32Array }): QueueItem[] {
  return orderQueue({ ...task, ...projectRows(inputs, width, queueWidth) });
}

/** The replay of a rated set. */
export function replayRating(task: {
  inputs: Float32Array;
  width: number;
  labels: Float64Array;
  groups: string[];
  repeats: number;
  seed: number;
}): Replay {
  const projected = projectRows(task.inputs, task.width, replayWidth);
  const most = 0.6 * task.labels.length;
  return replayQueue({
    ...task,
    ...projected,
    queueWidth: Math.min(queueWidth, projected.width),
    sizes: replaySizes.filter((size) => size <= most),
    randomOrders: 3,
  });
}

/** Values of a head and how far its networks differ. */
export function predict({ head, inputs, rows }: { head: Uint8Array; inputs: Float32Array; rows: number }): {
  values: Float32Array<ArrayBuffer>;
  spread: Float64Array | null;
} {
  const decoded = decodeHead(head);
  return { values: predictHead(decoded, inputs, rows), spread: measureSpread(decoded, inputs, rows) };
}

/** A head's values for those of some images that have its inputs. */
export function predictStored(task: {
  libraryFolder: string;
  source: InputSource;
  head: Uint8Array;
  imageIds: readonly number[];
}): { imageIds: number[]; values: Float32Array<ArrayBuffer> } {
  const { libraryFolder, source, head, imageIds: wanted } = task;
  const { imageIds, values } = withDb(libraryFolder, (db) => readInputsOf(db, source, wanted));
  return { imageIds, values: predictHead(decodeHead(head), values, imageIds.length) };
}

/** A head's values for a range of stored inputs. */
export const rescore = rescoreRange;

/** Stored vectors, for searching by similarity. */
/** What a list has, and how it spreads. */
/** All vectors against all others, for near-duplicates. */
export { compareVectors, countFacets, countRanges, findNearPairs, findSketch, readVectors };
export function sketchRows({
  block,
  directions,
}: {
  block: VectorBlock;
  directions: Float64Array[];
}): Float32Array<ArrayBuffer> {
  return sketchBlock(block, directions);
}

/** Nothing: the thread is there, and has read its program. */
export function ready(): void {}

/** SQLite’s check of a whole database; null where nothing is wrong. */
export function findDamage({ database }: { database: string }): string | null {
  const db = openForReading(database);
  try {
    return checkIntegrity(db);
  } finally {
    db.close();
  }
}

/** Copies of a database, which is read from end to end for them. */
export { inspectBackup };
export async function backUp(task: Parameters<typeof backUpDatabase>[0]): Promise<Carried<void>> {
  return await carry(() =>
    backUpDatabase(task).catch((error: unknown) => {
      throw toStudioError(error);
    }),
  );
}

/** Whether numbers of some images were not all computed alike, in words; null where they were. */
export function mixedBy(task: {
  libraryFolder: string;
  source: ComputedSource;
  imageIds: ArrayLike<number>;
}): string | null {
  return withDb(task.libraryFolder, (db) => describeMixedBy(db, task.source, Array.from(task.imageIds)));
}

/** What the votes of a study say. */
export const studyStatistics = measureStudyStatistics;
export const pairStatistics = measurePairStatistics;
export const studyCounts = readStudyCounts;

/** Exports, which would keep the engine from everything else. */
/** Tables of votes, looked at and taken in. */
export { previewVotes, readPackDesign, stageVotes, writeImages, writeSidecars };

export interface ComputeTasks {
  coefficients: typeof coefficients;
  ceiling: typeof ceiling;
  compare: typeof compare;
  residuals: typeof residuals;
  calibration: typeof calibration;
  oppositePairs: typeof oppositePairs;
  density: typeof density;
  points: typeof points;
  disagreements: typeof disagreements;
  written: typeof written;
  map: typeof map;
  trainingRows: typeof trainingRows;
  trainFold: typeof trainFold;
  trainCurve: typeof trainCurve;
  trainFinal: typeof trainFinal;
  judgeTraining: typeof judgeTraining;
  judgeHeldOut: typeof judgeHeldOut;
  evaluateScore: typeof evaluateScore;
  evaluateTrained: typeof evaluateTrained;
  queueRating: typeof queueRating;
  replayRating: typeof replayRating;
  predict: typeof predict;
  predictStored: typeof predictStored;
  rescore: typeof rescore;
  readVectors: typeof readVectors;
  compareVectors: typeof compareVectors;
  countFacets: typeof countFacets;
  countRanges: typeof countRanges;
  findSketch: typeof findSketch;
  sketchRows: typeof sketchRows;
  findNearPairs: typeof findNearPairs;
  findDamage: typeof findDamage;
  backUp: typeof backUp;
  inspectBackup: typeof inspectBackup;
  mixedBy: typeof mixedBy;
  studyStatistics: typeof studyStatistics;
  pairStatistics: typeof pairStatistics;
  studyCounts: typeof studyCounts;
  writeImages: typeof writeImages;
  writeSidecars: typeof writeSidecars;
  manifest: typeof manifest;
  previewVotes: typeof previewVotes;
  readPackDesign: typeof readPackDesign;
  stageVotes: typeof stageVotes;
}

/** The train stage: fits a head on a MOS set from stored features or signals, judges it on held-out groups, keeps it inactive. */
import { StudioError } from '../contract/errors.ts';
import { TrainHead } from '../contract/heads.ts';
import type { Job, JobSummary } from '../contract/jobs.ts';
import type { HeadRow } from '../db/schema.ts';
import { unpack } from './compute/carry-error.ts';
import type { FitTask } from './compute/tasks/heads.ts';
import { findMixedBy } from './computed-by.ts';
import { inputLength, inputSourceOf, layeredSourceOf } from './head-inputs.ts';
import type { HeadReport } from './heads.ts';
import type { JobContext } from './jobs.ts';
import { curveFoldsOf, foldsOf } from './maths/fit-head.ts';
import { getMosSetCore } from './mos-sets.ts';
import { getPack, type Pack, refuseUnshown } from './packs.ts';
import { forEachInParallel } from './parallel.ts';
import { findUnseeing, type SeenRows } from './seen-images.ts';
import { storeHead } from './store-head.ts';
import type { Studio } from './studio.ts';
import { findParent, sourcesOf, type TrainingRows, type TrainOrder } from './training-rows.ts';

/** Fewer images than this cannot be split into a training and a held-out side that tells anything. */
const fewestImages = 10;

/**
 * Starts a training as a job.
 *
 * @throws StudioError `badInput` when fewer than ten images have both MOS and inputs, or the method does not suit the inputs; `notFound`,
 *   `conflict`, `unsupported` for a pack that was never trained: its scores could not be shown
 */
export async function startTraining(studio: Studio, given: TrainHead): Promise<Job> {
  const complete = TrainHead.parse(given);
  const order = { ...complete, target: complete.target ?? complete.dimension };
  const pack = getPack(studio, order.packId);
  refuseUnshown(studio, order.packId);
  const setName = sourcesOf(order)
    .map(({ mosSetId }) => getMosSetCore(studio, mosSetId).name)
    .join(' and ');
  refuseMethod(studio, order, pack);
  const { folder: libraryFolder, compute } = studio;
  const rows = unpack(await compute.run('trainingRows', { libraryFolder, manifest: pack.manifest, order }));
  const seen = seenBy(order, rows);
  if (
    order.kind === 'tuned' &&
    findUnseeing(studio, findParent(studio.db, order, pack.manifest), seen) === undefined
  ) {
    throw new StudioError(
      'badInput',
      'The head in use was trained on images or prompts of this set: trained on, it could not be judged on what it has not seen. Choose another method, or rate other images.',
    );
  }
  if (rows.imageIds.length < fewestImages) {
    const { signals } = inputSourceOf(pack.manifest, order.inputs);
    const names = signals.map((name) => name.toUpperCase());
    const fused = names.length === 2 ? `both ${names.join(' and ')}` : `all of ${names.join(', ')}`;
    const more = rows.quality === null ? '' : ' and stored features';
    const what = `a MOS and ${order.inputs === 'features' ? 'stored features' : `${fused}${more}`}`;
    throw new StudioError(
      'badInput',
      `Only ${rows.imageIds.length} images have ${what} for ${order.dimension}; at least ${fewestImages} are needed. Rate or score more images.`,
      { images: rows.imageIds.length },
    );
  }
  return studio.jobs.start({
    packId: pack.manifest.id,
    kind: 'train',
    title: `Train a head for ${order.target} on “${setName}”`,
    params: order,
    work: (context) => train(studio, { order, pack, rows, setName }, context),
  });
}

function seenBy(order: TrainOrder, { imageIds, promptIds }: TrainingRows): SeenRows {
  return { mosSetIds: sourcesOf(order).map(({ mosSetId }) => mosSetId), imageIds, promptIds };
}

function refuseMethod(studio: Studio, order: TrainOrder, pack: Pack): void {
  if (order.withQualityLayer) refuseLayer(order, pack);
  const isOfSignals = order.kind === 'quadratic' || order.kind === 'tuned';
  if (isOfSignals && order.inputs === 'features') {
    throw new StudioError(
      'badInput',
      `“${order.kind}” is a method for heads on signals: choose signals, or ridge or network.`,
    );
  }
  if (order.kind === 'tuned' && findParent(studio.db, order, pack.manifest) === undefined) {
    throw new StudioError(
      'badInput',
      `There is no head of ${order.target} on signals in use that could be trained on.`,
    );
  }
}

function refuseLayer(order: TrainOrder, { manifest }: Pack): void {
  if (order.inputs !== 'signals' || order.kind === 'ridge' || order.kind === 'quadratic') {
    throw new StudioError(
      'badInput',
      'The last quality layer trains along with a network on signals: choose signals, and network, tuned or auto.',
    );
  }
  if (layeredSourceOf(manifest) === undefined) {
    throw new StudioError(
      'unsupported',
      `The pack “${manifest.id}” has no quality branch whose last layer could train along.`,
      { packId: manifest.id },
    );
  }
}

interface Training {
  order: TrainOrder;
  pack: Pack;
  rows: TrainingRows;
  setName: string;
}

async function train(
  studio: Studio,
  { order, pack, rows, setName }: Training,
  context: JobContext,
): Promise<JobSummary> {
  const parent = findParent(studio.db, order, pack.manifest);
  const seen = seenBy(order, rows);
  const start = findUnseeing(studio, parent, seen);
  const task: FitTask = {
    inputs: rows.inputs,
    labels: rows.labels,
    groups: rows.groups,
    width: inputLength(inputSourceOf(pack.manifest, order.inputs)),
    parent: start?.weights ?? null,
    rival: parent?.weights ?? null,
    method: methodOf(order),
    isFusion: order.inputs === 'signals',
    quality: rows.quality,
    withLayer: order.withQualityLayer,
    baseline: rows.baseline,
    options: { form: order.form, loss: order.loss, epochs: order.epochs },
    seed: order.seed,
  };
  const fitted = await fitInParts(studio, task, order.learningCurve, context);
  const mixed = await findMixedBy(studio, pack.manifest.id, rows.imageIds);
  const note = [fitted.note, describeStart(parent, start), mixed ?? ''].filter((one) => one !== '').join(' ');
  const report: HeadReport = {
    heldOut: { ...fitted.heldOut, parentSaw: parent?.id !== start?.id },
    trainedOn: { mosSet: setName, images: rows.imageIds.length, groups: new Set(rows.groups).size },
    training: { ...fitted.training, groupBy: order.groupBy },
    ensembleOf: [],
    labels: sourcesOf(order),
    note,
  };
  const { id, equalTo } = storeHead(studio, {
    packId: order.packId,
    name: order.name ?? defaultName(studio, order, setName),
    kind: fitted.kind,
    inputs: order.inputs,
    target: order.target,
    parentId: parent?.id ?? null,
    dataHash: rows.dataHash,
    weights: Buffer.from(fitted.head),
    report,
    heldOut: new Map(fitted.heldOutAt.map(([at, value]) => [rows.imageIds[at]!, value])),
  });
  return { headId: id, rows: rows.imageIds.length, notes: equalTo === null ? [note] : [equalTo, note] };
}

function methodOf({ kind, withQualityLayer }: TrainOrder): FitTask['method'] {
  if (!withQualityLayer) return kind;
  return kind === 'network' || kind === 'tuned' ? `${kind}+layer` : kind;
}

/** Said where the head in use saw the images: its figures are too good, and the new head does not start from it. */
function describeStart(parent: HeadRow | undefined, start: HeadRow | undefined): string {
  if (parent === undefined || parent.id === start?.id) return '';
  const from = start === undefined ? 'from nothing' : `from “${start.name}”`;
  return `“${parent.name}” was trained on images or prompts of this set: its figures here are too good, and the new head starts ${from} instead.`;
}

/** Folds, parts of the learning curve and the head itself side by side on the threads. */
async function fitInParts(studio: Studio, order: FitTask, hasCurve: boolean, context: JobContext) {
  const { compute } = studio;
  const options = { signal: context.signal };
  const count = new Set(foldsOf(order)).size;
  const folds = Array.from({ length: count < 2 ? 0 : count }, (_, held) => held);
  const curveFolds = hasCurve ? curveFoldsOf(order) : [];
  const judged: Awaited<ReturnType<typeof trainFold>>[] = [];
  const curves: { labels: number; srcc: number }[][] = [];
  let final: Awaited<ReturnType<typeof trainFinal>> | null = null;
  function trainFold(held: number) {
    return compute.run('trainFold', { order, held }, options);
  }
  function trainFinal() {
    return compute.run('trainFinal', order, options);
  }
  // The head first: it takes longest.
  const parts = [
    async () => {
      final = await trainFinal();
    },
    ...folds.map((held) => async () => {
      judged[held] = await trainFold(held);
    }),
    ...curveFolds.map((held, at) => async () => {
      curves[at] = await compute.run('trainCurve', { order, held }, options);
    }),
  ];
  let done = 0;
  const total = parts.length;
  context.report({ phase: 'training', done, total });
  await forEachInParallel(parts, { limit: studio.workers, signal: context.signal }, async (part) => {
    await part();
    done += 1;
    context.report({ phase: 'training', done, total });
  });
  const { head, kind, choice } = final!;
  const rest = await compute.run('judgeTraining', { order, folds: judged, curves, choice }, options);
  const heldOutAt = judged.flatMap(({ places, predicted }) =>
    places.map((at, index): [number, number] => [at, predicted[index]!]),
  );
  return { head, kind, heldOutAt, ...rest };
}

function defaultName(studio: Studio, order: TrainOrder, setName: string): string {
  const day = new Date(studio.now()).toISOString().slice(0, 16).replace('T', ' ');
  return `${order.target} · ${setName} · ${day}`;
}

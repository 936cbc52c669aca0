/** The train stage: fits a head on a MOS set from stored features or signals, judges it on held-out prompts, keeps it inactive. */
import { createHash } from 'node:crypto';
import { MessageChannel } from 'node:worker_threads';
import { StudioError } from '../contract/errors.ts';
import type { TrainHead } from '../contract/heads.ts';
import type { Job, JobSummary } from '../contract/jobs.ts';
import { activeHeads, saveHead } from '../db/heads.ts';
import { mosRows } from '../db/mos.ts';
import type { HeadRow } from '../db/schema.ts';
import type { TrainingProgress } from './compute/compute-worker.ts';
import { inputLength, inputSourceOf, readInputsOf } from './head-inputs.ts';
import type { HeadReport } from './heads.ts';
import type { JobContext } from './jobs.ts';
import { getMosSet } from './mos-sets.ts';
import { getPack, type Pack } from './packs.ts';
import { fitsPack } from './register-pack.ts';
import type { Studio } from './studio.ts';

/** Fewer images than this cannot be split into a training and a held-out side that tells anything. */
const fewestImages = 10;

type TrainOrder = TrainHead & { target: string };

interface TrainingRows {
  imageIds: number[];
  inputs: Float32Array<ArrayBuffer>;
  labels: Float64Array<ArrayBuffer>;
  /** Group of each row: its prompt, or the image itself where it has none. */
  groups: string[];
  dataHash: string;
}

/**
 * Starts a training as a job.
 *
 * @throws StudioError `badInput` when fewer than ten images have both MOS and inputs, `notFound`, `conflict`
 */
export function startTraining(studio: Studio, given: TrainHead): Job {
  const order = { ...given, target: given.target ?? given.dimension };
  const pack = getPack(studio, order.packId);
  const set = getMosSet(studio, order.mosSetId);
  const rows = collectRows(studio, pack, order);
  if (rows.imageIds.length < fewestImages) {
    const { signals } = inputSourceOf(pack.manifest, order.inputs);
    const names = signals.map((name) => name.toUpperCase());
    const fused = names.length === 2 ? `both ${names.join(' and ')}` : `all of ${names.join(', ')}`;
    const what = `a MOS and ${order.inputs === 'features' ? 'stored features' : fused}`;
    throw new StudioError(
      'badInput',
      `Only ${rows.imageIds.length} images have ${what} for ${order.dimension}; at least ${fewestImages} are needed. Rate or score more images.`,
      { images: rows.imageIds.length },
    );
  }
  return studio.jobs.start({
    packId: pack.manifest.id,
    kind: 'train',
    title: `Train a ${order.target} head on “${set.name}”`,
    params: order,
    work: (context) => train(studio, { order, pack, rows, setName: set.name }, context),
  });
}

function collectRows(studio: Studio, pack: Pack, order: TrainOrder): TrainingRows {
  const mos = mosRows(studio.db, order.mosSetId).filter((row) => row.dimension === order.dimension);
  const byImage = new Map(mos.map((row) => [row.image_id, row]));
  const ids = mos.map((row) => row.image_id);
  const { imageIds, values } = readInputsOf(studio.db, inputSourceOf(pack.manifest, order.inputs), ids);
  const rows = imageIds.map((id) => byImage.get(id)!);
  const hash = createHash('sha256');
  for (const row of rows) hash.update(`${row.hash ?? row.name}\t${row.mean}\n`);
  return {
    imageIds,
    inputs: values,
    labels: Float64Array.from(rows, (row) => row.mean),
    groups: rows.map((row) => (row.prompt_id === null ? `image ${row.image_id}` : `prompt ${row.prompt_id}`)),
    dataHash: hash.digest('hex'),
  };
}

async function train(
  studio: Studio,
  { order, pack, rows, setName }: { order: TrainOrder; pack: Pack; rows: TrainingRows; setName: string },
  context: JobContext,
): Promise<JobSummary> {
  const parent = findParent(studio, order, pack);
  const { port1: progress, port2 } = new MessageChannel();
  progress.on('message', ({ phase, done, total }: TrainingProgress) =>
    context.report({ phase, done, total }),
  );
  progress.unref();
  const fitted = await studio.compute
    .run(
      'fit',
      {
        inputs: rows.inputs,
        labels: rows.labels,
        groups: rows.groups,
        width: inputLength(inputSourceOf(pack.manifest, order.inputs)),
        parent: parent?.weights ?? null,
        kind: order.kind,
        isFusion: order.inputs === 'signals',
        seed: order.seed,
        progress: port2,
      },
      { signal: context.signal, transfer: [rows.inputs.buffer, port2] },
    )
    .finally(() => progress.close());
  const report: HeadReport = {
    heldOut: fitted.heldOut,
    trainedOn: { mosSet: setName, images: rows.imageIds.length, groups: new Set(rows.groups).size },
    note: fitted.note,
  };
  const weights = Buffer.from(fitted.head);
  const headId = saveHead(studio.db, {
    pack_id: order.packId,
    name: order.name ?? defaultName(studio, order, setName),
    kind: fitted.kind,
    inputs: order.inputs,
    target: order.target,
    parent_id: parent?.id ?? null,
    is_shipped: 0,
    created_at: studio.now(),
    data_hash: rows.dataHash,
    weights,
    weights_hash: createHash('sha256').update(weights).digest('hex'),
    report: JSON.stringify(report),
  });
  studio.bus.changed('heads');
  return { headId, rows: rows.imageIds.length, notes: [fitted.note] };
}

/** The active head of the target is what a new one starts from and is compared with. */
function findParent(studio: Studio, order: TrainOrder, { manifest }: Pack): HeadRow | undefined {
  return activeHeads(studio.db, order.packId).find(
    (head) => head.target === order.target && head.inputs === order.inputs && fitsPack(head, manifest),
  );
}

function defaultName(studio: Studio, order: TrainOrder, setName: string): string {
  const day = new Date(studio.now()).toISOString().slice(0, 16).replace('T', ' ');
  return `${order.target} · ${setName} · ${day}`;
}

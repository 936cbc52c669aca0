/** Heads kept and let go: several averaged into one, and one discarded. */
import { StudioError } from '../contract/errors.ts';
import type { EnsembleOrder, Head, HeldOutMetrics, LabelSource } from '../contract/heads.ts';
import { deleteHead } from '../db/heads.ts';
import { mosRows } from '../db/mos.ts';
import type { HeadRow } from '../db/schema.ts';
import { moverTo, scaleOfHead } from './head-interval.ts';
import { describeHeads, distinctLabels, getHeadRow, reportOf } from './heads.ts';
import { averageHeads } from './maths/head.ts';
import { decodeHead, encodeHead } from './maths/head-codec.ts';
import { scaleOfMos } from './mos-scale.ts';
import { refuseUnshown } from './packs.ts';
import { storeHead } from './store-head.ts';
import type { Studio } from './studio.ts';
import { describeForgotten, predictUnseen } from './unseen-predictions.ts';

/**
 * The mean of several heads as a new head, not in use. It is judged on images that each of its heads was held out from, or never saw: the
 * figures of its first head on the same images stand beside its own.
 *
 * @throws StudioError `badInput` for heads of different packs, inputs or targets, `unsupported` for those of a pack that was never trained,
 *   `cancelled`
 */
export async function makeEnsemble(
  studio: Studio,
  { headIds, name }: EnsembleOrder,
  signal?: AbortSignal,
): Promise<Head> {
  const ids = [...new Set(headIds)];
  const rows = ids.map((id) => getHeadRow(studio, id));
  refuseUnlike(rows);
  const first = rows[0]!;
  refuseUnshown(studio, first.pack_id);
  const mean = averageHeads(rows.map((row) => decodeHead(row.weights)));
  const labels = distinctLabels(rows.flatMap((row) => reportOf(row).labels));
  const heldOut = await judgeMean(studio, rows, labels);
  if (signal?.aborted === true) throw new StudioError('cancelled', 'Cancelled.');
  const { id } = storeHead(studio, {
    weights: encodeHead(mean),
    kind: mean.kind,
    packId: first.pack_id,
    name: name ?? `Mean of ${rows.map((row) => row.name).join(', ')}`.slice(0, 120),
    inputs: first.inputs,
    target: first.target,
    parentId: first.id,
    dataHash: null,
    report: {
      heldOut,
      trainedOn: null,
      training: null,
      ensembleOf: ids,
      labels: [],
      note: describeMean(ids.length, heldOut, describeForgotten(studio, rows)),
    },
  });
  return describeHeads(studio).find((one) => one.id === id)!;
}

function refuseUnlike(rows: readonly HeadRow[]): void {
  const [first] = rows;
  const lengthOf = new Map(rows.map(({ id, weights }) => [id, decodeHead(weights).length]));
  const keyOf = ({ id, pack_id, inputs, target }: HeadRow) =>
    `${pack_id} ${inputs} ${lengthOf.get(id)} ${target}`;
  const other = rows.find((row) => keyOf(row) !== keyOf(first!));
  if (rows.length < 2) throw new StudioError('badInput', 'An ensemble takes two different heads or more.');
  if (other === undefined) return;
  throw new StudioError(
    'badInput',
    `“${first!.name}” and “${other.name}” cannot be averaged: one reads ${lengthOf.get(first!.id)} ${first!.inputs} of ${first!.pack_id} for ${first!.target}, the other ${lengthOf.get(other.id)} ${other.inputs} of ${other.pack_id} for ${other.target}.`,
  );
}

function describeMean(count: number, heldOut: HeldOutMetrics | null, forgotten: string): string {
  const what = `The mean of ${count} heads.`;
  if (heldOut === null && forgotten !== '') {
    return `${what} Its held-out figures are not known. ${forgotten} Then average them once more.`;
  }
  if (heldOut === null) {
    return `${what} Its held-out figures are not known: fewer than ${fewestToJudge} labelled images are there that none of them learnt from, or was held out from while it was judged.`;
  }
  const gain = heldOut.comparisons.map(({ sentence }) => sentence).join(' ');
  return `${what} Judged on ${heldOut.rows} images by what each of them said while the image was held out from it. ${gain}`.trim();
}

/** Fewer labels tell nothing. */
const fewestToJudge = 10;

async function judgeMean(
  studio: Studio,
  rows: readonly HeadRow[],
  labels: readonly LabelSource[],
): Promise<HeldOutMetrics | null> {
  const found = await Promise.all(labels.map((source) => readUnseen(studio, rows, source)));
  const all = [...new Map(found.flat().map((row) => [row.imageId, row])).values()];
  if (all.length < fewestToJudge) return null;
  return await studio.compute.run('judgeHeldOut', {
    labels: Float64Array.from(all, ({ label }) => label),
    groups: all.map(({ group }) => group),
    predicted: Float64Array.from(all, ({ mean }) => mean),
    parent: Float64Array.from(all, ({ first }) => first),
    baseline: null,
  });
}

/** The labelled images that all heads have a value of which learnt nothing from them. */
async function readUnseen(studio: Studio, heads: readonly HeadRow[], source: LabelSource) {
  const mos = mosRows(studio.db, source.mosSetId, source.dimension);
  const asked = {
    mosSetIds: [source.mosSetId],
    imageIds: mos.map((row) => row.image_id),
    promptIds: mos.map((row) => row.prompt_id),
  };
  const values = await Promise.all(heads.map((head) => predictUnseen(studio, head, asked)));
  const used = mos.filter(({ image_id }) => values.every((one) => one.has(image_id)));
  const move = moverTo(
    scaleOfHead(studio, heads[0]!),
    source.scale ?? scaleOfMos(studio, source),
    used.map((row) => row.mean),
  );
  return move === null
    ? []
    : used.map(({ image_id: imageId, prompt_id, mean: label }) => ({
        imageId,
        label: move(label),
        group: prompt_id === null ? `image ${imageId}` : `prompt ${prompt_id}`,
        first: values[0]!.get(imageId)!,
        mean: values.reduce((sum, one) => sum + one.get(imageId)!, 0) / values.length,
      }));
}

/**
 * Forgets a head and its scores.
 *
 * @throws StudioError `conflict` for one that is in use, came with a pack, or has descendants
 */
export function discardHead(studio: Studio, id: number): { id: number } {
  getHeadRow(studio, id);
  const heads = describeHeads(studio);
  const head = heads.find((one) => one.id === id)!;
  const child = heads.find((one) => one.parentId === id || one.ensembleOf.includes(id));
  if (head.isActive)
    throw new StudioError('conflict', `“${head.name}” is in use: use another head of ${head.target} first.`);
  if (head.isShipped)
    throw new StudioError('conflict', `“${head.name}” came with its pack and stays with it.`);
  if (child !== undefined) {
    throw new StudioError(
      'conflict',
      `“${child.name}” was made from “${head.name}”: discard that one first.`,
    );
  }
  studio.db.transaction(() => deleteHead(studio.db, id));
  studio.bus.changed('heads', 'scores');
  return { id };
}

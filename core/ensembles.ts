/** Heads kept and let go: several averaged into one, and one discarded. */
import { StudioError } from '../contract/errors.ts';
import type { EnsembleOrder, Head } from '../contract/heads.ts';
import { deleteHead } from '../db/heads.ts';
import type { HeadRow } from '../db/schema.ts';
import { describeHeads, getHeadRow } from './heads.ts';
import { averageHeads } from './maths/head.ts';
import { decodeHead, encodeHead } from './maths/head-codec.ts';
import { storeHead } from './store-head.ts';
import type { Studio } from './studio.ts';

/**
 * The mean of several heads as a new head, not in use. Its figures are not known until it is trained or compared: heads of an ensemble
 * were held out on different rows.
 *
 * @throws StudioError `badInput` for heads of different packs, inputs or targets
 */
export function makeEnsemble(studio: Studio, { headIds, name }: EnsembleOrder): Head {
  const ids = [...new Set(headIds)];
  const rows = ids.map((id) => getHeadRow(studio, id));
  const [first] = rows;
  const lengthOf = new Map(rows.map(({ id, weights }) => [id, decodeHead(weights).length]));
  const keyOf = ({ id, pack_id, inputs, target }: HeadRow) =>
    `${pack_id} ${inputs} ${lengthOf.get(id)} ${target}`;
  const other = rows.find((row) => keyOf(row) !== keyOf(first!));
  if (ids.length < 2) throw new StudioError('badInput', 'An ensemble takes two different heads or more.');
  if (other !== undefined) {
    throw new StudioError(
      'badInput',
      `“${first!.name}” and “${other.name}” cannot be averaged: one reads ${lengthOf.get(first!.id)} ${first!.inputs} of ${first!.pack_id} for ${first!.target}, the other ${lengthOf.get(other.id)} ${other.inputs} of ${other.pack_id} for ${other.target}.`,
    );
  }
  const mean = averageHeads(rows.map((row) => decodeHead(row.weights)));
  const { id } = storeHead(studio, {
    weights: encodeHead(mean),
    kind: mean.kind,
    packId: first!.pack_id,
    name: name ?? `Mean of ${rows.map((row) => row.name).join(', ')}`.slice(0, 120),
    inputs: first!.inputs,
    target: first!.target,
    parentId: first!.id,
    dataHash: null,
    report: {
      heldOut: null,
      trainedOn: null,
      training: null,
      ensembleOf: ids,
      note: `The mean of ${ids.length} heads. Its held-out figures are not known: each of them was judged on rows that another one may have been trained on.`,
    },
  });
  return describeHeads(studio).find((one) => one.id === id)!;
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

/** What heads read, in blocks: the stored features of a pack, or its signals [Q, S]. */

import type { HeadInputs } from '../contract/heads.ts';
import { type FeatureBlock, readFeatureBlock, readFeaturesOf, readSignal } from '../db/features.ts';
import type { Pack } from './packs.ts';
import type { Studio } from './studio.ts';

/** The order of the fusion network's inputs (SF-IQA equation 3: v = [Q(I), S(I,T)]). */
export const fusionSignals = ['q', 's'] as const;

/** How many numbers a head of this pack reads an image. */
export function inputLength(pack: Pack, inputs: HeadInputs): number {
  return inputs === 'features' ? pack.manifest.features.length : fusionSignals.length;
}

/** All inputs of a pack in blocks of at most `rows`, in the order of image ids. Images that lack an input are left out. */
export function* readInputBlocks(
  studio: Studio,
  { pack, inputs }: { pack: Pack; inputs: HeadInputs },
  rows: number,
): Generator<FeatureBlock> {
  if (inputs === 'signals') {
    const all = readSignalRows(studio, pack);
    for (let at = 0; at < all.imageIds.length; at += rows) {
      const imageIds = all.imageIds.slice(at, at + rows);
      yield {
        imageIds,
        values: all.values.slice(at * fusionSignals.length, (at + rows) * fusionSignals.length),
      };
    }
    return;
  }
  const { id: packId, features } = pack.manifest;
  let after = 0;
  while (true) {
    const block = readFeatureBlock(studio.db, { packId, ...features }, after, rows);
    if (block.imageIds.length === 0) return;
    yield block;
    after = block.imageIds.at(-1)!;
  }
}

/** The inputs of the given images, in their order; images that lack an input are left out. */
export function readInputsOf(
  studio: Studio,
  { pack, inputs }: { pack: Pack; inputs: HeadInputs },
  imageIds: readonly number[],
): FeatureBlock {
  const { id: packId, features } = pack.manifest;
  if (inputs === 'features') return readFeaturesOf(studio.db, { packId, ...features }, imageIds);
  const all = readSignalRows(studio, pack);
  const rowOf = new Map(all.imageIds.map((id, row) => [id, row]));
  const found = imageIds.filter((id) => rowOf.has(id));
  const width = fusionSignals.length;
  const values = new Float32Array(found.length * width);
  for (const [index, id] of found.entries()) {
    const row = rowOf.get(id)!;
    values.set(all.values.subarray(row * width, (row + 1) * width), index * width);
  }
  return { imageIds: found, values };
}

function readSignalRows(studio: Studio, pack: Pack): FeatureBlock {
  const columns = fusionSignals.map((name) => new Map(readSignal(studio.db, pack.manifest.id, name)));
  const imageIds = [...columns[0]!.keys()].filter((id) => columns.every((column) => column.has(id)));
  const values = Float32Array.from(imageIds.flatMap((id) => columns.map((column) => column.get(id)!)));
  return { imageIds, values };
}

/** What computed the numbers of single images, and that those of some were not all computed alike (decision 15). */
import { countOf, describeComputed, describeMixed } from '../contract/computed-words.ts';
import { Computed, type PackManifest } from '../contract/pack.ts';
import type { Db } from '../db/database.ts';
import { type ComputedSource, readProvenanceOf } from '../db/provenance.ts';
import { similarityMembers, vectorsOf } from './pack-vectors.ts';
import type { Studio } from './studio.ts';

/** Images looked up at once. */
const blockLength = 1000;

/** Where it stands what computed a pack's numbers, as plain data; null for packs without networks, which compute in one way. */
export function computedSourceOf(manifest: PackManifest | undefined): ComputedSource | null {
  if (manifest?.network == null) return null;
  return { ...vectorsOf(manifest), members: similarityMembers(manifest).map(({ member }) => member) };
}

/** By image, e.g. `onnxruntime 1.30.0 on cpu in float32`; several of them where its prompt, or a member, was computed otherwise. */
export function describeComputedBy(
  db: Db,
  source: ComputedSource | null,
  imageIds: readonly number[],
): Map<number, string> {
  if (source === null) return new Map();
  const rows = Map.groupBy(readProvenanceOf(db, source, imageIds), ({ imageId }) => imageId);
  const describe = (one: unknown) => describeComputed(Computed.parse(one));
  return new Map([...rows].map(([id, some]) => [id, some.map(describe).sort().join(' and ')]));
}

/** Says so where a pack's numbers of these images were not all computed alike: looked up on a thread, as there may be 100,000 of them. */
export async function findMixedBy(
  { folder, packs, compute }: Pick<Studio, 'folder' | 'packs' | 'compute'>,
  packId: string,
  imageIds: ArrayLike<number>,
): Promise<string | null> {
  const source = computedSourceOf(packs.get(packId)?.manifest);
  return source === null ? null : await compute.run('mixedBy', { libraryFolder: folder, source, imageIds });
}

/** The same on the connection at hand; null where they were. */
export function describeMixedBy(
  db: Db,
  source: ComputedSource | null,
  imageIds: readonly number[],
): string | null {
  const counts = new Map<string, number>();
  for (let at = 0; at < imageIds.length; at += blockLength) {
    const block = describeComputedBy(db, source, imageIds.slice(at, at + blockLength));
    for (const by of block.values()) counts.set(by, (counts.get(by) ?? 0) + 1);
  }
  const most = [...counts].sort(([, a], [, b]) => b - a);
  return describeMixed(most.map(([by, count]) => `${countOf(count, 'image')} by ${by}`));
}

/** What computed the numbers that are stored of a pack. */
import { type Computed, type PackManifest, StoredBy } from '../contract/pack.ts';
import type { Studio } from './studio.ts';

/** The most frequent first; none of packs without networks, which compute in one way. */
export async function listStoredBy(
  { reading }: Pick<Studio, 'reading'>,
  manifest: PackManifest,
): Promise<StoredBy[]> {
  if (manifest.network === null) return [];
  const rows = await reading.read('countByProvenance', manifest.id, manifest.features.version);
  return rows.map((row) => StoredBy.parse(row));
}

/** What computed those numbers that none of the given has. */
export async function listOthers(
  studio: Pick<Studio, 'reading'>,
  manifest: PackManifest,
  used: readonly Computed[],
): Promise<StoredBy[]> {
  const all = await listStoredBy(studio, manifest);
  return all.filter((stored) => !used.some((one) => isSame(one, stored)));
}

function isSame(a: Computed, b: Computed): boolean {
  return a.runtime === b.runtime && a.provider === b.provider && a.precision === b.precision;
}

/** What computed the numbers that are stored of a pack. */
import { type Computed, type PackManifest, StoredBy } from '../contract/pack.ts';
import { countByProvenance } from '../db/provenance.ts';
import type { Studio } from './studio.ts';

/** The most frequent first; none of packs without networks, which compute in one way. */
export function listStoredBy({ db }: Pick<Studio, 'db'>, manifest: PackManifest): StoredBy[] {
  if (manifest.network === null) return [];
  return countByProvenance(db, manifest.id, manifest.features.version).map((row) => StoredBy.parse(row));
}

/** What computed those numbers that none of the given has. */
export function listOthers(
  studio: Pick<Studio, 'db'>,
  manifest: PackManifest,
  used: readonly Computed[],
): StoredBy[] {
  return listStoredBy(studio, manifest).filter((stored) => !used.some((one) => isSame(one, stored)));
}

function isSame(a: Computed, b: Computed): boolean {
  return a.runtime === b.runtime && a.provider === b.provider && a.precision === b.precision;
}

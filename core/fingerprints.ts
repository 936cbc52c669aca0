/** Fingerprints of pictures, stored as vectors like a pack's: what near-duplicates are found by where no network has embedded the images. */
import type { Db } from '../db/database.ts';
import { saveFeature, type VectorSource } from '../db/features.ts';

/** `native-models/images/fingerprint.ts`: 54 of brightness, 14 of each colour difference. */
export const fingerprintSource: VectorSource = {
  packId: 'studio',
  kind: 'fingerprint',
  version: 2,
  length: 82,
};

export function saveFingerprint(db: Db, imageId: number, values: Float32Array): void {
  const { packId, kind, version } = fingerprintSource;
  saveFeature(db, { packId, imageId, kind, version, values });
}

/** What the library remembers of a pack: its shipped heads, and the version of the weights that stored numbers came from. */
import { createHash } from 'node:crypto';
import type { PackManifest } from '../contract/pack.ts';
import type { Db } from '../db/database.ts';
import { forgetDerived } from '../db/features.ts';
import { activeHeads, saveHead, setActiveHead } from '../db/heads.ts';
import type { HeadRow } from '../db/schema.ts';
import { inputLength, inputSourceOf } from './head-inputs.ts';
import { decodeHead } from './maths/head-codec.ts';
import { readPackNote, savePackNote } from './pack-notes.ts';
import type { Pack } from './packs.ts';

interface Registrar {
  db: Db;
  packs: Map<string, Pack>;
  now: () => number;
}

/**
 * Takes a pack into the studio: stores its shipped heads, makes each the active one of its target where none is active that fits, and
 * makes what was stored with other weights under the same id count as stale.
 */
export function registerPack(studio: Registrar, pack: Pack): Pack {
  const registered = pack.damage === null ? studio.db.transaction(() => register(studio, pack)) : pack;
  studio.packs.set(pack.manifest.id, registered);
  return registered;
}

function register({ db, now }: Registrar, pack: Pack): Pack {
  const manifest = withStoredVersion(db, pack.manifest);
  const active = new Map(activeHeads(db, manifest.id).map((head) => [head.target, head]));
  const shipped = new Set(pack.heads.map(({ about }) => about.sha256));
  for (const { about, bytes } of pack.heads) {
    const id = saveHead(db, {
      pack_id: manifest.id,
      name: about.name,
      kind: about.kind,
      inputs: about.inputs,
      target: about.target,
      parent_id: null,
      is_shipped: 1,
      created_at: now(),
      data_hash: null,
      weights: bytes,
      weights_hash: about.sha256,
      report: JSON.stringify({ heldOut: null, trainedOn: null, note: 'Shipped with the pack.' }),
    });
    const before = active.get(about.target);
    const isOfOldPack =
      manifest.network !== null && before?.is_shipped === 1 && !shipped.has(before.weights_hash);
    if (before !== undefined && !isOfOldPack && fitsPack(before, manifest)) continue;
    setActiveHead(db, { id, pack_id: manifest.id, target: about.target }, now());
  }
  return { ...pack, manifest };
}

/** Whether a head reads as many numbers as the pack gives: one trained on other members of the same pack does not. */
export function fitsPack(head: Pick<HeadRow, 'inputs' | 'weights'>, manifest: PackManifest): boolean {
  return decodeHead(head.weights).length === inputLength(inputSourceOf(manifest, head.inputs));
}

/** The manifest with the version that its weights have in this library; other weights than last time get a new one. */
function withStoredVersion(db: Db, manifest: PackManifest): PackManifest {
  if (manifest.network === null) return manifest;
  const identity = identityOf(manifest.network);
  const note = readPackNote(db, manifest.id);
  const version = note?.identity === identity ? note.version : (note?.version ?? 0) + 1;
  if (note?.identity !== identity) {
    savePackNote(db, manifest.id, { version, identity, isUntrained: manifest.isUntrained });
    if (note !== null) forgetDerived(db, manifest.id);
  }
  return { ...manifest, features: { ...manifest.features, version } };
}

/** All that decides about the numbers: tensors, precision, members, and the versions of the code between pixels and numbers. */
function identityOf(network: NonNullable<PackManifest['network']>): string {
  const { fingerprint, precision, preprocess, builder, members, quality } = network;
  const names = members.map(({ name }) => name);
  const parts = [fingerprint, precision, preprocess, builder, names, quality?.recipe];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

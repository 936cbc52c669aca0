/** What the library remembers of a pack: its shipped heads, and the version of the weights that stored numbers came from. */
import type { PackManifest } from '../contract/pack.ts';
import type { Db } from '../db/database.ts';
import { forgetDerived } from '../db/features.ts';
import { activeHeads, saveHead, setActiveHead } from '../db/heads.ts';
import type { HeadRow } from '../db/schema.ts';
import { sourceOfHead } from './head-inputs.ts';
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
export function registerPack(studio: Registrar, pack: Pack): void {
  if (pack.damage === null) studio.db.transaction(() => register(studio, pack));
  studio.packs.set(pack.manifest.id, pack);
}

function register({ db, now }: Registrar, pack: Pack): void {
  const { manifest } = pack;
  forgetOtherWeights(db, manifest);
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
}

/** Whether a head reads as many numbers as the pack gives: one trained on other members of the same pack does not. */
export function fitsPack(head: Pick<HeadRow, 'inputs' | 'weights'>, manifest: PackManifest): boolean {
  const { length } = decodeHead(head.weights);
  return sourceOfHead(manifest, { inputs: head.inputs, length }) !== undefined;
}

/** Signals and scores carry no version: those of other weights under the same id go. */
function forgetOtherWeights(db: Db, { id, network, features, isUntrained }: PackManifest): void {
  if (network === null) return;
  const { version } = features;
  const note = readPackNote(db, id);
  if (note?.version === version) return;
  savePackNote(db, id, { version, isUntrained });
  if (note !== null) forgetDerived(db, id);
}

/** Packs on disk: their manifests and shipped heads, registered in the library when it opens. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StudioError } from '../contract/errors.ts';
import { type PackInfo, PackManifest, type ShippedHead } from '../contract/pack.ts';
import type { Db } from '../db/database.ts';
import { activeHeads, saveHead, setActiveHead } from '../db/heads.ts';
import type { Head } from './maths/head.ts';
import { decodeHead } from './maths/head-codec.ts';
import type { Studio } from './studio.ts';

export interface Pack {
  folder: string;
  manifest: PackManifest;
  /** The shipped heads with their weights. */
  heads: { about: ShippedHead; bytes: Buffer; head: Head }[];
}

const packsFolder = fileURLToPath(new URL('../packs/', import.meta.url));

/**
 * Reads every pack below `packs/`.
 *
 * @throws StudioError `libraryDamaged` when a manifest or a head's weights are not what they should be
 */
export function loadPacks(): Map<string, Pack> {
  const folders = readdirSync(packsFolder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return new Map(folders.map((entry) => [entry.name, loadPack(join(packsFolder, entry.name))]));
}

function loadPack(folder: string): Pack {
  const path = join(folder, 'manifest.json');
  const parsed = PackManifest.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) {
    throw new StudioError(
      'libraryDamaged',
      `The pack manifest ${path} is not valid: ${parsed.error.message}`,
      { path },
    );
  }
  const heads = parsed.data.heads.map((about) => {
    const bytes = readFileSync(join(folder, about.file));
    if (createHash('sha256').update(bytes).digest('hex') !== about.sha256) {
      throw new StudioError(
        'libraryDamaged',
        `${join(folder, about.file)} is not the file its manifest names.`,
        { path },
      );
    }
    return { about, bytes, head: decodeHead(bytes) };
  });
  return { folder, manifest: parsed.data, heads };
}

/** The pack of an id. @throws StudioError `notFound` */
export function getPack(studio: Pick<Studio, 'packs'>, packId: string): Pack {
  const pack = studio.packs.get(packId);
  if (pack === undefined) throw new StudioError('notFound', `There is no pack “${packId}”.`, { packId });
  return pack;
}

/** Stores the shipped heads and makes each the active one of its target where none is active yet. */
export function registerShippedHeads(studio: {
  db: Db;
  packs: ReadonlyMap<string, Pack>;
  now: () => number;
}): void {
  studio.db.transaction(() => {
    for (const pack of studio.packs.values()) {
      const targets = new Set(activeHeads(studio.db, pack.manifest.id).map((head) => head.target));
      for (const { about, bytes } of pack.heads) {
        const id = saveHead(studio.db, {
          pack_id: pack.manifest.id,
          name: about.name,
          kind: about.kind,
          inputs: about.inputs,
          target: about.target,
          parent_id: null,
          is_shipped: 1,
          created_at: studio.now(),
          data_hash: null,
          weights: bytes,
          weights_hash: about.sha256,
          report: JSON.stringify({ heldOut: null, trainedOn: null, note: 'Shipped with the pack.' }),
        });
        if (targets.has(about.target)) continue;
        setActiveHead(studio.db, { id, pack_id: pack.manifest.id, target: about.target }, studio.now());
      }
    }
  });
}

/** All packs with the ids of their active heads. */
export function listPacks(studio: Studio): PackInfo[] {
  return [...studio.packs.values()].map(({ manifest }) => {
    const active = activeHeads(studio.db, manifest.id).map((head) => [head.target, head.id] as const);
    const { format: _format, features: _features, training: _training, ...shown } = manifest;
    return { ...shown, activeHeads: Object.fromEntries(active) };
  });
}

/** Packs on disk, those of the studio and those of the library: read when it opens, listed with what is wrong with them. */
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { StudioError, toStudioError } from '../contract/errors.ts';
import { explainInvalid } from '../contract/explain-invalid.ts';
import { type PackInfo, PackManifest, type ShippedHead } from '../contract/pack.ts';
import { PackId } from '../contract/targets.ts';
import { activeHeads } from '../db/heads.ts';
import type { Problem } from '../native-models/messages.ts';
import type { Head } from './maths/head.ts';
import { decodeHead } from './maths/head-codec.ts';
import { readLastUsed, readPackNote, readVerification } from './pack-notes.ts';
import { orderOf } from './remake-order.ts';
import { listStoredBy } from './stored-by.ts';
import type { Studio } from './studio.ts';

export interface Pack {
  folder: string;
  isBuiltIn: boolean;
  /** Of a pack that cannot be read: its id and little else. */
  manifest: PackManifest;
  /** The shipped heads with their weights. */
  heads: { about: ShippedHead; bytes: Buffer; head: Head }[];
  /** Why it cannot be read; null where it can. */
  damage: string | null;
}

const builtInFolder = fileURLToPath(new URL('../packs/', import.meta.url));

/** Where a library keeps its packs. */
export function packsFolderOf(libraryFolder: string): string {
  return join(libraryFolder, 'packs');
}

/** Reads every pack of the studio and, where a library is given, of the library. One that cannot be read keeps no other from use. */
export function loadPacks(libraryFolder?: string): Map<string, Pack> {
  const packs = new Map<string, Pack>();
  for (const name of packNames(builtInFolder)) packs.set(name, readPack(join(builtInFolder, name), name));
  const own = libraryFolder === undefined ? null : packsFolderOf(libraryFolder);
  for (const name of own === null ? [] : packNames(own)) {
    if (!packs.has(name)) packs.set(name, readPack(join(own!, name), name));
    else packs.set(`own-${name}`, refusePack(join(own!, name), `own-${name}`));
  }
  return packs;
}

/** Folders that may be packs; those that are being made have names that no pack can have. */
function packNames(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && PackId.safeParse(entry.name).success)
    .map((e) => e.name);
}

/** A pack as it lies in a folder. Never throws: what is wrong becomes its `damage`. */
export function readPack(folder: string, id: string): Pack {
  const isBuiltIn = folder.startsWith(builtInFolder);
  try {
    const manifest = readManifest(folder);
    if (manifest.id !== id) {
      throw new StudioError(
        'checkpointInvalid',
        `${folder} holds the pack “${manifest.id}”, and no two packs have one id. Give the folder the name “${manifest.id}” where no other has it; else move it out of the library and add it as an exported pack under another name.`,
      );
    }
    const heads = manifest.heads.map((about) => readShippedHead(folder, about));
    return { folder, isBuiltIn, manifest, heads, damage: null };
  } catch (error) {
    return { folder, isBuiltIn, ...unread(id, toStudioError(error).message) };
  }
}

/** A pack of the library with the id of one of the studio's. */
function refusePack(folder: string, id: string): Pack {
  const damage = `${folder} has the id of a pack of the studio, which is the one that is used. Remove it, and add it again under another name.`;
  return { folder, isBuiltIn: false, ...unread(id, damage) };
}

function unread(id: string, damage: string): Pick<Pack, 'manifest' | 'heads' | 'damage'> {
  return { manifest: unreadableManifest(id), heads: [], damage };
}

/**
 * The manifest of a pack's folder.
 *
 * @throws StudioError `checkpointInvalid` that names the file and what is wrong with it, `unsupported` for a newer studio's pack
 */
export function readManifest(folder: string): PackManifest {
  const path = join(folder, 'manifest.json');
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError(
      'checkpointInvalid',
      `The pack’s manifest ${path} cannot be read: ${reason}. Remove the pack and add it again.`,
      { path },
    );
  }
  const { format } = z.object({ format: z.string() }).catch({ format: '' }).parse(json);
  if (format.startsWith('sfiqa-pack/') && format !== PackManifest.shape.format.value) {
    throw new StudioError(
      'unsupported',
      `The pack in ${folder} was made by another version of SF-IQA Studio (${format}). Update the studio, or remove the pack and add it again.`,
      { path, format },
    );
  }
  const parsed = PackManifest.safeParse(json);
  if (parsed.success) return parsed.data;
  const reasons = explainInvalid(parsed.error);
  throw new StudioError('checkpointInvalid', `The pack’s manifest ${path} is not valid: ${reasons}`, {
    path,
  });
}

function readShippedHead(folder: string, about: ShippedHead): Pack['heads'][number] {
  const path = join(folder, about.file);
  const bytes = readFileSync(path);
  if (createHash('sha256').update(bytes).digest('hex') !== about.sha256) {
    throw new StudioError('checkpointInvalid', `${path} is not the file that its manifest names.`, { path });
  }
  return { about, bytes, head: decodeHead(bytes) };
}

/** What stands for the manifest of a pack that has none to be read. */
function unreadableManifest(id: string): PackManifest {
  return {
    ...{ format: 'sfiqa-pack/1', id, title: id, kind: 'network', network: null, isUntrained: false },
    ...{ licence: '', summary: '', knows: [], doesNotKnow: [], inputRecipe: '' },
    ...{ features: { version: 1, length: 1 }, signals: [], fusion: [], absent: [], heads: [] },
    ...{ training: {}, sources: [] },
  };
}

/** The pack of an id, for what needs only its stored numbers. @throws StudioError `notFound` */
export function getPack(studio: Pick<Studio, 'packs'>, packId: string): Pack {
  const pack = studio.packs.get(packId);
  if (pack === undefined) throw new StudioError('notFound', `There is no pack “${packId}”.`, { packId });
  return pack;
}

/** The pack of an id, for what needs its files. @throws StudioError `notFound`, `checkpointInvalid` when something is wrong with it now */
export function getUsablePack(studio: Pick<Studio, 'packs'>, packId: string): Pack {
  const pack = getPack(studio, packId);
  const problem = findProblem(pack);
  if (problem !== null) throw new StudioError('checkpointInvalid', problem, { packId });
  return pack;
}

/** Why a pack cannot be used now, with what to do; null where it can. Looks at names, sizes and times only. */
export function findProblem({ folder, manifest, damage }: Pack): string | null {
  if (damage !== null) return damage;
  const { network, id } = manifest;
  if (network === null) return null;
  const home = network.graphFolder ?? folder;
  for (const { link, path, sizeBytes, mtimeMs, isOriginal, isInPlace } of network.sources) {
    const place = isInPlace ? path : join(home, link);
    const info = statSync(place, { throwIfNoEntry: false });
    const again = `remove the pack “${id}” and add it again`;
    if (info !== undefined && !canRead(place))
      return `${place} cannot be read any more: the system gives this account no permission. Change that, or ${again}.`;
    if (info === undefined)
      return `${place}${isOriginal && !isInPlace ? ` (${path})` : ''} is not there any more: put it back, or ${again}.`;
    if (info.size !== sizeBytes || info.mtimeMs !== mtimeMs) {
      return isOriginal
        ? `${path} was changed after the pack was made from it${isInPlace ? '' : ', or the library was copied without its files’ times'}: put the former file back, or ${again}.`
        : `${place} was changed after the pack was made: make the pack “${id}” again.`;
    }
  }
  const graphs = network.members.flatMap((member) => member.graphs);
  const lost = graphs.find(({ file }) => !existsSync(join(home, file)));
  return lost === undefined ? null : `${join(home, lost.file)} is missing: make the pack “${id}” again.`;
}

/** Whether making a pack again from the same files may mend its problem. */
function canBeRemade(pack: Pack, isNewer: boolean): boolean {
  if (pack.damage !== null || pack.manifest.network === null || isNewer) return false;
  try {
    orderOf(pack);
    return true;
  } catch {
    return false;
  }
}

function canRead(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** What the models process finds wrong with a pack; where it finds nothing, it is asked again when a file of the pack has changed. */
const checks = new WeakMap<Pack, { stamp: string; check: Promise<Problem | null> }>();

async function checkUnlessSame(studio: Studio, pack: Pack): Promise<Problem | null> {
  const stamp = stampOf(pack);
  const known = checks.get(pack);
  if (known?.stamp === stamp) return await known.check;
  const check = studio.models.ask({ kind: 'checkPack', packFolder: pack.folder }).then(
    ({ problem }) => problem,
    // A models process that does not run is the doctor's to tell.
    () => null,
  );
  checks.set(pack, { stamp, check });
  const problem = await check;
  if (problem !== null) checks.delete(pack);
  return problem;
}

/** Sizes and times of the files in a pack's folder, of which there are some dozen. */
function stampOf({ folder, manifest }: Pack): string {
  const home = manifest.network?.graphFolder ?? folder;
  const files = [...new Set([folder, home])].flatMap((place) =>
    readdirSync(place).map((name) => join(place, name)),
  );
  const infos = files.map((file) => [file, statSync(file, { throwIfNoEntry: false })] as const);
  return JSON.stringify(infos.map(([file, info]) => [file, info?.size, info?.mtimeMs, info?.ino]));
}

/** All packs with the ids of their active heads, their files, and what is wrong with them. */
export async function listPacks(studio: Studio): Promise<PackInfo[]> {
  return await Promise.all(
    [...studio.packs.values()].map(async (pack) => {
      const found = findProblem(pack);
      const isOurs = pack.manifest.network !== null && found === null;
      const met = isOurs ? await checkUnlessSame(studio, pack) : null;
      const problem = found ?? met?.message ?? null;
      const isMendable = problem !== null && canBeRemade(pack, met?.code === 'unsupported');
      return await describePack(studio, pack, { problem, canBeRemade: isMendable });
    }),
  );
}

async function describePack(
  studio: Studio,
  pack: Pack,
  state: Pick<PackInfo, 'problem' | 'canBeRemade'>,
): Promise<PackInfo> {
  const { manifest, isBuiltIn } = pack;
  const active = activeHeads(studio.db, manifest.id).map((head) => [head.target, head.id] as const);
  const { format: _format, features: _features, training: _training, network, ...shown } = manifest;
  return {
    ...shown,
    isBuiltIn,
    activeHeads: Object.fromEntries(active),
    network: network && {
      precision: network.precision,
      members: network.members.map(({ name }) => name),
      hasQuality: network.quality !== null,
      hasSimilarity: network.similarity !== null,
      files: network.sources.map(({ path, sizeBytes, isOriginal }) => ({ path, sizeBytes, isOriginal })),
    },
    lastUsed: readLastUsed(studio.db, manifest.id),
    storedBy: await listStoredBy(studio, manifest),
    verification: readVerification(studio.db, manifest.id, manifest.features.version),
    ...state,
  };
}

/** Why the numbers of a pack are not shown as scores; null where they are. */
export function whyNotShown({ packs, db }: Pick<Studio, 'packs' | 'db'>, packId: string): string | null {
  const pack = packs.get(packId);
  const isUntrained =
    pack === undefined || pack.damage !== null
      ? readPackNote(db, packId)?.isUntrained
      : pack.manifest.isUntrained;
  if (isUntrained !== true) return null;
  return 'This pack was never trained (it is for tests): its numbers say nothing of an image.';
}

/** @throws StudioError `unsupported` for a pack whose numbers are not shown as scores */
export function refuseUnshown(studio: Pick<Studio, 'packs' | 'db'>, packId: string): void {
  const reason = whyNotShown(studio, packId);
  if (reason !== null) throw new StudioError('unsupported', reason, { packId });
}

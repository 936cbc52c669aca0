/** Adds packs to a library and takes them out: made of checkpoints by the models process, or taken from an exported folder. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { StudioError } from '../contract/errors.ts';
import type { Job, JobSummary } from '../contract/jobs.ts';
import type { AddPack, FetchablePack, PackManifest, PackPlan, ShippedHead } from '../contract/pack.ts';
import { forgetDerived } from '../db/features.ts';
import type { BuiltPack } from '../native-models/messages.ts';
import { createFusionHead } from './fusion-head.ts';
import type { JobContext } from './jobs.ts';
import { encodeHead } from './maths/head-codec.ts';
import { fetchPickScore } from './models/fetch-pickscore.ts';
import { FileFailureError } from './models/models-client.ts';
import { explainFolder, readSums, verifyFolder } from './pack-folder.ts';
import { refuseInUse } from './pack-in-use.ts';
import { memberSignal } from './pack-vectors.ts';
import { getPack, packsFolderOf, readManifest, readPack, whyNotShown } from './packs.ts';
import { registerPack } from './register-pack.ts';
import { formerPrefix, makingPrefix, restoreFormer } from './remake-pack.ts';
import { changeSettings, getSettings } from './settings.ts';
import type { Studio } from './studio.ts';

/** MOS 0–5: the scale of the ratings that the released networks were trained on. */
const releasedRange: [number, number] = [0, 5];

const fetchableTitles: Record<FetchablePack, string> = { pickscore: 'PickScore v1' };

/** A pack that is being taken away: a name that no pack can have, either. */
const removingPrefix = '.removing-';
const unfinished = [makingPrefix, removingPrefix, formerPrefix];

type NamedOrder = AddPack & { id: string; title: string };

/**
 * What adding would make and write.
 *
 * @throws StudioError `badInput` where nothing is named, `conflict` for an id that is taken, `checkpointInvalid`, `unreadable`
 */
export async function planPack(studio: Studio, order: AddPack): Promise<PackPlan> {
  const { sfiqa, clip, backbone, folder } = order;
  if (sfiqa === undefined && clip === undefined && backbone === undefined && folder === undefined) {
    throw new StudioError(
      'badInput',
      'Name a checkpoint: sfiqa, clip or backbone, or the folder of an exported pack.',
    );
  }
  refuseUnplaced({ sfiqa, clip, backbone, folder, tokeniser: order.tokeniser });
  if (order.id !== undefined) refuseTakenId(studio, order.id);
  const to = packsFolderOf(studio.folder);
  const plan = finishPlan(studio, order, await studio.models.ask({ kind: 'planPack', order, to }));
  if (folder !== undefined) await readSums(folder);
  return { ...plan, graphFolder: join(to, plan.id) };
}

/** A path that does not begin at the root would be looked for where the studio was started, which nobody means. */
function refuseUnplaced(paths: Record<string, string | undefined>): void {
  const path = Object.values(paths).find((one) => one !== undefined && !isAbsolute(one));
  if (path === undefined) return;
  throw new StudioError(
    'badInput',
    `“${path}” does not say where it lies: give the whole path, from the root or the drive on.`,
    { path },
  );
}

type Suggested = Omit<PackPlan, 'id' | 'title'> & { suggestedId: string; suggestedTitle: string };

function finishPlan(
  studio: Studio,
  order: AddPack,
  { suggestedId, suggestedTitle, ...plan }: Suggested,
): PackPlan {
  const id = order.id ?? suggestedId;
  refuseTakenId(studio, id);
  if (plan.writesBytes > plan.freeBytes) {
    throw new StudioError(
      'diskFull',
      `Adding writes ${inMegabytes(plan.writesBytes)}, but the disk of ${plan.graphFolder} has ${inMegabytes(plan.freeBytes)} free. Make room there first.`,
      { path: plan.graphFolder, neededBytes: plan.writesBytes, freeBytes: plan.freeBytes },
    );
  }
  return { ...plan, id, title: order.title ?? suggestedTitle };
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function refuseTakenId(studio: Studio, id: string): void {
  const taken = studio.packs.get(id);
  if (taken === undefined) return;
  throw new StudioError(
    'conflict',
    `There is a pack “${id}” already (${taken.manifest.title}). Give the new one another name (id), or remove that one first.`,
    { packId: id },
  );
}

/** Starts to add a pack as a job, once it is clear what it will be. @throws StudioError as `planPack` */
export async function startAdding(studio: Studio, order: AddPack): Promise<Job> {
  const { id, title } = await planPack(studio, order);
  return studio.jobs.start({
    kind: 'addPack',
    title: `Add ${title}`,
    params: order,
    packId: id,
    work: (context) => addPack(studio, { ...order, id, title }, context),
  });
}

/** Starts to fetch a published model into the library and to make a pack of it. @throws StudioError `conflict` when it is there */
export function startFetching(
  studio: Studio,
  order: { name: FetchablePack; precision: AddPack['precision'] },
): Job {
  const { name, precision } = order;
  const title = fetchableTitles[name];
  refuseTakenId(studio, name);
  return studio.jobs.start({
    kind: 'fetchPack',
    title: `Fetch ${title}`,
    params: order,
    packId: name,
    work: async (context) => {
      const to = join(studio.folder, 'checkpoints', name);
      await fetchPickScore(
        { to },
        {
          signal: context.signal,
          onProgress: ({ file, doneBytes, totalBytes }) =>
            context.report({ phase: `fetching ${file}`, done: doneBytes, total: totalBytes }),
        },
      );
      return await addPack(studio, { clip: to, precision, id: name, title }, context);
    },
  });
}

/** Makes the pack under a name that no pack can have, and gives it its own when it is whole. */
async function addPack(studio: Studio, order: NamedOrder, context: JobContext): Promise<JobSummary> {
  const { id } = order;
  refuseTakenId(studio, id);
  const packsFolder = packsFolderOf(studio.folder);
  const making = join(packsFolder, makingPrefix + id);
  await mkdir(packsFolder, { recursive: true });
  await rm(making, { recursive: true, force: true });
  let built: BuiltPack | null = null;
  try {
    built = await buildIn(studio, { order, to: making }, context);
    await addFusionHead(making, built);
    await rename(making, join(packsFolder, id));
  } catch (error) {
    removeOneUnfinished(making, built?.manifest ?? null);
    // A models process that died took nothing away.
    removeOneUnfinished(`${making}.partial`);
    throw error instanceof FileFailureError ? error : explainFolder(error, packsFolder, context.signal);
  }
  const pack = readPack(join(packsFolder, id), id);
  registerPack(studio, pack);
  if (pack.damage !== null) throw new StudioError('checkpointInvalid', pack.damage, { packId: id });
  studio.bus.changed('packs', 'heads', 'scores', 'images');
  return { packId: id };
}

async function buildIn(
  studio: Studio,
  { order, to }: { order: NamedOrder; to: string },
  context: JobContext,
): Promise<BuiltPack> {
  const { id, title, ...named } = order;
  if (order.folder !== undefined) await verifyFolder(order.folder, context);
  return await studio.models.ask(
    { kind: 'buildPack', order: named, id, title, to },
    {
      signal: context.signal,
      onProgress: ({ phase, done, total }) => context.report({ phase, done, total }),
    },
  );
}

/** The released fusion weights become the pack's first head. */
async function addFusionHead(folder: string, { manifest, fusion }: BuiltPack): Promise<void> {
  if (fusion.length === 0) return;
  const head = createFusionHead(fusion, manifest.fusion, (base, member) =>
    memberSignal(base, manifest, member),
  );
  const bytes = encodeHead(head);
  const about: ShippedHead = {
    name: fusion.length === 1 ? 'Released fusion' : `Released fusion, mean of ${fusion.length}`,
    file: 'overall.head',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    kind: 'network',
    inputs: 'signals',
    target: 'overall',
    range: releasedRange,
    figures: {},
  };
  await writeFile(join(folder, about.file), bytes);
  const whole: PackManifest = { ...manifest, heads: [...manifest.heads, about] };
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(whole, null, 2)}\n`);
}

/**
 * Takes a pack out of the library. The checkpoints stay where they are, and what was scored with it stays stored.
 *
 * @throws StudioError `notFound`, `forbidden` for a pack of the studio, `conflict` while a job uses it, `unreadable` where the system does not let
 *   its folder go: it stays whole then
 */
export function removePack(studio: Studio, id: string): { id: string } {
  const pack = getPack(studio, id);
  if (pack.isBuiltIn)
    throw new StudioError('forbidden', `“${id}” belongs to the studio and stays.`, { packId: id });
  refuseInUse(studio, pack);
  // The process has what it opened in its memory; and Windows removes no file that is open.
  studio.models.recycle();
  const removing = join(packsFolderOf(studio.folder), removingPrefix + id);
  takeAway(pack.folder, removing);
  if (whyNotShown(studio, id) !== null) studio.db.transaction(() => forgetDerived(studio.db, id));
  studio.packs.delete(id);
  removeOneUnfinished(removing, pack.manifest);
  if (getSettings(studio).packId === id) changeSettings(studio, { packId: 'classic' });
  studio.bus.changed('packs', 'heads', 'scores', 'images');
  return { id };
}

/** In one step, so that a folder that may not be removed keeps all of its files. */
function takeAway(folder: string, to: string): void {
  if (!existsSync(folder)) return;
  try {
    rmSync(to, { recursive: true, force: true });
    renameSync(folder, to);
  } catch (error) {
    throw new StudioError(
      'unreadable',
      `${folder} cannot be removed: ${error instanceof Error ? error.message : error}. The pack stays.`,
      { path: folder },
      { cause: error },
    );
  }
}

/** A pack's folder, and the one beside the checkpoint where an earlier version put its graphs; never an exported folder that a user owns. */
function removeFolders(folder: string, manifest: PackManifest | null): void {
  const elsewhere = manifest?.network?.graphFolder ?? null;
  if (
    elsewhere !== null &&
    basename(elsewhere).endsWith('.sfiqa') &&
    !existsSync(join(elsewhere, 'manifest.json'))
  ) {
    rmSync(elsewhere, { recursive: true, force: true });
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Takes away what an adding or a removing left that was killed; what resists is in nobody's way, and is tried again next time. */
export function removeUnfinished(libraryFolder: string): void {
  const packsFolder = packsFolderOf(libraryFolder);
  if (!existsSync(packsFolder)) return;
  restoreFormer(packsFolder);
  const isUnfinished = (name: string) => unfinished.some((prefix) => name.startsWith(prefix));
  for (const name of readdirSync(packsFolder).filter(isUnfinished)) {
    removeOneUnfinished(join(packsFolder, name));
  }
}

function removeOneUnfinished(folder: string, manifest = manifestWhereWhole(folder)): void {
  try {
    removeFolders(folder, manifest);
  } catch (error) {
    console.error(`${folder} could not be removed: ${error instanceof Error ? error.message : error}`);
  }
}

function manifestWhereWhole(folder: string): PackManifest | null {
  try {
    return readManifest(folder);
  } catch {
    return null;
  }
}

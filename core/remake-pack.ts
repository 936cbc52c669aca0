/** Makes a pack again from the same files, in its place: for packs of an older studio, and where a file of its own was lost or changed. */
import { existsSync, readdirSync, renameSync } from 'node:fs';
import { copyFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { StudioError } from '../contract/errors.ts';
import type { Job, JobSummary } from '../contract/jobs.ts';
import { PackManifest, type PackNetwork } from '../contract/pack.ts';
import { PackId } from '../contract/targets.ts';
import type { JobContext } from './jobs.ts';
import { FileFailureError } from './models/models-client.ts';
import { explainFolder } from './pack-folder.ts';
import { refuseInUse } from './pack-in-use.ts';
import { getPack, type Pack, packsFolderOf, readPack } from './packs.ts';
import { registerPack } from './register-pack.ts';
import { orderOf, type RemakeOrder } from './remake-order.ts';
import type { Studio } from './studio.ts';

/** A new folder while it is made, and the former one while they change places: names that no pack can have. */
export const makingPrefix = '.adding-';
export const formerPrefix = '.former-';

/**
 * Starts to make a pack again as a job. Its heads stay, and what is stored as far as it is still what the pack gives; until the new one is whole the
 * former one is the pack.
 *
 * @throws StudioError `notFound`, `unsupported` for a pack without networks, `conflict` while a job uses it, `checkpointInvalid` where the files that
 *   it was made of are gone or changed
 */
export function startRemaking(studio: Studio, id: string): Job {
  const pack = getPack(studio, id);
  const { manifest, damage, isBuiltIn } = pack;
  if (damage !== null) throw new StudioError('checkpointInvalid', damage, { packId: id });
  if (isBuiltIn || manifest.network === null) {
    throw new StudioError(
      'unsupported',
      `“${id}” is not made of checkpoints: there is nothing to make again.`,
      {
        packId: id,
      },
    );
  }
  refuseInUse(studio, pack);
  const remake = orderOf(pack);
  return studio.jobs.start({
    kind: 'remakePack',
    title: `Make ${manifest.title} again`,
    params: { id },
    packId: id,
    work: (context) => remakePack(studio, { pack, remake }, context),
  });
}

async function remakePack(
  studio: Studio,
  { pack, remake }: { pack: Pack; remake: RemakeOrder },
  context: JobContext,
): Promise<JobSummary> {
  const { id, title } = pack.manifest;
  const packsFolder = packsFolderOf(studio.folder);
  const to = join(packsFolder, makingPrefix + id);
  try {
    await rm(to, { recursive: true, force: true });
    const built = await studio.models.ask(
      { kind: 'buildPack', order: remake.order, id, title, to },
      {
        signal: context.signal,
        onProgress: ({ phase, done, total }) => context.report({ phase, done, total }),
      },
    );
    const manifest = continueManifest(pack, built.manifest, remake);
    for (const { file } of manifest.heads) await copyFile(join(pack.folder, file), join(to, file));
    await writeFile(join(to, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    // The process has what it opened in its memory; and Windows moves no file that is open.
    studio.models.recycle();
    await changePlaces(to, pack.folder, join(packsFolder, formerPrefix + id));
  } catch (error) {
    await rm(to, { recursive: true, force: true }).catch(() => undefined);
    throw error instanceof FileFailureError ? error : explainFolder(error, packsFolder, context.signal);
  }
  registerPack(studio, readPack(pack.folder, id));
  studio.bus.changed('packs', 'heads', 'scores', 'images');
  return { packId: id, notes: describeChange(studio, pack) };
}

/** The new manifest, with the former heads; copies that the former pack had stay the pack's own. @throws StudioError `checkpointInvalid` */
function continueManifest(
  { folder, manifest: former }: Pack,
  made: PackManifest,
  { isFromOwn }: RemakeOrder,
): PackManifest {
  const [before, network] = [former.network!, PackManifest.parse(made).network!];
  const isOther =
    !isDeepStrictEqual(about(before), about(network)) ||
    (isFromOwn && before.fingerprint !== network.fingerprint);
  if (isOther) {
    throw new StudioError(
      'checkpointInvalid',
      `The files that the pack “${former.id}” was made of are not told to be the same model any more (a config.json beside them was changed or is gone). Remove the pack and add the model again.`,
      { packId: former.id },
    );
  }
  const copies = new Set(before.sources.filter(({ isOriginal }) => !isOriginal).map(({ link }) => link));
  const paths = new Map(before.sources.map(({ link, path }) => [join(folder, link), path]));
  const sources = network.sources.map((source) => ({
    ...source,
    path: paths.get(source.path) ?? source.path,
    isOriginal: source.isOriginal && !copies.has(source.link),
  }));
  const { madeFrom: named, ...rest } = network;
  const madeFrom = isFromOwn ? before.madeFrom : named;
  return {
    ...{ ...made, heads: former.heads, isUntrained: former.isUntrained },
    network: { ...rest, sources, ...(madeFrom && { madeFrom }) },
  };
}

/** What a model is, whoever drew it. */
function about({ members, quality, similarity }: PackNetwork): unknown {
  const { tokeniserSha256: _, ...images } = similarity ?? {};
  return [members.map(({ name, logitScale }) => [name, logitScale]), quality, images];
}

/** @throws what the system throws; the former folder is back in its place then */
async function changePlaces(made: string, place: string, former: string): Promise<void> {
  await rm(former, { recursive: true, force: true });
  await rename(place, former);
  try {
    await rename(made, place);
  } catch (error) {
    await rename(former, place);
    throw error;
  }
  // What resists is in nobody's way, and is tried again when the library is next opened.
  await rm(former, { recursive: true, force: true }).catch(() => undefined);
}

/** Puts packs back whose new folder was not in their place when the studio was killed. */
export function restoreFormer(packsFolder: string): void {
  for (const name of readdirSync(packsFolder).filter((one) => one.startsWith(formerPrefix))) {
    const id = name.slice(formerPrefix.length);
    if (PackId.safeParse(id).success && !existsSync(join(packsFolder, id))) {
      renameSync(join(packsFolder, name), join(packsFolder, id));
    }
  }
}

function describeChange(studio: Studio, former: Pack): string[] {
  const { id, features } = former.manifest;
  const isSame = studio.packs.get(id)?.manifest.features.version === features.version;
  return [
    isSame
      ? 'It gives the same numbers: what was stored stays.'
      : 'It computes otherwise than before: its heads stay; score the library with it, and Q, S and scores are there again.',
  ];
}

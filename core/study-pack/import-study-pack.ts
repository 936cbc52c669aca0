/** Takes a study pack into a library: its images where they lie or unpacked, its design as it was frozen, and what it lays out for its raters. */
import { existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { basename, join, posix, resolve } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { Job } from '../../contract/jobs.ts';
import type { CompleteNewStudy } from '../../contract/studies.ts';
import { saveFile } from '../../db/files.ts';
import { saveImage, setGenerator, setPrompt } from '../../db/images.ts';
import { finishStudy } from '../../db/partial-studies.ts';
import { insertPresentations, saveRater } from '../../db/sittings.ts';
import { freezeStudy, insertStimuli, labelStimulus, studyIdByUid } from '../../db/studies.ts';
import { presentationsByUid } from '../../db/study-results.ts';
import { unpack } from '../compute/carry-error.ts';
import { coverFolder } from '../cover-folder.ts';
import type { StudyManifest } from '../freeze-study.ts';
import type { JobContext } from '../jobs.ts';
import { takeAway } from '../partial-studies.ts';
import { getStudyCore, storeStudy } from '../studies.ts';
import type { Studio } from '../studio.ts';
import { writeInSlices } from '../write-in-slices.ts';
import { checkImages, type FileTime } from './check-images.ts';
import type { StudyPack } from './pack-format.ts';
import type { PackDesign } from './read-pack.ts';
import { openPackFile, unpackImages } from './unpack-file.ts';

/** Starts to take a pack in as a job; every image is held against its hash. @throws StudioError `conflict` while another is taken in */
export function startImportingStudy(studio: Studio, given: string): Job {
  const path = resolve(given);
  return studio.jobs.start({
    kind: 'importStudy',
    title: `Study pack ${basename(path)}`,
    params: { path },
    work: async (context) => {
      const isFile = (await stat(path).catch(() => null))?.isFile() === true;
      const design = unpack(
        await studio.compute.run('readPackDesign', { path, isFile }, { signal: context.signal }),
      );
      const order = { ...design, path };
      const images = await (isFile ? unpackFile(studio, order, context) : checkFolder(order, context));
      const studyId = await takeIn(studio, { ...design, ...images });
      studio.bus.changed('images', 'studies', 'mos');
      return { studyId, rows: design.pack.files.length };
    },
  });
}

interface PackImages {
  /** Where they are. */
  folder: string;
  times: ReadonlyMap<string, FileTime>;
}

interface ReadPack extends PackDesign, PackImages {}

/** Its images stay where they are. */
async function checkFolder(
  { path, pack }: PackDesign & { path: string },
  context: JobContext,
): Promise<PackImages> {
  const folder = join(path, 'images');
  return { folder, times: await checkImages(pack.files, folder, context) };
}

/** Its images go into the library's folder, in one of the study's own, which all packs of the study share. */
async function unpackFile(
  studio: Studio,
  { path, pack }: PackDesign & { path: string },
  context: JobContext,
): Promise<PackImages> {
  const file = await openPackFile(path);
  const { files, manifestHash } = pack;
  const home = join(studio.folder, 'study-packs', manifestHash.slice(0, 32));
  const isNew = !existsSync(home);
  const folder = join(home, 'images');
  try {
    return { folder, times: await unpackImages(file, { files, folder }, context) };
  } catch (error) {
    if (isNew) await rm(home, { recursive: true, force: true });
    throw error;
  } finally {
    file.zip.close();
  }
}

/** A few milliseconds at a time; a new study is seen once it is whole, and raters that a study here gets beside its own at once. */
async function takeIn(studio: Studio, order: ReadPack): Promise<number> {
  const { db } = studio;
  const { manifest, pack } = order;
  const known = studyIdByUid(db, manifest.study.uid);
  if (known !== undefined && getStudyCore(studio, known).origin !== 'pack') {
    throw new StudioError(
      'conflict',
      `“${manifest.study.name}” was made in this library: take its results in instead.`,
      { studyId: known },
    );
  }
  const idOf = await saveImages(studio, order);
  if (known !== undefined) {
    await layOutRaters(studio, { studyId: known, pack, idOf });
    return known;
  }
  const studyId = db.transaction(() => storeEmpty(studio, order, idOf));
  try {
    await storeImages(studio, { studyId, manifest, idOf });
    await layOutRaters(studio, { studyId, pack, idOf });
    db.transaction(() => {
      freezeStudy(db, studyId, {
        manifest: pack.manifest,
        manifest_hash: pack.manifestHash,
        frozen_at: studio.now(),
      });
      finishStudy(db, studyId);
    });
  } catch (error) {
    await takeAway(studio, studyId);
    throw error;
  }
  return studyId;
}

/** The id of an image by its hash; what a pack names is among its files. */
type IdOf = (sha256: string) => number;

interface Layout {
  studyId: number;
  pack: StudyPack;
  idOf: IdOf;
}

/** What is laid out already stays as it is. */
async function layOutRaters({ db, now }: Studio, { studyId, pack, idOf }: Layout): Promise<void> {
  const presentations = presentationsByUid(db, studyId);
  for (const { name, presentations: own } of pack.raters) {
    const raterId = saveRater(db, name, now()).id;
    const fresh = own.filter(({ uid }) => !presentations.has(uid));
    await writeInSlices(db, fresh, ({ uid, sha256, other, role }) => {
      const otherImageId = other === null ? null : idOf(other);
      insertPresentations(db, { studyId, raterId }, [{ uid, role, imageId: idOf(sha256), otherImageId }]);
    });
  }
}

async function saveImages(studio: Studio, { pack, manifest, folder, times }: ReadPack): Promise<IdOf> {
  const { db } = studio;
  const now = studio.now();
  const { root, part } = coverFolder(db, { path: folder, recursive: false }, now);
  const frozen = new Map(manifest.images.map((image) => [image.sha256, image]));
  const ids = new Map<string, number>();
  await writeInSlices(db, pack.files, ({ sha256, file, prompt, ...image }) => {
    const id = saveImage(db, { hash: sha256, ...image }, now);
    ids.set(sha256, id);
    const path = posix.join(part?.path ?? '.', file);
    saveFile(db, { rootId: root.id, path, rawPath: null, ...times.get(sha256)! }, { imageId: id }, now);
    const shown = frozen.get(sha256)?.prompt ?? prompt;
    const generator = frozen.get(sha256)?.generator ?? null;
    if (shown !== null) setPrompt(db, id, shown, 'list');
    if (generator !== null) setGenerator(db, id, generator, 'list');
  });
  return (sha256) => ids.get(sha256)!;
}

/** The study without its images; call it in a transaction. */
function storeEmpty(studio: Studio, { manifest }: ReadPack, idOf: IdOf): number {
  const checks = (role: 'gold' | 'trap') =>
    manifest.items
      .filter((item) => item.role === role)
      .map(({ sha256, dimension, expected, tolerance }) => ({
        ...{ imageId: idOf(sha256), dimension, expected: expected ?? 0, tolerance: tolerance ?? 0 },
      }));
  const plain = (role: 'training' | 'stabilising') =>
    manifest.items.filter((item) => item.role === role).map(({ sha256 }) => idOf(sha256));
  const { uid, version, name } = manifest.study;
  const items = {
    training: plain('training'),
    stabilising: plain('stabilising'),
    gold: checks('gold'),
    traps: checks('trap'),
  };
  const order: CompleteNewStudy = { name, design: manifest.design, imageIds: [], items, labels: [] };
  return storeStudy(studio, order, { uid, version, origin: 'pack', isPartial: true });
}

async function storeImages(
  { db }: Studio,
  { studyId, manifest, idOf }: { studyId: number; manifest: StudyManifest; idOf: IdOf },
): Promise<void> {
  await writeInSlices(db, manifest.images, ({ sha256, group, reference }) => {
    const imageId = idOf(sha256);
    insertStimuli(db, studyId, [imageId]);
    if (group === null && reference === null) return;
    labelStimulus(db, { studyId, imageId, group, referenceId: reference === null ? null : idOf(reference) });
  });
}

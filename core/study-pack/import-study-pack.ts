/** Takes a study pack into a library: its images where they lie or unpacked, its design as it was frozen, and what it lays out for its raters. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { basename, join, posix, resolve } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { Job } from '../../contract/jobs.ts';
import type { CompleteNewStudy } from '../../contract/studies.ts';
import { saveFile } from '../../db/files.ts';
import { saveImage, setGenerator, setPrompt } from '../../db/images.ts';
import { insertPresentations, saveRater } from '../../db/sittings.ts';
import { freezeStudy, studyIdByUid } from '../../db/studies.ts';
import { presentationsByUid } from '../../db/study-results.ts';
import { coverFolder } from '../cover-folder.ts';
import type { StudyManifest } from '../freeze-study.ts';
import type { JobContext } from '../jobs.ts';
import { getStudyCore, storeStudy } from '../studies.ts';
import type { Studio } from '../studio.ts';
import { checkImages, type FileTime } from './check-images.ts';
import { Manifest, StudyPack } from './pack-format.ts';
import { openPackFile, readDesign, unpackImages } from './unpack-file.ts';

/** Starts to take a pack in as a job; every image is held against its hash. @throws StudioError `conflict` while another is taken in */
export function startImportingStudy(studio: Studio, given: string): Job {
  const path = resolve(given);
  return studio.jobs.start({
    kind: 'importStudy',
    title: `Study pack ${basename(path)}`,
    params: { path },
    work: async (context) => {
      const isFile = (await stat(path).catch(() => null))?.isFile() === true;
      const read = await (isFile ? readFilePack(studio, path, context) : readFolderPack(path, context));
      const studyId = studio.db.transaction(() => takeIn(studio, read));
      studio.bus.changed('images', 'studies', 'mos');
      return { studyId, rows: read.pack.files.length };
    },
  });
}

interface ReadPack {
  pack: StudyPack;
  manifest: StudyManifest;
  /** Where its images are. */
  folder: string;
  times: ReadonlyMap<string, FileTime>;
}

/** Its images stay where they are. */
async function readFolderPack(path: string, context: JobContext): Promise<ReadPack> {
  const design = join(path, 'study.json');
  let text: string;
  try {
    text = await readFile(design, 'utf8');
  } catch (error) {
    throw new StudioError(
      'notFound',
      `${path} is no study pack: there is no study.json in it.`,
      { path: design },
      { cause: error },
    );
  }
  const parsed = parsePack(text, design);
  const folder = join(path, 'images');
  return { ...parsed, folder, times: await checkImages(parsed.pack.files, folder, context) };
}

/** Its images go into the library's folder, in one of the study's own, which all packs of the study share. */
async function readFilePack(studio: Studio, path: string, context: JobContext): Promise<ReadPack> {
  const file = await openPackFile(path);
  try {
    const parsed = parsePack(await readDesign(file), path);
    const { files, manifestHash } = parsed.pack;
    const home = join(studio.folder, 'study-packs', manifestHash.slice(0, 32));
    const isNew = !existsSync(home);
    const folder = join(home, 'images');
    try {
      return { ...parsed, folder, times: await unpackImages(file, { files, folder }, context) };
    } catch (error) {
      if (isNew) await rm(home, { recursive: true, force: true });
      throw error;
    }
  } finally {
    file.zip.close();
  }
}

function parsePack(text: string, path: string): Pick<ReadPack, 'pack' | 'manifest'> {
  try {
    const pack = StudyPack.parse(JSON.parse(text));
    const hash = createHash('sha256').update(pack.manifest).digest('hex');
    if (hash !== pack.manifestHash) throw new Error('the design was changed after it was frozen');
    return { pack, manifest: Manifest.parse(JSON.parse(pack.manifest)) };
  } catch (error) {
    const reason =
      error instanceof SyntaxError || !(error instanceof Error) ? 'it is not whole' : error.message;
    throw new StudioError('badInput', `${path} cannot be used: ${reason}.`, { path }, { cause: error });
  }
}

function takeIn(studio: Studio, order: ReadPack): number {
  const { db } = studio;
  const { manifest, pack } = order;
  const known = studyIdByUid(db, manifest.study.uid);
  if (known !== undefined && getStudyCore(studio, known).origin !== 'pack') {
    throw new StudioError(
      'conflict',
      `“${manifest.study.name}” was made in this library: take its results in instead.`,
      {
        studyId: known,
      },
    );
  }
  const imageIds = saveImages(studio, order);
  const studyId = known ?? storeFrozen(studio, order, imageIds);
  const presentations = presentationsByUid(db, studyId);
  for (const { name, presentations: own } of pack.raters) {
    const rater = saveRater(db, name, studio.now());
    const fresh = own.filter(({ uid }) => !presentations.has(uid));
    insertPresentations(
      db,
      { studyId, raterId: rater.id },
      fresh.map(({ uid, sha256, other, role }) => ({
        ...{ uid, role, imageId: imageIds(sha256) },
        otherImageId: other === null ? null : imageIds(other),
      })),
    );
  }
  return studyId;
}

function saveImages(studio: Studio, { pack, manifest, folder, times }: ReadPack): (sha256: string) => number {
  const { db } = studio;
  const now = studio.now();
  const { root, part } = coverFolder(db, { path: folder, recursive: false }, now);
  const generators = new Map(manifest.images.map(({ sha256, generator }) => [sha256, generator]));
  const prompts = new Map(manifest.images.map(({ sha256, prompt }) => [sha256, prompt]));
  const ids = new Map<string, number>();
  for (const { sha256, file, prompt, ...image } of pack.files) {
    const id = saveImage(db, { hash: sha256, ...image }, now);
    ids.set(sha256, id);
    const path = posix.join(part?.path ?? '.', file);
    saveFile(db, { rootId: root.id, path, rawPath: null, ...times.get(sha256)! }, { imageId: id }, now);
    const shown = prompts.get(sha256) ?? prompt;
    const generator = generators.get(sha256) ?? null;
    if (shown !== null) setPrompt(db, id, shown, 'list');
    if (generator !== null) setGenerator(db, id, generator, 'list');
  }
  return (sha256) => {
    const id = ids.get(sha256);
    if (id === undefined)
      throw new StudioError('badInput', `The pack lacks an image of its study (${sha256}).`);
    return id;
  };
}

function storeFrozen(studio: Studio, { pack, manifest }: ReadPack, idOf: (sha256: string) => number): number {
  const checks = (role: 'gold' | 'trap') =>
    manifest.items
      .filter((item) => item.role === role)
      .map(({ sha256, dimension, expected, tolerance }) => ({
        ...{ imageId: idOf(sha256), dimension, expected: expected ?? 0, tolerance: tolerance ?? 0 },
      }));
  const plain = (role: 'training' | 'stabilising') =>
    manifest.items.filter((item) => item.role === role).map(({ sha256 }) => idOf(sha256));
  const order: CompleteNewStudy = {
    name: manifest.study.name,
    design: manifest.design,
    imageIds: manifest.images.map(({ sha256 }) => idOf(sha256)),
    items: {
      training: plain('training'),
      stabilising: plain('stabilising'),
      gold: checks('gold'),
      traps: checks('trap'),
    },
    labels: manifest.images.flatMap(({ sha256, group, reference }) =>
      group === null && reference === null
        ? []
        : [
            {
              imageId: idOf(sha256),
              ...(group === null ? {} : { group }),
              ...(reference === null ? {} : { referenceId: idOf(reference) }),
            },
          ],
    ),
  };
  const { uid, version } = manifest.study;
  const studyId = storeStudy(studio, order, { uid, version, origin: 'pack' });
  freezeStudy(studio.db, studyId, {
    manifest: pack.manifest,
    manifest_hash: pack.manifestHash,
    frozen_at: studio.now(),
  });
  return studyId;
}

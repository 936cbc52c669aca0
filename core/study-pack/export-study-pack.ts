/** Puts a study into a file or a folder that can be carried to another machine: design, what is laid out for some raters, and the images. */
import { existsSync } from 'node:fs';
import { readdir, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { Job } from '../../contract/jobs.ts';
import { type ExportStudyPack, isStudyPackFile } from '../../contract/study-files.ts';
import { imageByHash, imageById } from '../../db/images.ts';
import type { ImageRow } from '../../db/schema.ts';
import { presentationsOf, saveRater } from '../../db/sittings.ts';
import { manifestOf, promptTextOf, stimuliOf, studyItemsOf } from '../../db/studies.ts';
import { currentChoicesOf, currentVotesOf } from '../../db/votes.ts';
import { prepareFolderOf } from '../export/write-whole.ts';
import { freeze } from '../freeze-study.ts';
import { copyHashing } from '../hash-file.ts';
import { findSource } from '../http/serve-image.ts';
import type { JobContext } from '../jobs.ts';
import { layOut } from '../lay-out.ts';
import { makeFolder } from '../make-folder.ts';
import { findStabilising } from '../sitting-cards.ts';
import { getStudyCore, type StudyCore } from '../studies.ts';
import type { Studio } from '../studio.ts';
import type { PackedFile, StudyPack } from './pack-format.ts';
import { writePackFile } from './write-pack-file.ts';

/**
 * Starts to export a pack as a job. The design is frozen by it. What raters have not finished goes along, and is theirs on that machine.
 *
 * @throws StudioError `notFound`, `forbidden` for a study that was not made here, `conflict` for a file that is there or a folder that holds something
 */
export async function startExportingStudy(studio: Studio, order: ExportStudyPack): Promise<Job> {
  const study = getStudyCore(studio, order.studyId);
  if (study.origin !== 'own') {
    throw new StudioError('forbidden', 'Only the library in which a study was made gives out packs of it.');
  }
  const path = resolve(order.path);
  const isFile = isStudyPackFile(path);
  await assertFree(path, isFile);
  return studio.jobs.start({
    kind: 'exportStudy',
    title: `Study pack of ${study.name}`,
    params: { ...order, path },
    work: async (context) => {
      const pack = studio.db.transaction(() => describePack(studio, study.id, order.raterNames));
      await (isFile ? writeFilePack : writeFolderPack)(studio, { pack, path }, context);
      studio.bus.changed('studies');
      return { rows: pack.files.length, studyId: study.id };
    },
  });
}

async function assertFree(path: string, isFile: boolean): Promise<void> {
  if (isFile) {
    await prepareFolderOf(path);
    if (!existsSync(path)) return;
    throw new StudioError('conflict', `${path} is there already. Choose another name.`, { path });
  }
  const entries = await readdir(path).catch(() => []);
  if (entries.length === 0) return;
  throw new StudioError('conflict', `${path} holds something already. Choose an empty folder.`, { path });
}

interface Destination {
  pack: StudyPack;
  path: string;
}

async function writeFilePack(
  studio: Studio,
  { pack, path }: Destination,
  context: JobContext,
): Promise<void> {
  const findImage = imageFinder(studio, pack);
  await writePackFile({ pack, path, findImage, check: assertUnchanged }, context);
}

/** `study.json` is written last, under its name only when whole: a folder without it is no pack. */
async function writeFolderPack(
  studio: Studio,
  { pack, path }: Destination,
  { signal, report }: JobContext,
): Promise<void> {
  makeFolder(join(path, 'images'));
  report({ phase: 'copying images', total: pack.files.length });
  const findImage = imageFinder(studio, pack);
  for (const [done, file] of pack.files.entries()) {
    const to = join(path, 'images', file.file);
    assertUnchanged(file, await copyHashing(await findImage(file), to, { signal }));
    report({ done: done + 1 });
  }
  const partial = join(path, 'study.json.partial');
  await writeFile(partial, JSON.stringify(pack, null, 1));
  await rename(partial, join(path, 'study.json'));
}

function imageFinder(studio: Studio, pack: StudyPack): (file: PackedFile) => Promise<string | Buffer> {
  const rows = new Map(pack.files.map(({ sha256 }) => [sha256, imageByHash(studio.db, sha256)!]));
  return async ({ sha256 }) => {
    const source = await findSource(studio, rows.get(sha256)!);
    return typeof source === 'string' ? source : Buffer.from(source);
  };
}

function assertUnchanged({ sha256, name }: PackedFile, found: string): void {
  if (found === sha256) return;
  throw new StudioError('unreadable', `${name} has changed since it was scored: score its folder again.`);
}

function describePack(studio: Studio, studyId: number, raterNames: readonly string[]): StudyPack {
  const { db } = studio;
  freeze(studio, getStudyCore(studio, studyId));
  const study = getStudyCore(studio, studyId);
  const hashes = new Map<number, string>();
  const hashOf = (id: number) => {
    const known = hashes.get(id) ?? imageById(db, id)?.hash ?? '';
    hashes.set(id, known);
    return known;
  };
  const raters = raterNames.map((name) => {
    const rater = saveRater(db, name, studio.now());
    layOut(studio, study, rater);
    return {
      name: rater.name,
      presentations: openPresentations(studio, study, rater.id).map((row) => ({
        uid: row.uid,
        sha256: hashOf(row.image_id),
        other: row.other_image_id === null ? null : hashOf(row.other_image_id),
        role: row.role === 'training' ? 'main' : row.role,
      })),
    };
  });
  const imageIds = [
    ...stimuliOf(db, studyId).map(({ image_id }) => image_id),
    ...studyItemsOf(db, studyId).map(({ image_id }) => image_id),
  ];
  return {
    format: 'sf-iqa-studio/study-pack',
    version: 1,
    manifest: manifestOf(db, studyId) ?? '',
    manifestHash: study.manifest_hash ?? '',
    files: [...new Set(imageIds)].map((id) => describeFile(studio, imageById(db, id)!)),
    raters,
  };
}

/** What still lacks an answer, and the stabilising items before it. */
function openPresentations({ db }: Studio, study: StudyCore, raterId: number) {
  const given = [...currentVotesOf(db, study.id, raterId), ...currentChoicesOf(db, study.id, raterId)];
  const answers = Map.groupBy(given, ({ presentation_id }) => presentation_id);
  const asked = study.design.dimensions.length;
  const isOpen = ({ id }: { id: number }) => (answers.get(id)?.length ?? 0) < asked;
  const rows = presentationsOf(db, study.id, raterId);
  const again = findStabilising(rows, isOpen);
  return rows.filter((row) => isOpen(row) || again.has(row.id));
}

function describeFile({ db }: Studio, image: ImageRow): PackedFile {
  const { name, format, width, height, size_bytes: sizeBytes } = image;
  const sha256 = image.hash ?? '';
  return {
    ...{ sha256, file: `${sha256}.${format ?? 'bin'}`, name, format, width, height, sizeBytes },
    prompt: promptTextOf(db, image.prompt_id),
  };
}

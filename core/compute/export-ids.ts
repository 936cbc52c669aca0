/** Which images an export is of, as plain numbers, which cross threads at once. */
import type { Db } from '../../db/database.ts';
import { countFiles, imagesOfMosSet } from '../../db/export-rows.ts';
import { imagesOfStudy } from '../../db/studies.ts';
import { type ListQuestion, readList } from './list-images.ts';

/** Those of a list, in its order. */
export function readListIds(db: Db, question: ListQuestion): Int32Array {
  return Int32Array.from(readList(db, question).ids);
}

/** Those of a study, in the order of ids. */
export function readStudyIds(db: Db, studyId: number): Int32Array {
  return Int32Array.from(imagesOfStudy(db, studyId));
}

/** Those of a MOS set, in the order of ids. */
export function readMosSetIds(db: Db, mosSetId: number): Int32Array {
  return Int32Array.from(imagesOfMosSet(db, mosSetId));
}

/** How many files some images lie in. */
export function countFilesOf(db: Db, ids: Int32Array): number {
  return countFiles(db, [...ids]);
}

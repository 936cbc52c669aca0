/** The votes of a study's dimension as arithmetic takes them, read on a thread through a connection of its own. */
import { join } from 'node:path';
import type { Dimension } from '../../contract/studies.ts';
import { type Db, openForReading } from '../../db/database.ts';
import { type StatisticsVote, votesForStatistics } from '../../db/screening.ts';
import { ratersOf } from '../../db/sittings.ts';
import { stimuliOf, studyItemsOf } from '../../db/studies.ts';
import type { Check } from '../maths/study/screening.ts';
import { indexVotes, type Votes } from '../maths/study/votes.ts';

export interface StudyVotes {
  /** Ids by number. */
  imageIds: number[];
  raterIds: number[];
  nameOf: (rater: number) => string;
  /** First showings: what the MOS is of. */
  main: Votes;
  /** First showings and repeats. */
  withRepeats: Votes;
  /** How long the image was on screen, in the order of `withRepeats`' sources; absent where a table of votes tells no times. */
  shownMs?: Float64Array;
  gold: Check[];
  traps: Check[];
  /** The number of every image's hidden reference, −1 for none; null where no image has one. */
  referenceOf: Int32Array | null;
}

/** Runs `work` on the library's database, opened for reading only. */
export function withDb<Result>(libraryFolder: string, work: (db: Db) => Result): Result {
  const db = openForReading(join(libraryFolder, 'studio.sqlite'));
  try {
    return work(db);
  } finally {
    db.close();
  }
}

export function readStudyVotes(db: Db, studyId: number, dimension: Dimension): StudyVotes {
  const rows = votesForStatistics(db, studyId, dimension.key);
  const isMain = rows.filter(({ role }) => role === 'main');
  const imageIds = numberIds(isMain.map(({ image_id }) => image_id));
  const raterIds = numberIds(rows.map(({ rater_id }) => rater_id));
  const places = { images: placesOf(imageIds), raters: placesOf(raterIds) };
  const judged = rows.filter(
    ({ role, image_id }) => role === 'main' || (role === 'repeat' && places.images.has(image_id)),
  );
  const main = indexRows(isMain, places);
  const expected = new Map(
    studyItemsOf(db, studyId)
      .filter((item) => item.dimension === dimension.key && item.expected !== null)
      .map((item) => [`${item.role} ${item.image_id}`, item]),
  );
  const checksOf = (role: 'gold' | 'trap') =>
    rows.flatMap((row): Check[] => {
      const item = row.role === role ? expected.get(`${role} ${row.image_id}`) : undefined;
      if (item === undefined || item.expected === null) return [];
      const rater = places.raters.get(row.rater_id)!;
      return [{ rater, value: row.value, expected: item.expected, tolerance: item.tolerance ?? 0 }];
    });
  const names = new Map(ratersOf(db, studyId).map(({ id, name }) => [id, name]));
  return {
    ...{ imageIds, raterIds, main },
    nameOf: (rater) => names.get(raterIds[rater]!) ?? '',
    withRepeats: judged.length === isMain.length ? main : indexRows(judged, places),
    ...(judged.some(({ shown_ms }) => shown_ms > 0)
      ? { shownMs: Float64Array.from(judged, ({ shown_ms }) => shown_ms) }
      : {}),
    gold: checksOf('gold'),
    traps: checksOf('trap'),
    referenceOf: readReferences(db, studyId, places.images),
  };
}

function readReferences(db: Db, studyId: number, images: ReadonlyMap<number, number>): Int32Array | null {
  const referenceOf = new Int32Array(images.size).fill(-1);
  for (const { image_id, reference_id } of stimuliOf(db, studyId)) {
    const at = images.get(image_id);
    if (at !== undefined && reference_id !== null) referenceOf[at] = images.get(reference_id) ?? -1;
  }
  return referenceOf.some((at) => at >= 0) ? referenceOf : null;
}

function numberIds(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((a, b) => a - b);
}

function placesOf(ids: readonly number[]): Map<number, number> {
  return new Map(ids.map((id, at) => [id, at]));
}

interface Places {
  images: ReadonlyMap<number, number>;
  raters: ReadonlyMap<number, number>;
}

function indexRows(rows: readonly StatisticsVote[], { images, raters }: Places): Votes {
  return indexVotes({
    items: images.size,
    raters: raters.size,
    item: Int32Array.from(rows, ({ image_id }) => images.get(image_id)!),
    rater: Int32Array.from(rows, ({ rater_id }) => raters.get(rater_id)!),
    value: Float64Array.from(rows, ({ value }) => value),
  });
}

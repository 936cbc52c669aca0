/** MOS sets as the screens show them. */
import { z } from 'zod';
import type { MosScale, MosSet } from '../contract/mos.ts';
import { type MosSetSummary, mosSetById, mosSetOrigin, newestMosSetId } from '../db/mos.ts';
import { ratedScalesOf } from './mos-scale.ts';
import { missingMosSet, readMosSource } from './mos-source.ts';
import { getSettings } from './settings.ts';
import type { Studio } from './studio.ts';

/** All MOS sets, the newest first. */
export async function describeMosSets(studio: Pick<Studio, 'db' | 'reading'>): Promise<MosSet[]> {
  return (await studio.reading.read('listMosSets')).map((row) => describe(studio, row));
}

/** What a MOS set is called and whose it is, without counting its images. @throws StudioError `notFound` */
export function getMosSetCore(
  { db }: Pick<Studio, 'db'>,
  mosSetId: number,
): Pick<MosSet, 'id' | 'name' | 'studyId'> {
  const row = mosSetOrigin(db, mosSetId);
  if (row === undefined) throw missingMosSet(mosSetId);
  return { id: mosSetId, name: row.name, studyId: row.study_id };
}

/** One MOS set. @throws StudioError `notFound` */
export function getMosSet(studio: Pick<Studio, 'db'>, mosSetId: number): MosSet {
  const row = mosSetById(studio.db, mosSetId);
  if (row === undefined) throw missingMosSet(mosSetId);
  return describe(studio, row);
}

/** The scale of every set that has a dimension. */
export async function describeScales(
  studio: Pick<Studio, 'db' | 'reading'>,
  dimension: string,
): Promise<MosScale[]> {
  return (await describeMosSets(studio)).flatMap(({ id, scales }) =>
    scales.filter((one) => one.dimension === dimension).map(({ scale }) => ({ mosSetId: id, scale })),
  );
}

/** The set whose MOS the library shows: the one that was chosen, else the newest that has MOS; null where there is none. */
export function shownMosSetId(studio: Studio): number | null {
  const { mosSetId } = getSettings(studio);
  const isThere = mosSetId !== null && mosSetOrigin(studio.db, mosSetId) !== undefined;
  return isThere ? mosSetId : (newestMosSetId(studio.db) ?? null);
}

function describe(studio: Pick<Studio, 'db'>, row: MosSetSummary): MosSet {
  const dimensions = z.array(z.string()).parse(JSON.parse(row.dimensions ?? '[]'));
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    studyId: row.study_id,
    method: row.method,
    dimensions,
    scales: ratedScalesOf(studio, row, dimensions),
    images: row.images,
    withFiles: row.with_files,
    leftOutRows: readMosSource(row.source).leftOut.length,
    createdAt: row.created_at,
  };
}

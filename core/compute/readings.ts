/** What is read of a library on threads of its own: of a large one it takes longer than a vote may be kept waiting. */
import { move } from 'piscina';
import { type Db, openForReading } from '../../db/database.ts';
import { listRoots } from '../../db/files.ts';
import { countCoverage } from '../../db/images.ts';
import { listMosSets } from '../../db/mos.ts';
import { countByProvenance } from '../../db/provenance.ts';
import { countTakeOut } from '../../db/taken-out.ts';
import { readDifferingFields } from '../image-fields.ts';
import { defineFunctions } from '../sql-functions.ts';
import { countFilesOf, readListIds, readMosSetIds, readStudyIds } from './export-ids.ts';
import { countList, readList } from './list-images.ts';
import { readMosColumns } from './mos-columns.ts';
import { countPredictions, readPredictionValues } from './prediction-values.ts';
import { readClasses } from './read-classes.ts';
import { readMosRows } from './read-mos-rows.ts';
import { readSplit } from './read-split.ts';
import { sampleLabels } from './sample-labels.ts';
import { countVariety, readSpread } from './study-plan-facts.ts';

/** By name; each gives what can cross threads, and say itself as JSON. */
const readings = {
  readList,
  countList,
  countCoverage,
  listRoots,
  countByProvenance,
  listMosSets,
  readMosRows,
  readMosColumns,
  countPredictions,
  readPredictionValues,
  readDifferingFields,
  readClasses,
  readSplit,
  readListIds,
  readStudyIds,
  readMosSetIds,
  countFilesOf,
  sampleLabels,
  readSpread,
  countVariety,
  countTakeOut,
};

export type ReadingName = keyof typeof readings;
/** What a reading is told beside the database. */
export type QuestionOf<Name extends ReadingName> =
  Parameters<(typeof readings)[Name]> extends [Db, ...infer Question] ? Question : never;
export type ResultOf<Name extends ReadingName> = ReturnType<(typeof readings)[Name]>;

const table: { [Name in ReadingName]: (db: Db, ...question: QuestionOf<Name>) => ResultOf<Name> } = readings;

/** What a reading gives on a connection. */
export function readFrom<Name extends ReadingName>(
  db: Db,
  name: Name,
  question: QuestionOf<Name>,
): ResultOf<Name> {
  return table[name](db, ...question);
}

/** The same as JSON in UTF-8. */
export function writeFrom<Name extends ReadingName>(
  db: Db,
  name: Name,
  question: QuestionOf<Name>,
): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(readFrom(db, name, question)));
}

export interface ReadingTask<Name extends ReadingName> {
  database: string;
  name: Name;
  question: QuestionOf<Name>;
}

let known: { database: string; db: Db } | undefined;

/** Kept open from question to question, so that what was read stays in its cache. */
function openOnce(database: string): Db {
  if (known?.database === database) return known.db;
  known?.db.close();
  const db = openForReading(database);
  defineFunctions(db);
  known = { database, db };
  return db;
}

/** What the threads of `ReadingThreads` run. */
export function read<Name extends ReadingName>({
  database,
  name,
  question,
}: ReadingTask<Name>): ResultOf<Name> {
  return readFrom(openOnce(database), name, question);
}

/** The same, handed over as it is. */
export function write<Name extends ReadingName>({ database, name, question }: ReadingTask<Name>): unknown {
  return move(writeFrom(openOnce(database), name, question));
}

/** Facets and ranges of a list, counted on a thread: a large library takes longer than a vote may be kept waiting. */
import type { Facet, RangeFacet } from '../../contract/images.ts';
import { openForReading } from '../../db/database.ts';
import { readFacets } from '../../db/facets.ts';
import type { ListRequest } from '../../db/image-list.ts';
import { readRanges } from '../../db/ranges.ts';
import { countInBins, rangeOf } from '../maths/histogram.ts';
import { defineFunctions } from '../sql-functions.ts';

/** Columns of a histogram beside the library. */
const bins = 24;

export interface FacetTask {
  database: string;
  request: ListRequest;
}

/** What the images that match have, with counts. */
export function countFacets(task: FacetTask): Facet[] {
  return readOn(task, readFacets);
}

/** How the images that match spread over the words that take numbers; words without two different numbers are left out. */
export function countRanges(task: FacetTask): RangeFacet[] {
  const implied = task.request.target;
  return readOn(task, readRanges).flatMap(({ word, target, values }) => {
    const range = rangeOf(values);
    if (range === null || range.low === range.high) return [];
    const { low, high } = range;
    // Whole numbers: a column each, as far as there is room.
    const isWhole = word === 'votes';
    const columns = isWhole ? Math.min(bins, high - low + 1) : bins;
    const { counts } = countInBins(values, columns, isWhole ? { low, high: high + 1 } : range);
    return [{ word, target, isImplied: target !== null && target === implied, low, high, counts }];
  });
}

function readOn<Result>(
  { database, request }: FacetTask,
  read: (db: ReturnType<typeof openForReading>, request: ListRequest) => Result,
): Result {
  const db = openForReading(database);
  try {
    defineFunctions(db);
    return read(db, request);
  } finally {
    db.close();
  }
}

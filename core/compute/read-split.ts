/** Both sides of a split of a MOS set by group: how its MOS and generators spread (SF-IQA, figures 3 and 4). */
import type { Distributions, SplitOrder } from '../../contract/agreement-views.ts';
import { toStudioError } from '../../contract/errors.ts';
import type { Db } from '../../db/database.ts';
import { type MosRowWithName, mosRows } from '../../db/mos.ts';
import { getField, groupRows, readFields } from '../image-fields.ts';
import { splitOnce } from '../maths/folds.ts';
import { countInBins, rangeOf } from '../maths/histogram.ts';
import { type Carried, carryNow } from './carry-error.ts';
import { generatorsOf } from './mos-columns.ts';

const bins = 20;

/** Both sides on the same bins. @throws StudioError `badInput` for a field that the set does not have */
export function readSplit(db: Db, order: SplitOrder): Carried<Distributions> {
  return carryNow(() => describeSplit(db, order));
}

function describeSplit(db: Db, order: SplitOrder): Distributions {
  const rows = mosRows(db, order.mosSetId, order.dimension);
  const generators = generatorsOf(rows);
  const groups = groupRows(rows, getField(readFields({ db }, order.mosSetId), order.groupBy));
  let isTest: boolean[] | null = null;
  let problem: string | null = null;
  try {
    isTest = splitOnce(groups, order.share, order.seed);
  } catch (error) {
    problem = toStudioError(error).message;
  }
  const side = (keep: (at: number) => boolean) =>
    describeSide(
      [...rows.keys()].filter(keep).map((at) => ({ row: rows[at]!, group: groups[at]! })),
      { generators, range: rangeOf(Float64Array.from(rows, (row) => row.mean)) },
    );
  return {
    generators,
    all: side(() => true),
    train: side((at) => isTest?.[at] === false),
    test: side((at) => isTest?.[at] === true),
    problem,
  };
}

function describeSide(
  some: { row: MosRowWithName; group: string }[],
  { generators, range }: { generators: (string | null)[]; range: ReturnType<typeof rangeOf> },
): Distributions['all'] {
  const mos = Float64Array.from(some, ({ row }) => row.mean);
  const n = mos.length;
  const mean = n === 0 ? null : mos.reduce((sum, value) => sum + value, 0) / n;
  const squares = mean === null ? 0 : mos.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    images: n,
    groups: new Set(some.map(({ group }) => group)).size,
    mean,
    sd: n < 2 ? null : Math.sqrt(squares / (n - 1)),
    mos: countInBins(mos, bins, range),
    generators: generators.map((generator) => some.filter(({ row }) => row.generator === generator).length),
  };
}

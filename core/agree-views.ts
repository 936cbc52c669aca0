/** Views that explain an agreement: distributions of a split, residuals by a field, calibration, opposite pairs. */

import type { Comparison, MosChoice } from '../contract/agreement.ts';
import type {
  Calibration,
  Distributions,
  Field,
  OppositeOrder,
  OppositePair,
  ResidualOrder,
  Residuals,
  SplitOrder,
} from '../contract/agreement-views.ts';
import { toStudioError } from '../contract/errors.ts';
import type { MosRowWithName } from '../db/mos.ts';
import { collectPairs, describePlaces, generatorsOf, promptGroups, readMosOf } from './agree.ts';
import { classify, describeField, getField, groupRows, readFields } from './image-fields.ts';
import { splitOnce } from './maths/folds.ts';
import { countInBins, rangeOf } from './maths/histogram.ts';
import { mosInterval } from './maths/mos.ts';
import { getMosSetCore } from './mos-sets.ts';
import type { Studio } from './studio.ts';

const bins = 20;

/** The fields in which the images of a MOS set differ. @throws StudioError `notFound` */
export async function listFields({ db, reading }: Studio, choice: MosChoice): Promise<Field[]> {
  getMosSetCore({ db }, choice.mosSetId);
  return await reading.read('readDifferingFields', choice);
}

/** Figures 3 and 4: MOS and generators of a split by group, both sides on the same bins. */
export function describeSplit(studio: Studio, order: SplitOrder): Distributions {
  const rows = readMosOf(studio, order);
  const generators = generatorsOf(rows);
  const groups = groupRows(rows, getField(readFields(studio, order.mosSetId), order.groupBy));
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

/** Residuals of the mapped prediction by the values, or ranges, of a field. */
export async function describeResiduals(
  studio: Studio,
  { field, ...comparison }: ResidualOrder,
): Promise<Residuals> {
  const { rows, upward, mos } = collectPairs(studio, comparison);
  const values = rows.map(getField(readFields(studio, comparison.mosSetId), field));
  const { labels, classOf } = classify(field, values);
  const measured = await studio.compute.run('residuals', {
    predicted: upward,
    mos,
    groups: promptGroups(rows),
    fieldOf: classOf,
    fieldGroups: labels.length,
  });
  return {
    field: describeField(field, values),
    groups: measured.groups.flatMap((group, at) =>
      group === null
        ? []
        : [
            {
              label: labels[at]!,
              ...group,
              imageIds: rows.filter((_, place) => classOf[place] === at).map((row) => row.image_id),
            },
          ],
    ),
    withoutValue: classOf.filter((one) => one < 0).length,
  };
}

/** Whether the raters say what the mapped prediction says, from low to high. */
export async function describeCalibration(studio: Studio, comparison: Comparison): Promise<Calibration> {
  const { rows, upward, mos } = collectPairs(studio, comparison);
  return await studio.compute.run('calibration', { predicted: upward, mos, groups: promptGroups(rows) });
}

/** Pairs of images that model and raters order oppositely, the clearest first. */
export async function listOppositePairs(
  studio: Studio,
  { within, limit, ...comparison }: OppositeOrder,
): Promise<OppositePair[]> {
  const pairs = collectPairs(studio, comparison);
  const { rows, upward: predicted, mos } = pairs;
  const found = await studio.compute.run('oppositePairs', {
    predicted,
    mos,
    within: within === 'prompt' ? promptGroups(rows) : null,
    limit,
  });
  const places = found.pairs.flatMap(({ a, b }) => [a, b]);
  const described = describePlaces(studio, { ...pairs, mapped: found.mapped }, places);
  return found.pairs.map(({ a, b, predictedGap, mosGap }, at) => ({
    model: described[2 * at]!,
    humans: described[2 * at + 1]!,
    predictedGap,
    mosGap,
    strength: Math.min(predictedGap, mosGap),
    isBeyondVotes: isApart(rows[a]!, rows[b]!),
  }));
}

/** Whether the upper image's MOS interval begins above where the lower one's ends. */
function isApart(lower: MosRowWithName, upper: MosRowWithName): boolean | null {
  const [a, b] = [mosInterval(lower), mosInterval(upper)];
  return a.high === null || b.low === null ? null : b.low > a.high;
}

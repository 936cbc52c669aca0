/** Evaluates scores and heads on a MOS set by a published protocol: repeated splits by group, medians with spread, beside the published rows. */
import type { Prediction } from '../../contract/agreement.ts';
import type { Tier } from '../../contract/agreement-tables.ts';
import { StudioError } from '../../contract/errors.ts';
import type {
  EvaluateOrder,
  Evaluation,
  EvaluationCell,
  EvaluationRow,
  Spread,
} from '../../contract/evaluate.ts';
import { type MosRowWithName, mosRows, mosSetById } from '../../db/mos.ts';
import { pairWith } from '../agree.ts';
import { assignTiers } from '../agree-tables.ts';
import { columnsOf, generatorsOf } from '../compute/mos-columns.ts';
import { inputLength, inputSourceOf, readInputsOf } from '../head-inputs.ts';
import { getHeadRow } from '../heads.ts';
import { getField, groupRows, readFields } from '../image-fields.ts';
import { fewestToCorrelate, pearson, spearman } from '../maths/correlation.ts';
import type { SplitFigures } from '../maths/evaluate-split.ts';
import { splitOnce } from '../maths/folds.ts';
import { summariseVotes } from '../maths/mos.ts';
import { hashSeeds } from '../maths/random.ts';
import { defaultNetwork } from '../maths/signal-heads.ts';
import { median } from '../maths/study/median.ts';
import { getMosSet } from '../mos-sets.ts';
import { readMosSource } from '../mos-source.ts';
import { getPack, whyNotShown } from '../packs.ts';
import { listPredictionChoices } from '../predictions.ts';
import { isTrainedOn, layoutOf, type SeenRows, sawRows } from '../seen-images.ts';
import type { Studio } from '../studio.ts';
import { shareColumns } from '../training-rows.ts';
import { protocols } from './protocols.ts';
import { publishedRows } from './published.ts';

/** A trained row needs so many images with features and MOS. */
const fewestToTrain = 50;

interface Side {
  rows: MosRowWithName[];
  groups: string[];
  tierOf: number[];
  tiers: readonly Tier[];
}

/**
 * The evaluation. Without images (MOS alone) the human side is still there, and the reason why nothing else is.
 *
 * @throws StudioError `notFound`, `badInput` where the set cannot be split, `cancelled`
 */
export async function evaluate(studio: Studio, order: EvaluateOrder): Promise<Evaluation> {
  const plan = protocols[order.protocol];
  const set = getMosSet(studio, order.mosSetId);
  const tiers = order.tiers ?? plan.tiers;
  const groupBy = order.groupBy ?? plan.groupBy;
  const all = mosRows(studio.db, order.mosSetId);
  const read = getField(readFields(studio, order.mosSetId), groupBy);
  const seen: SeenRows = {
    mosSetIds: [order.mosSetId],
    imageIds: all.map((row) => row.image_id),
    promptIds: all.map((row) => row.prompt_id),
  };
  const problems = describeLeftOut(studio, order.mosSetId);
  const dimensions: Evaluation['dimensions'] = [];
  for (const dimension of set.dimensions) {
    const rows = all.filter((row) => row.dimension === dimension);
    const tier = assignTiers(generatorsOf(rows), tiers);
    const side: Side = {
      rows,
      groups: groupRows(rows, read),
      tierOf: rows.map((row) => tier.get(row.generator) ?? -1),
      tiers,
    };
    const measured = await evaluateDimension(studio, { order, side, dimension, seen, problems });
    dimensions.push({
      dimension,
      images: rows.length,
      groups: new Set(side.groups).size,
      mos: describeMos(side),
      rows: [...measured, ...publishedRows(order.protocol, dimension, tiers.length + 1)],
    });
  }
  return {
    format: 'sfiqa-evaluation/1',
    protocol: order.protocol,
    title: `${plan.title}: “${set.name}”`,
    method: [
      `${plan.source}.`,
      `${order.repeats} repeats: in each, ${Math.round(plan.testShare * 100)} % of the groups (by ${groupBy}) are drawn as the test side, seed ${order.seed}; figures are the median over the repeats, in brackets the lowest and the highest.`,
      'SRCC; PLCC of raw predictions. A head marked “trained” was trained on the training side of each repeat alone, from nothing.',
    ],
    columns: ['All', ...tiers.map(({ name }) => name)],
    dimensions,
    between: compareDimensions(all, set.dimensions, tiers),
    problems: [...new Set(problems)],
  };
}

/** Rows that came in with no image of their own: their pictures stand in the table twice. */
function describeLeftOut({ db }: Studio, mosSetId: number): string[] {
  const rows = readMosSource(mosSetById(db, mosSetId)?.source).leftOut;
  if (rows.length === 0) return [];
  const some = rows.slice(0, 10).map(({ line, name, of }) => `“${name}” (line ${line}, as line ${of})`);
  return [
    `Rows left out: ${rows.length}. Their pictures are, byte for byte, those of earlier rows, and of each picture the first row counts: ${some.join(', ')}${rows.length > some.length ? ' …' : ''}.`,
  ];
}

interface DimensionWork {
  order: EvaluateOrder;
  side: Side;
  dimension: string;
  /** The images of the whole set, of every dimension. */
  seen: SeenRows;
  problems: string[];
}

async function evaluateDimension(studio: Studio, work: DimensionWork): Promise<EvaluationRow[]> {
  const { order, side, dimension } = work;
  const { testShare } = protocols[order.protocol];
  const { rows, tierOf, tiers, groups } = side;
  const splits = Array.from({ length: order.repeats }, (_, repeat) =>
    splitOnce(groups, testShare, hashSeeds(order.seed, repeat)),
  );
  const columns = columnsOf(rows);
  const choices = (await listPredictionChoices(studio)).filter(
    ({ target }) => target === null || target === dimension,
  );
  const paired = await Promise.all(
    choices.map(async ({ prediction }) => ({
      prediction,
      pairs: await pairWith(studio, prediction, columns),
    })),
  );
  const fixed = paired.filter(({ pairs }) => pairs.imageIds.length > 0);
  const measured = await Promise.all(
    fixed.map(async ({ prediction, pairs }): Promise<EvaluationRow> => {
      const values = new Map([...pairs.imageIds].map((id, at) => [id, pairs.upward[at]!]));
      const predicted = Float64Array.from(rows, (row) => values.get(row.image_id) ?? Number.NaN);
      const task = {
        predicted,
        mos: Float64Array.from(rows, (row) => row.mean),
        columnOf: tierOf,
        columns: tiers.length,
      };
      const repeats = await Promise.all(
        splits.map((isTest) => studio.compute.run('evaluateScore', { ...task, isTest })),
      );
      return {
        label: pairs.label,
        kind: 'fixed',
        note: noteOn(studio, prediction, work, pairs.missing),
        cells: summarise(repeats),
      };
    }),
  );
  const trained = await evaluateTrained(studio, work, splits);
  return trained === null ? measured : [trained, ...measured];
}

async function evaluateTrained(
  studio: Studio,
  { order, side, dimension, problems }: DimensionWork,
  splits: readonly boolean[][],
): Promise<EvaluationRow | null> {
  const { manifest } = getPack(studio, order.packId);
  const whyNot = whyNotShown(studio, order.packId);
  if (whyNot !== null) {
    problems.push(`No head was trained. ${whyNot}`);
    return null;
  }
  const source = inputSourceOf(manifest, order.inputs);
  const { imageIds, values } = readInputsOf(
    studio.db,
    source,
    side.rows.map((row) => row.image_id),
  );
  if (imageIds.length < fewestToTrain) {
    problems.push(
      `No head was trained for ${dimension}: ${imageIds.length} images of the set have ${order.inputs} of the pack “${order.packId}”, ${fewestToTrain} are needed. Score the images first; the human side needs none.`,
    );
    return null;
  }
  const place = new Map(side.rows.map((row, at) => [row.image_id, at]));
  const kept = imageIds.map((id) => place.get(id)!);
  const width = inputLength(source);
  const task = {
    inputs: shareColumns(values, width, [0, width]),
    labels: Float64Array.from(kept, (at) => side.rows[at]!.mean),
    groups: kept.map((at) => side.groups[at]!),
    width,
    parent: null,
    method: order.kind,
    isFusion: order.inputs === 'signals',
    baseline: null,
    options: defaultNetwork,
  };
  const columns = { columnOf: kept.map((at) => side.tierOf[at]!), columns: side.tiers.length };
  const sides = splits.map((isTest) => kept.map((at) => isTest[at]!));
  if (sides.some((own) => own.every((one) => one) || !own.includes(true))) {
    throw new StudioError('badInput', 'A side of a split has no scored image: score more of the set.');
  }
  const repeats = await Promise.all(
    sides.map((isTest, repeat) =>
      studio.compute.run('evaluateTrained', {
        order: { ...task, seed: hashSeeds(order.seed, repeat, 1) },
        split: { isTest, ...columns },
      }),
    ),
  );
  const part =
    imageIds.length < side.rows.length
      ? ` On ${imageIds.length} of ${side.rows.length} images: the others are not scored.`
      : '';
  return {
    label: `${manifest.title}: head on ${order.inputs}, trained`,
    kind: 'trained',
    note: `Trained anew on the training side of each repeat.${part}`,
    cells: summarise(repeats),
  };
}

/** What must be known to read a figure rightly. */
function noteOn(
  studio: Studio,
  prediction: Prediction,
  { order, seen }: Pick<DimensionWork, 'order' | 'seen'>,
  missing: number,
): string {
  const notes: string[] = [];
  if (sawTheSet(studio, prediction, { mosSetId: order.mosSetId, seen })) {
    notes.push('Not a fair figure: it was trained on images of this set.');
  }
  if (missing > 0) notes.push(`${missing} images have no score.`);
  return notes.join(' ');
}

/** Heads that were trained on the set: a user's own, or those of a pack that was made with it, and what is made of their values. */
function sawTheSet(
  studio: Studio,
  prediction: Prediction,
  { mosSetId, seen }: Pick<EvaluateOrder, 'mosSetId'> & Pick<DimensionWork, 'seen'>,
): boolean {
  const layout = layoutOf(studio, mosSetId);
  const isOfSet = (packId: string) => layout !== null && isTrainedOn(studio, packId, layout);
  if (prediction.kind === 'mean') return isOfSet(prediction.packId);
  if (prediction.kind === 'signal') {
    const { signals } = getPack(studio, prediction.packId).manifest;
    const isOfHead = signals.some(
      ({ name, from }) => name === prediction.signal && from?.startsWith('head:'),
    );
    return isOfHead && isOfSet(prediction.packId);
  }
  if (prediction.kind !== 'head') return false;
  return sawRows(studio, getHeadRow(studio, prediction.headId), seen);
}

function summarise(repeats: readonly SplitFigures[][]): EvaluationCell[] {
  const columns = repeats[0]?.length ?? 0;
  return Array.from({ length: columns }, (_, column) => {
    const spread = (name: keyof SplitFigures): Spread | null => {
      const values = repeats.map((cells) => cells[column]![name]).filter((value) => value !== null);
      if (values.length === 0) return null;
      return {
        median: median(values),
        low: Math.min(...values),
        high: Math.max(...values),
        repeats: values.length,
      };
    };
    return { srcc: spread('srcc'), plcc: spread('plcc'), plccMapped: spread('plccMapped') };
  });
}

function describeMos({ rows, tierOf, tiers }: Side): Evaluation['dimensions'][number]['mos'] {
  const columns = [() => true, ...tiers.map((_, tier) => (at: number) => tierOf[at] === tier)];
  return columns.map((keep) => {
    const values = rows.filter((_, at) => keep(at)).map((row) => row.mean);
    return values.length === 0 ? { n: 0, mean: null, sd: null } : summariseVotes(values);
  });
}

function compareDimensions(
  all: readonly MosRowWithName[],
  dimensions: readonly string[],
  tiers: readonly Tier[],
): Evaluation['between'] {
  const tier = assignTiers(generatorsOf(all), tiers);
  const byDimension = Map.groupBy(all, (row) => row.dimension);
  return dimensions.flatMap((a, at) =>
    dimensions.slice(at + 1).map((b) => {
      const other = new Map(byDimension.get(b)!.map((row) => [row.image_id, row.mean]));
      const both = byDimension.get(a)!.filter((row) => other.has(row.image_id));
      const columns = [
        both,
        ...tiers.map((_, index) => both.filter((row) => tier.get(row.generator) === index)),
      ];
      return {
        a,
        b,
        cells: columns.map((rows) => {
          const x = Float64Array.from(rows, (row) => row.mean);
          const y = Float64Array.from(rows, (row) => other.get(row.image_id)!);
          if (rows.length < fewestToCorrelate) return { n: rows.length, srcc: null, plcc: null };
          return { n: rows.length, srcc: spearman(x, y), plcc: pearson(x, y) };
        }),
      };
    }),
  );
}

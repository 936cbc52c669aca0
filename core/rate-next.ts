/** The stage before rating: which images' votes would teach a head most, and whether that order is better than chance. */
import { StudioError } from '../contract/errors.ts';
import type {
  QueueReplay,
  RateNext,
  RateNextItem,
  RateNextOrder,
  ReplayOrder,
} from '../contract/rate-next.ts';
import { imagesWithVector, readFeaturesOf } from '../db/features.ts';
import { activeHeads, readScores } from '../db/heads.ts';
import { readCards } from '../db/image-list.ts';
import type { MosRowWithName } from '../db/mos.ts';
import { describeHeads } from './heads.ts';
import { getField, groupRows, readFields } from './image-fields.ts';
import { readMosOf } from './labels.ts';
import { mosInterval } from './maths/mos.ts';
import { createRandom, shuffle } from './maths/random.ts';
import { standardDeviation } from './maths/standard-deviation.ts';
import { headVectorOf } from './pack-vectors.ts';
import { getPack, refuseUnshown } from './packs.ts';
import { fitsPack } from './register-pack.ts';
import type { Studio } from './studio.ts';
import { predictWithHead } from './uncertainty.ts';

/** Images that are thought of at once; of more an even sample is drawn. */
const mostImages = 4000;
/** A replay takes this many labels at least. */
const fewestForReplay = 120;
/** Saved labels that make an order worth the name. */
const worthwhile = 0.2;

/**
 * What is known of the order in general: replayed on AGIQA-3K (2,387 images, classic features, 60 repeats, sizes 20 to 320;
 * `test/core/maths/replay-queue.test.ts` measures it again).
 */
export const measuredOnAgiqa = {
  quality: { saved: 0.26, low: 0.21, high: 0.34 },
  alignment: { saved: 0.24, low: 0.15, high: 0.32 },
} as const;

/**
 * The queue. Each image is as well known as the nearest rated one is near to it in the pack's features; the next image is the one that
 * brings the rated ones nearest to all others. Others count more where heads disagree and where their generator has few rated images; an
 * image with few votes is itself not fully known and may come again.
 *
 * @throws StudioError `badInput` where no image with features and a file is left, `unsupported` for a pack that was never trained, `cancelled`
 */
export async function queueRating(
  studio: Studio,
  order: RateNextOrder,
  signal?: AbortSignal,
): Promise<RateNext> {
  const { db } = studio;
  refuseUnshown(studio, order.packId);
  const source = headVectorOf(getPack(studio, order.packId).manifest);
  const all = [...imagesWithVector(db, source)].sort((a, b) => a - b);
  const rated = new Map(
    order.mosSetId === undefined
      ? []
      : readMosOf(studio, { mosSetId: order.mosSetId, dimension: order.dimension }).map((row) => [
          row.image_id,
          row,
        ]),
  );
  const ids = sampleImages(all, rated, order.seed);
  const cards = new Map(readCards(db, ids).map((card) => [card.id, card]));
  const block = readFeaturesOf(db, source, ids);
  const isCandidate = block.imageIds.map((id) => cards.get(id)?.has_file === 1);
  if (!isCandidate.includes(true)) {
    throw new StudioError(
      'badInput',
      'No image has both stored features and a file that could be shown: score a folder first.',
    );
  }
  const disagreement =
    order.reasons.disagreement === 0
      ? new Map<number, number>()
      : await measureDisagreement(studio, order, block.imageIds);
  const trust = order.reasons.votes === 0 ? null : summariseMos([...rated.values()]);
  const known = block.imageIds.map((id) => howKnown(rated.get(id), trust, order.reasons.votes));
  const task = {
    inputs: block.values,
    width: source.length,
    weights: weigh(block.imageIds, { order, cards, rated, disagreement }),
    known: Float64Array.from(known),
    isCandidate,
    count: order.limit,
  };
  const queue = await studio.compute.run('queueRating', task, signal === undefined ? {} : { signal });
  return {
    items: queue.map(({ row, gain }) =>
      describeItem(block.imageIds[row]!, { gain, cards, rated, disagreement }),
    ),
    candidates: isCandidate.filter((is, at) => is && known[at]! < 1).length,
    rated: rated.size,
    evidence: describeEvidence(order),
  };
}

/** All rated images, and of the others as many as there is room for. */
function sampleImages(all: readonly number[], rated: ReadonlyMap<number, unknown>, seed: number): number[] {
  if (all.length <= mostImages) return [...all];
  const others = all.filter((id) => !rated.has(id));
  shuffle(others, createRandom(seed));
  const own = all.filter((id) => rated.has(id)).slice(0, mostImages >> 1);
  return [...own, ...others.slice(0, mostImages - own.length)].sort((a, b) => a - b);
}

/** SD between the scores of all heads of the target, or else between the networks of the one in use. */
async function measureDisagreement(
  studio: Studio,
  { packId, dimension }: RateNextOrder,
  ids: readonly number[],
): Promise<Map<number, number>> {
  const heads = describeHeads(studio).filter((head) => head.packId === packId && head.target === dimension);
  const scores = heads.map(({ id }) => new Map(readScores(studio.db, id))).filter(({ size }) => size > 0);
  if (scores.length > 1) {
    return new Map(
      ids.flatMap((id): [number, number][] => {
        const values = scores.map((one) => one.get(id)).filter((value) => value !== undefined);
        return values.length < 2 ? [] : [[id, standardDeviation(values)]];
      }),
    );
  }
  const { manifest } = getPack(studio, packId);
  const active = activeHeads(studio.db, packId).find(
    (head) => head.target === dimension && fitsPack(head, manifest),
  );
  if (active === undefined) return new Map();
  const { rows } = await predictWithHead(studio, { id: active.id, imageIds: [...ids] });
  return new Map(
    rows.flatMap(({ imageId, spread }): [number, number][] => (spread === null ? [] : [[imageId, spread]])),
  );
}

/** The variance of all MOS, and the SD that an image's votes have at most; null where too few are rated to tell. */
function summariseMos(all: readonly MosRowWithName[]): { spread: number; largestSd: number } | null {
  if (all.length < 3) return null;
  const spread = standardDeviation(all.map(({ mean }) => mean)) ** 2;
  const sds = all.flatMap(({ sd }) => sd ?? []);
  return { spread, largestSd: sds.length === 0 ? Math.sqrt(spread) : Math.max(...sds) };
}

/** 1 less the share of chance in its MOS: the squared standard error against the spread of all MOS. A MOS without votes counts whole. */
function howKnown(
  row: MosRowWithName | undefined,
  all: ReturnType<typeof summariseMos>,
  votes: number,
): number {
  if (row === undefined) return 0;
  if (all === null || row.n === null) return 1;
  const { spread, largestSd } = all;
  const sd = row.sd ?? largestSd;
  const chance = (sd * sd) / row.n;
  return 1 - (votes * chance) / (chance + spread || 1);
}

interface Facts {
  cards: ReadonlyMap<number, { generator: string | null; name: string; prompt: string | null }>;
  rated: ReadonlyMap<number, MosRowWithName>;
  disagreement: ReadonlyMap<number, number>;
}

function weigh(
  ids: readonly number[],
  { order, cards, rated, disagreement }: Facts & { order: RateNextOrder },
): Float64Array {
  const typical = typicalOf(disagreement);
  const shareOf = (some: readonly number[]) => {
    const counts = new Map<string | null, number>();
    for (const id of some) {
      const generator = cards.get(id)?.generator ?? null;
      counts.set(generator, (counts.get(generator) ?? 0) + 1 / some.length);
    }
    return counts;
  };
  const everywhere = shareOf(ids);
  const own = ids.filter((id) => rated.has(id));
  const among = shareOf(own);
  return Float64Array.from(ids, (id) => {
    const generator = cards.get(id)?.generator ?? null;
    const lack =
      own.length === 0
        ? 1
        : everywhere.get(generator)! / Math.max(among.get(generator) ?? 0, 1 / (own.length + 1));
    const differs = typical > 0 ? (disagreement.get(id) ?? typical) / typical : 1;
    return (
      Math.min(4, Math.max(0.25, lack)) ** order.reasons.balance *
      Math.min(4, differs) ** order.reasons.disagreement
    );
  });
}

function describeItem(
  imageId: number,
  { gain, cards, rated, disagreement }: Facts & { gain: number },
): RateNextItem {
  const card = cards.get(imageId)!;
  const row = rated.get(imageId);
  const interval = row === undefined ? { low: null, high: null } : mosInterval(row);
  const halfWidth =
    interval.low === null || interval.high === null ? null : (interval.high - interval.low) / 2;
  const reasons = [
    describeVotes(row, halfWidth),
    ...((disagreement.get(imageId) ?? 0) > 1.5 * typicalOf(disagreement) ? ['heads disagree on it'] : []),
  ];
  return {
    imageId,
    name: card.name,
    prompt: card.prompt,
    generator: card.generator,
    gain,
    disagreement: disagreement.get(imageId) ?? null,
    votes: row?.n ?? null,
    halfWidth,
    why: reasons.join('; '),
  };
}

/** Raters that BT.500 asks for (clause 2.5.1): with fewer, votes are few. */
const usualRaters = 15;

function describeVotes(row: MosRowWithName | undefined, halfWidth: number | null): string {
  if (row === undefined) return 'stands for images that nobody has rated';
  if (row.n === null || row.n < usualRaters) {
    return row.n === null ? 'is rated' : `has only ${row.n} ${row.n === 1 ? 'vote' : 'votes'}`;
  }
  return `its ${row.n} votes leave ${halfWidth === null ? 'much open' : `± ${halfWidth.toFixed(2)}`}`;
}

function typicalOf(values: ReadonlyMap<number, number>): number {
  return [...values.values()].reduce((sum, one) => sum + one, 0) / Math.max(1, values.size);
}

function percent(share: number): string {
  return `${share < 0 ? '−' : ''}${Math.round(Math.abs(share) * 100)} %`;
}

function describeEvidence({ packId, dimension }: RateNextOrder): RateNext['evidence'] {
  const known =
    dimension === 'alignment'
      ? measuredOnAgiqa.alignment
      : dimension === 'quality'
        ? measuredOnAgiqa.quality
        : null;
  const own = 'Replay it on a rated set of yours to see what it saves there.';
  if (known === null || packId !== 'classic') {
    return {
      isShown: false,
      sentence: `It is not shown that this order needs fewer labels than chance for ${dimension} on the features of “${packId}”. ${own}`,
    };
  }
  const figures = `${percent(known.saved)} [${percent(known.low)}, ${percent(known.high)}] fewer labels than random order for the same held-out SRCC, in a replay on AGIQA-3K with 20 to 320 labels`;
  // Said of everybody's images, so the whole interval must lie there.
  const isShown = known.low >= worthwhile;
  return {
    isShown,
    sentence: isShown
      ? `For ${dimension} this order took ${figures}. ${own}`
      : `It is not shown that this order saves a fifth of the labels for ${dimension}: it took ${figures}. ${own}`,
  };
}

/**
 * Replays a rated set: labels taken in the order of the queue against labels in random order, judged on held-out prompts.
 *
 * @throws StudioError `badInput` below 120 rated images with features, `unsupported` for a pack that was never trained
 */
export async function replayRating(
  studio: Studio,
  order: ReplayOrder,
  signal?: AbortSignal,
): Promise<QueueReplay> {
  refuseUnshown(studio, order.packId);
  const source = headVectorOf(getPack(studio, order.packId).manifest);
  const mos = readMosOf(studio, order);
  const { imageIds, values } = readFeaturesOf(
    studio.db,
    source,
    mos.map((row) => row.image_id),
  );
  if (imageIds.length < fewestForReplay) {
    throw new StudioError(
      'badInput',
      `${imageIds.length} images have a MOS of ${order.dimension} and features; a replay takes ${fewestForReplay}.`,
    );
  }
  const byImage = new Map(mos.map((row) => [row.image_id, row]));
  const rows = imageIds.map((id) => byImage.get(id)!);
  const replay = await studio.compute.run(
    'replayRating',
    {
      inputs: values,
      width: source.length,
      labels: Float64Array.from(rows, (row) => row.mean),
      groups: groupRows(rows, getField(readFields(studio, order.mosSetId), 'prompt')),
      repeats: order.repeats,
      seed: order.seed,
    },
    signal === undefined ? {} : { signal },
  );
  const { saved, low, high } = replay;
  const isShown = saved !== null && low !== null && saved >= worthwhile && low > 0;
  const sentence =
    saved === null || low === null || high === null
      ? 'It cannot be told whether the queue saves labels here: random order never reached its SRCC, or nothing was learned.'
      : `${isShown ? 'The queue' : 'It is not shown that the queue saves a fifth of the labels here: it'} took ${percent(saved)} [${percent(low)}, ${percent(high)}] fewer labels than random order for the same held-out SRCC (${replay.repeats} repeats).`;
  return { ...replay, isShown, sentence };
}

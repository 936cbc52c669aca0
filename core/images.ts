/** Images for the grid and the detail panel. */

import { join } from 'node:path';
import { StudioError } from '../contract/errors.ts';
import type {
  Facet,
  FileState,
  ImageCard,
  ImageDetail,
  ImageFilter,
  ImageMos,
  ImageQuery,
  RangeFacet,
} from '../contract/images.ts';
import type { QueryTerm } from '../contract/query.ts';
import { placesOfImage } from '../db/curation.ts';
import { missingVectors, readSignalOf, signalsOfImage } from '../db/features.ts';
import { filesOfImage } from '../db/files.ts';
import {
  type CardRow,
  type ListRequest,
  readActiveScores,
  readCardMos,
  readCards,
} from '../db/image-list.ts';
import { generationOf, imageById, lorasOf } from '../db/images.ts';
import { isLooks } from '../db/query-terms.ts';
import { hasRawMetadata } from '../db/raw-metadata.ts';
import type { ImageRow } from '../db/schema.ts';
import { moveOf, type ScoreMoves } from '../db/score-moves.ts';
import type { FacetTask } from './compute/count-facets.ts';
import type { ListQuestion } from './compute/list-images.ts';
import { rankBySimilarity } from './find-similar.ts';
import { planMoves } from './gap-scale.ts';
import { mosInterval } from './maths/mos.ts';
import { shownMosSetId } from './mos-sets.ts';
import { similarityMembers } from './pack-vectors.ts';
import { whyNotShown } from './packs.ts';
import { chooseTarget, readTerms } from './query-terms.ts';
import { getSettings } from './settings.ts';
import type { Studio } from './studio.ts';

/**
 * How many images match.
 *
 * @throws StudioError as `planList`
 */
export async function countImages(studio: Studio, filter: ImageFilter): Promise<number> {
  const question = await planList(studio, { filter, order: 'added', descending: false });
  return await studio.reading.read('countList', question);
}

/**
 * A list as a thread can read it: the images that match, in order; `looks:` and `like:` order by similarity.
 *
 * @throws StudioError `badInput` for a query that is not understood, and as `rankBySimilarity`
 */
export async function planList(studio: Studio, query: ImageQuery): Promise<ListQuestion> {
  const request = asRequest(studio, query);
  const looks = request.terms.filter(isLooks);
  const ranked = looks.length === 0 ? undefined : await rankBySimilarity(studio, request.packId, looks);
  return { request, ranked, groupBy: query.groupBy };
}

/** What the images that match have, with counts. @throws StudioError `badInput` for a query that is not understood */
export async function describeFacets(studio: Studio, query: ImageQuery): Promise<Facet[]> {
  return await studio.compute.run('countFacets', asTask(studio, query));
}

/** How they spread over the words that take numbers. @throws StudioError `badInput` for a query that is not understood */
export async function describeRanges(studio: Studio, query: ImageQuery): Promise<RangeFacet[]> {
  return await studio.compute.run('countRanges', asTask(studio, query));
}

function asTask(studio: Studio, query: ImageQuery): FacetTask {
  const request = asRequest(studio, query);
  const target = chooseTarget(studio, request.packId, request.mosSetId);
  return { database: studio.db.sqlite.name, request: { ...request, target } };
}

function asRequest(studio: Studio, query: ImageQuery): ListRequest & { terms: QueryTerm[] } {
  const { filter, order, descending } = query;
  const terms = readTerms(filter.query);
  const mosSetId = query.mosSetId ?? shownMosSetId(studio);
  const packId = shownPackId(studio);
  const moves = planMoves(studio, packId, mosSetId);
  const request = { filter, order, descending, packId, mosSetId, moves, terms };
  return terms.length === 0 ? request : { ...request, target: chooseTarget(studio, packId, mosSetId) };
}

/** The pack whose scores are shown; one that was never trained shows none. */
export function shownPackId(studio: Studio): string {
  const { packId } = getSettings(studio);
  return whyNotShown(studio, packId) === null ? packId : '';
}

/** The cards of some images, in the order of `ids`; unknown ids are left out. */
export function readImageCards(studio: Studio, ids: readonly number[], mosSetId?: number): ImageCard[] {
  const packId = shownPackId(studio);
  const [q, s] = ['q', 's'].map((name) => readSignalOf(studio.db, packId, name, ids));
  const scores = Map.groupBy(readActiveScores(studio.db, packId, ids), (row) => row.image_id);
  const setId = mosSetId ?? shownMosSetId(studio);
  const mos = Map.groupBy(setId === null ? [] : readCardMos(studio.db, setId, ids), (row) => row.image_id);
  const moves = planMoves(studio, packId, setId);
  return readCards(studio.db, ids).map((row) => ({
    id: row.id,
    name: row.name,
    width: row.width,
    height: row.height,
    hasFile: row.has_file === 1,
    fileState: fileStateOf(row),
    files: row.files,
    prompt: row.prompt,
    generator: row.generator,
    scores: Object.fromEntries((scores.get(row.id) ?? []).map(({ target, value }) => [target, value])),
    gaps: gapsOf(scores.get(row.id) ?? [], mos.get(row.id) ?? [], moves),
    branches: { q: q!.get(row.id) ?? null, s: s!.get(row.id) ?? null },
    mos: (mos.get(row.id) ?? []).map(
      ({ dimension, mean, sd, n }): ImageMos => ({ dimension, mean, sd, n, ...mosInterval({ mean, sd, n }) }),
    ),
    votes: row.votes,
    flag: row.flag,
    label: row.label,
  }));
}

function gapsOf(
  scores: readonly { target: string; value: number }[],
  mos: readonly { dimension: string; mean: number }[],
  moves: ScoreMoves,
): ImageCard['gaps'] {
  const gaps = scores.flatMap(({ target, value }): [string, number][] => {
    const rated = mos.find(({ dimension }) => dimension === target);
    const { factor, offset } = moveOf(moves, target);
    return rated === undefined ? [] : [[target, value * factor + offset - rated.mean]];
  });
  return Object.fromEntries(gaps);
}

/** A content that is known and lies nowhere was replaced by another under its name, or came without its file. */
function fileStateOf({ file_state, is_taken_out, hash }: CardRow): FileState {
  if (is_taken_out === 1) return 'takenOut';
  if (file_state === 3) return 'here';
  if (file_state === 2) return 'offline';
  return file_state === 1 || hash !== null ? 'missing' : 'none';
}

/** Everything known of one image. @throws StudioError `notFound` */
export function readImageDetail(studio: Studio, id: number): ImageDetail {
  const image = imageById(studio.db, id);
  const [card] = readImageCards(studio, [id]);
  if (image === undefined || card === undefined) {
    throw new StudioError('notFound', `There is no image ${id} in this library.`, { imageId: id });
  }
  const generation = generationOf(studio.db, id);
  const signals = signalsOfImage(studio.db, id);
  return {
    ...card,
    hash: image.hash,
    format: image.format,
    sizeBytes: image.size_bytes,
    addedAt: image.added_at,
    paths: filesOfImage(studio.db, id).map(({ root, path }) => join(root, path)),
    ...placesOfImage(studio.db, id),
    promptSource: image.prompt_source,
    generation:
      generation === undefined
        ? null
        : {
            tool: generation.tool,
            negativePrompt: generation.negative_prompt,
            model: generation.model,
            seed: generation.seed,
            steps: generation.steps,
            cfg: generation.cfg,
            sampler: generation.sampler,
            width: generation.width,
            height: generation.height,
            loras: lorasOf(studio.db, id),
            problem: generation.problem,
          },
    hasRawMetadata: hasRawMetadata(studio.db, id),
    signals: signals.flatMap(({ pack_id: packId, name, value }) =>
      value === null || whyNotShown(studio, packId) !== null ? [] : [{ packId, name, value }],
    ),
    missingSignals: [
      ...signals.flatMap(({ pack_id: packId, name, reason: own }) => {
        const reason = whyNotShown(studio, packId) ?? own;
        return reason === null ? [] : [{ packId, name, reason }];
      }),
      ...missingSimilarities(
        studio,
        image,
        new Set(signals.map(({ pack_id, name }) => `${pack_id} ${name}`)),
      ),
      ...[...studio.packs.values()].flatMap(({ manifest }) =>
        manifest.absent.map(({ name, reason }) => ({ packId: manifest.id, name, reason })),
      ),
    ],
  };
}

/** Why an image that a pack has looked at has no S. */
function missingSimilarities(
  studio: Studio,
  image: Pick<ImageRow, 'id' | 'prompt_id'>,
  known: ReadonlySet<string>,
): ImageDetail['missingSignals'] {
  const reason =
    image.prompt_id === null
      ? 'The image has no prompt to compare it with.'
      : 'Not computed yet for this prompt: score its folder again.';
  return [...studio.packs.values()].flatMap(({ manifest }) => {
    const [member] = similarityMembers(manifest);
    if (member === undefined) return [];
    const vectors = { packId: manifest.id, version: member.version, kinds: [member.kind] };
    if (missingVectors(studio.db, vectors, image.id).length > 0) return [];
    const names = manifest.signals.filter(({ needsPrompt }) => needsPrompt).map(({ name }) => name);
    const missing = names.filter((name) => !known.has(`${manifest.id} ${name}`));
    return missing.map((name) => ({ packId: manifest.id, name, reason }));
  });
}

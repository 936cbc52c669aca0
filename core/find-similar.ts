/** Searching by looks: images ordered by how much they resemble a text or other images, by the embeddings a pack has stored. */
import { StudioError } from '../contract/errors.ts';
import type { QueryTerm } from '../contract/query.ts';
import { readImageEmbedding } from '../db/similarity.ts';
import type { Similarities } from './embedding-index.ts';
import { floatsOf } from './fill-similarity.ts';
import { type SimilarityMember, similarityMembers } from './pack-vectors.ts';
import { findProblem, type Pack, whyNotShown } from './packs.ts';
import type { Studio } from './studio.ts';

/** The similarity branch of a pack, of which one member compares. */
interface Comparer {
  pack: Pack;
  member: SimilarityMember;
}

/**
 * Ids of all images with an embedding, the most similar first. Several texts and images count alike; those of terms with a dash count
 * against it.
 *
 * @throws StudioError `unsupported` where no pack compares, `notFound` for an image that has no embedding, and what the models process says
 */
export async function rankBySimilarity(
  studio: Studio,
  packId: string,
  terms: readonly Extract<QueryTerm, { kind: 'text' }>[],
): Promise<number[]> {
  const { pack, member } = chooseComparer(studio, packId);
  const wanted = new Float32Array(member.length);
  for (const { word, values, isNot } of terms) {
    const vectors =
      word === 'looks'
        ? await embedTexts(studio, { pack, member }, values)
        : values.map((value) => readEmbedding(studio, member, value));
    for (const vector of vectors)
      for (const [k, value] of vector.entries()) wanted[k]! += isNot ? -value : value;
  }
  return orderByValue(await studio.embeddings.compare(studio, member, wanted));
}

/** The pack whose scores are shown where it compares, else any that does. */
function chooseComparer(studio: Studio, packId: string): Comparer {
  const packs = [...studio.packs.values()].sort(
    (a, b) => Number(b.manifest.id === packId) - Number(a.manifest.id === packId),
  );
  for (const pack of packs) {
    const [member] = similarityMembers(pack.manifest);
    if (
      member !== undefined &&
      findProblem(pack) === null &&
      whyNotShown(studio, pack.manifest.id) === null
    ) {
      return { pack, member };
    }
  }
  throw new StudioError(
    'unsupported',
    'No model here compares pictures with texts or with each other: add SF-IQA, PickScore or a CLIP under Models, and score the library with it.',
  );
}

async function embedTexts(
  studio: Studio,
  { pack, member }: Comparer,
  texts: string[],
): Promise<Float32Array[]> {
  const run = { members: [member.member], precision: null, providers: null };
  const answer = await studio.models.ask({ kind: 'embedText', packFolder: pack.folder, run, texts });
  const rows = answer.members[member.member]!;
  return texts.map((_, at) => rows.slice(at * answer.length, (at + 1) * answer.length));
}

function readEmbedding(studio: Studio, member: SimilarityMember, value: string): Float32Array {
  const id = Number(value);
  const data = Number.isSafeInteger(id) ? readImageEmbedding(studio.db, member, id) : undefined;
  if (data !== undefined) return floatsOf(data);
  throw new StudioError(
    'notFound',
    `Image ${value} has no embedding by ${member.packId}: score it with that pack first.`,
    {
      image: value,
    },
  );
}

/** Fractions of this size are told apart: finer than float32 near 1. */
const grain = 2 ** 30;
/** More rows than this do not fit beside the value into a double. */
const mostRows = 2 ** 20;

/** Ids by value, the largest first; equal ones by id. */
export function orderByValue({ imageIds, values }: Similarities): number[] {
  let [least, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    largest = Math.max(largest, value);
  }
  if (values.length > mostRows || largest - least > 2) {
    return [...imageIds.keys()].sort((a, b) => values[b]! - values[a]! || a - b).map((row) => imageIds[row]!);
  }
  // Value and row as one number: numbers alone are sorted several times faster than by a function.
  const keys = new Float64Array(values.length);
  for (let row = 0; row < keys.length; row += 1) {
    keys[row] = Math.round((largest - values[row]!) * grain) * mostRows + row;
  }
  const ids = new Array<number>(keys.length);
  for (const [at, key] of keys.sort().entries()) ids[at] = imageIds[key % mostRows]!;
  return ids;
}

/** What a pack gives for prepared images and for texts: every member's branches, equal ones once, under the names they are stored by. */
import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { PackGraph, PackMember, Provider } from '../../contract/pack.ts';
import { cutPrompt } from '../graphs/clip-text.ts';
import type { Look, NetworkRun, Provenance, TextEmbeddings } from '../messages.ts';
import type { OpenPack } from '../packs/open-pack.ts';
import { type ClipTokeniser, openTokeniser } from '../tokenise/clip-tokeniser.ts';
import type { Inputs, Outputs } from './open-session.ts';
import type { SessionStore } from './session-store.ts';

/** An image as the networks take it: channel, row, column. */
export interface Prepared {
  /** For the quality branch or the backbone. */
  quality: Float32Array | null;
  /** For CLIP. */
  similarity: Float32Array | null;
}

/** Texts, of one length in tokens, between two signs that work goes on; the session runs them in batches of its own size. */
const textsTogether = 16;

/** @throws StudioError `badInput` for a member that the pack has not */
export function chooseMembers(
  { network, manifest }: OpenPack,
  names: readonly string[] | null,
): PackMember[] {
  const unknown = names?.find((name) => !network.members.some((member) => member.name === name));
  if (unknown !== undefined) {
    const known = network.members.map(({ name }) => name).join(', ');
    throw new StudioError(
      'badInput',
      `The pack “${manifest.title}” has no set “${unknown}”; it has ${known}.`,
    );
  }
  return network.members.filter(({ name }) => names === null || names.includes(name));
}

/** The graphs that images need, in float32 or the precision asked for, one for all providers: what has to be in memory for one image through all members. */
export function listImageGraphs(pack: OpenPack, run: NetworkRun): PackGraph[] {
  const precision = run.precision ?? pack.network.precision;
  const graphs = chooseMembers(pack, run.members).flatMap((member) => member.graphs);
  const wanted = graphs.filter((graph) => graph.role !== 'text' && graph.precision === precision);
  return [...new Map(wanted.map((graph) => [graph.tensorSet, graph])).values()];
}

/**
 * Runs images through the members, one member after the other, all on one provider: where one is left in the middle, the next has all of it.
 *
 * Vectors: `features` and `image` of the pack's first member, `features@<member>` and `image@<member>` of others. Signals: `q` where the pack has one
 * member; else `q_<member>`, whose mean `mergeLooks` adds. S needs a prompt and is the engine's.
 */
export async function lookAtImages(
  store: SessionStore,
  pack: OpenPack,
  { run, images }: { run: NetworkRun; images: readonly Prepared[] },
): Promise<Look[]> {
  const { members } = pack.network;
  const looks = images.map((): Look => ({ vectors: {}, signals: {}, provenance: null }));
  const runBranch = cacheBranches(store, pack, run);
  const chosen = chooseMembers(pack, run.members);
  const used = new Set<Provider>();
  for (const member of chosen) {
    const suffix = member === members[0] ? '' : `@${member.name}`;
    for (const { role } of distinctRoles(member)) {
      if (role === 'text') continue;
      const results = await runBranch(member, role, images);
      used.add(results.provenance.provider);
      looks.forEach((look, at) => {
        const outputs = results.outputs[at]!;
        look.provenance = mergeProvenance(look.provenance, results.provenance);
        if (role === 'image') look.vectors[`image${suffix}`] = outputs['embedding']!;
        else look.vectors[`features${suffix}`] = outputs['feature']!;
        if (role === 'quality') {
          const [q] = outputs['q']!;
          look.signals[members.length === 1 ? 'q' : `q_${member.name}`] = q!;
        }
      });
    }
  }
  // The one that was left is not tried again (`SessionStore`): each time there is one less.
  if (used.size > 1) return await lookAtImages(store, pack, { run, images });
  // A pack of CLIP alone: its embedding is what heads read.
  if (pack.network.quality === null) {
    for (const look of looks) look.vectors['features'] ??= look.vectors['image'] ?? new Float32Array(0);
  }
  for (const look of looks) checkFinite(look, pack);
  return looks;
}

/** Branches of equal tensors give equal numbers: they are run for the first member that has them. */
function cacheBranches(store: SessionStore, pack: OpenPack, run: NetworkRun) {
  const known = new Map<string, { outputs: Outputs[]; provenance: Provenance }>();
  const { quality, similarity } = pack.network;
  return async (member: PackMember, role: PackGraph['role'], images: readonly Prepared[]) => {
    const { tensorSet } = member.graphs.find((graph) => graph.role === role)!;
    const done = known.get(tensorSet);
    if (done !== undefined) return done;
    const isClip = role === 'image';
    const size = isClip ? similarity!.sizePx : quality!.sizePx;
    const inputs = images.map((image): Inputs => {
      const data = isClip ? image.similarity! : image.quality!;
      return { pixels: { data, shape: [3, size, size] } };
    });
    const results = await store.run(pack, { member, role, run }, inputs);
    known.set(tensorSet, results);
    return results;
  };
}

function distinctRoles({ graphs }: PackMember): PackGraph[] {
  return graphs.filter(({ role }, at) => graphs.findIndex((graph) => graph.role === role) === at);
}

/** What several passes gave for one image, together; and Q, the mean of its members', where the pack has one. */
export function mergeLooks(
  parts: readonly Look[],
  { members, hasMeanQ }: { members: readonly string[]; hasMeanQ: boolean },
): Look {
  const merged: Look = { vectors: {}, signals: {}, provenance: null };
  for (const { vectors, signals, provenance } of parts) {
    Object.assign(merged.vectors, vectors);
    Object.assign(merged.signals, signals);
    merged.provenance = provenance && mergeProvenance(merged.provenance, provenance);
  }
  if (hasMeanQ) merged.signals['q'] = meanOf(members.map((name) => Number(merged.signals[`q_${name}`])));
  return merged;
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** Of several networks on one provider: what all have in common, and every reason once. */
function mergeProvenance(first: Provenance | null, next: Provenance): Provenance {
  if (first === null || next.fallback === null || first.fallback?.includes(next.fallback))
    return first ?? next;
  return { ...first, fallback: [first.fallback, next.fallback].filter(Boolean).join(' ') };
}

function checkFinite({ vectors, signals, provenance }: Look, pack: OpenPack): void {
  const isSound =
    Object.values(vectors).every((vector) => vector.every(Number.isFinite)) &&
    Object.values(signals).every(Number.isFinite);
  if (isSound) return;
  const how = provenance === null ? '' : ` in ${provenance.precision} on ${provenance.provider}`;
  throw new StudioError(
    'internal',
    `The networks of the pack “${pack.manifest.title}” gave a value that is no number${how}. The weights may be damaged: add the model again; with a reduced precision, try float32.`,
    { path: pack.folder },
  );
}

/** Tokenisers by their file; a pack's never changes. */
export class Tokenisers {
  readonly #open = new Map<string, Promise<ClipTokeniser>>();

  get(path: string): Promise<ClipTokeniser> {
    let tokeniser = this.#open.get(path);
    if (tokeniser === undefined) {
      tokeniser = openTokeniser(path);
      this.#open.set(path, tokeniser);
    }
    return tokeniser;
  }

  forget(folder: string): void {
    for (const path of this.#open.keys()) if (path.startsWith(folder)) this.#open.delete(path);
  }
}

/**
 * The embeddings of texts by the members asked for. Each text is cut behind the token that is pooled; only texts of equal length run together, so
 * that none depends on another; all on one provider, as images are.
 *
 * @throws StudioError `unsupported` where the pack reads no texts
 */
export async function embedTexts(
  store: SessionStore,
  pack: OpenPack,
  { run, texts, tokenisers }: { run: NetworkRun; texts: readonly string[]; tokenisers: Tokenisers },
): Promise<TextEmbeddings> {
  const { similarity } = pack.network;
  if (similarity === null) {
    throw new StudioError('unsupported', `The pack “${pack.manifest.title}” does not read prompts.`);
  }
  const tokeniser = await tokenisers.get(join(pack.folder, similarity.tokeniser));
  const limits = { ...similarity, positions: similarity.maxTokens };
  const cut = texts.map((text) => cutPrompt([...tokeniser.encode(text)], limits));
  const length = similarity.embeddingLength;
  const byTensors = new Map<string, Float32Array>();
  const members: Record<string, Float32Array> = {};
  let provenance: Provenance | null = null;
  const used = new Set<Provider>();
  for (const member of chooseMembers(pack, run.members)) {
    const { tensorSet } = member.graphs.find(({ role }) => role === 'text')!;
    const done = byTensors.get(tensorSet);
    const rows = done ?? new Float32Array(texts.length * length);
    for (const group of done === undefined ? groupByLength(cut) : []) {
      const inputs = group.map((at): Inputs => {
        const { ids, position } = cut[at]!;
        return {
          ids: { data: ids, shape: [ids.length] },
          position: { data: BigInt64Array.of(BigInt(position)), shape: [] },
        };
      });
      const results = await store.run(pack, { member, role: 'text', run }, inputs);
      provenance = mergeProvenance(provenance, results.provenance);
      used.add(results.provenance.provider);
      results.outputs.forEach(({ embedding }, place) => {
        rows.set(embedding!, group[place]! * length);
      });
    }
    byTensors.set(tensorSet, rows);
    members[member.name] = rows;
  }
  if (provenance === null) throw new StudioError('badInput', 'There are no texts to embed.');
  if (used.size > 1) return await embedTexts(store, pack, { run, texts, tokenisers });
  return { members, length, provenance };
}

/** Places of the texts, shortest first, in groups of equal length. */
function groupByLength(cut: readonly { ids: BigInt64Array }[]): number[][] {
  const byLength = new Map<number, number[]>();
  for (const [at, { ids }] of cut.entries()) {
    byLength.set(ids.length, [...(byLength.get(ids.length) ?? []), at]);
  }
  return [...byLength]
    .sort(([a], [b]) => a - b)
    .flatMap(([, places]) =>
      Array.from({ length: Math.ceil(places.length / textsTogether) }, (_, group) =>
        places.slice(group * textsTogether, (group + 1) * textsTogether),
      ),
    );
}

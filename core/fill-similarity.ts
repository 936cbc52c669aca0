/** The similarity stage: embeds prompts that are not embedded, computes S where it lacks, and the scores made from signals. */
import type { ReasonCount } from '../contract/jobs.ts';
import type { Provider } from '../contract/pack.ts';
import { forgetDerivedOf, type IdRange, readSignalOf, saveSignal } from '../db/features.ts';
import { activeHeads, saveScores, withoutScore } from '../db/heads.ts';
import { imageIdRange } from '../db/images.ts';
import { forgetTextsOfOthers, hasTextsOfOthers, saveProvenance } from '../db/provenance.ts';
import {
  type Pair,
  pairsOfImages,
  pairsWithoutSimilarity,
  promptsWithoutEmbedding,
  readImageEmbedding,
  readTextEmbedding,
  saveTextEmbedding,
} from '../db/similarity.ts';
import type { TextEmbeddings } from '../native-models/messages.ts';
import { readInputsOf, sourceOfHead } from './head-inputs.ts';
import { stopIfCancelled } from './jobs.ts';
import { predictHead } from './maths/head.ts';
import { decodeHead } from './maths/head-codec.ts';
import { FileFailureError } from './models/models-client.ts';
import { type SimilarityMember, similarityMembers } from './pack-vectors.ts';
import type { Pack } from './packs.ts';
import type { Studio } from './studio.ts';

/** Prompts embedded by one question: enough for the network to be busy, few enough that S appears as it goes. */
const promptsAtOnce = 16;
/** Images a step over the library: no vote waits longer than one takes. */
const imagesAtOnce = 1000;

interface Prompt {
  id: number;
  text: string;
}

export interface FillOrder {
  pack: Pack;
  providers: readonly Provider[] | null;
  signal: AbortSignal;
}

/** One stage over one pack; every part of it takes what is not yet done, so it goes on wherever it stopped. */
export class SimilarityFiller {
  readonly #studio: Studio;
  readonly #order: FillOrder;
  readonly #members: SimilarityMember[];
  /** Prompts that could not be embedded, with the reason, so that they are asked for once a run. */
  readonly #refused = new Map<number, ReasonCount>();
  readonly #pairs = new Set<string>();

  constructor(studio: Studio, order: FillOrder) {
    this.#studio = studio;
    this.#order = order;
    this.#members = similarityMembers(order.pack.manifest);
  }

  /** Pairs of image and prompt that got their S. */
  get pairs(): number {
    return this.#pairs.size;
  }

  /** Why prompts have no embedding, the most frequent reason first. */
  get reasons(): ReasonCount[] {
    const groups = Map.groupBy(this.#refused.values(), ({ code }) => code);
    const counts = [...groups.values()].map((all) => ({ ...all[0]!, count: all.length }));
    return counts.sort((a, b) => b.count - a.count);
  }

  /** Does what lacks for all images. @param onStep is told the share of ids that were looked through */
  async fillLibrary(onStep: (done: number, total: number) => void = () => undefined): Promise<void> {
    const all = imageIdRange(this.#studio.db);
    if (all === null) return;
    for (const ids of stepsOf(all)) {
      await this.fill(ids);
      onStep(ids.at(-1)! - all.first + 1, all.last - all.first + 1);
    }
  }

  /**
   * Embeds again the prompts that were embedded with something else, and takes S and what was made of it anew. S goes first: what a stop leaves
   * then lacks, and the next run computes it.
   */
  async embedAgain(provenanceId: number): Promise<void> {
    const { db } = this.#studio;
    const { id: packId, features } = this.#order.pack.manifest;
    const all = imageIdRange(db);
    if (all === null || !hasTextsOfOthers(db, packId, features.version, provenanceId)) return;
    for (const ids of stepsOf(all)) {
      db.transaction(() => {
        for (const imageId of ids) forgetDerivedOf(db, { packId, imageId, heads: 'signals' });
      });
      await new Promise((resolve) => setImmediate(resolve));
      stopIfCancelled(this.#order.signal);
    }
    db.transaction(() => forgetTextsOfOthers(db, packId, provenanceId));
    await this.fillLibrary();
  }

  /**
   * Does what lacks for the given images.
   *
   * @throws StudioError `cancelled`, `modelsUnavailable`, and what is wrong with the pack
   */
  async fill(imageIds: readonly number[]): Promise<void> {
    const pairs = this.#members.flatMap((member) =>
      pairsWithoutSimilarity(this.#studio.db, member, imageIds),
    );
    const byPrompt = Map.groupBy(pairs, ({ promptId }) => promptId);
    const promptIds = [...byPrompt.keys()].filter((id) => !this.#refused.has(id));
    for (let at = 0; at < promptIds.length; at += promptsAtOnce) {
      const some = promptIds.slice(at, at + promptsAtOnce);
      await this.#embed(some);
      this.#saveSimilarities([...new Set(some.flatMap((id) => byPrompt.get(id)!.map((p) => p.imageId)))]);
    }
    this.saveFusedScores(imageIds);
    await new Promise((resolve) => setImmediate(resolve));
    stopIfCancelled(this.#order.signal);
  }

  /** Embeds those of the prompts that a member has not embedded. */
  async #embed(promptIds: readonly number[]): Promise<void> {
    const lacking = this.#members.map((member) => ({
      member,
      prompts: promptsWithoutEmbedding(this.#studio.db, member, promptIds),
    }));
    const prompts = new Map(lacking.flatMap(({ prompts }) => prompts.map(({ id, text }) => [id, text])));
    if (prompts.size === 0) return;
    const members = lacking.filter(({ prompts }) => prompts.length > 0).map(({ member }) => member);
    const asked = [...prompts].map(([id, text]) => ({ id, text }));
    try {
      this.#saveEmbeddings(asked, members, await this.#ask(asked, members));
    } catch (error) {
      if (!(error instanceof FileFailureError)) throw error;
      await this.#embedOneByOne(asked, members);
    }
  }

  /** One of the prompts is to blame; the others have their embeddings. */
  async #embedOneByOne(prompts: readonly Prompt[], members: readonly SimilarityMember[]): Promise<void> {
    for (const prompt of prompts) {
      try {
        this.#saveEmbeddings([prompt], members, await this.#ask([prompt], members));
      } catch (error) {
        if (!(error instanceof FileFailureError)) throw error;
        this.#refused.set(prompt.id, { ...error.failure, count: 1 });
      }
    }
  }

  #ask(prompts: readonly Prompt[], members: readonly SimilarityMember[]): Promise<TextEmbeddings> {
    const { pack, providers, signal } = this.#order;
    const run = { members: members.map(({ member }) => member), precision: null, providers };
    const texts = prompts.map(({ text }) => text);
    return this.#studio.models.ask({ kind: 'embedText', packFolder: pack.folder, run, texts }, { signal });
  }

  #saveEmbeddings(
    prompts: readonly Prompt[],
    members: readonly SimilarityMember[],
    answer: TextEmbeddings,
  ): void {
    const { db } = this.#studio;
    const { length, provenance } = answer;
    db.transaction(() => {
      const provenanceId = saveProvenance(db, provenance);
      for (const member of members) {
        const rows = answer.members[member.member];
        for (const [at, { id: promptId }] of rows === undefined ? [] : prompts.entries()) {
          const values = rows!.subarray(at * length, (at + 1) * length);
          saveTextEmbedding(db, member, { promptId, values, provenanceId });
        }
      }
    });
  }

  /** S of the images for their prompts, of each member and as the mean, and the scores that lacked it: together or not at all. */
  #saveSimilarities(imageIds: readonly number[]): void {
    const { db, bus } = this.#studio;
    db.transaction(() => {
      for (const member of this.#members) {
        for (const pair of pairsWithoutSimilarity(db, member, imageIds)) this.#saveSimilarity(member, pair);
      }
      this.#saveMeans(imageIds);
      this.saveFusedScores(imageIds);
    });
    bus.changed('images', 'scores');
  }

  /** S = exp(logit_scale) · cosine (SF-IQA equation 2); both embeddings have the length 1. */
  #saveSimilarity(member: SimilarityMember, { imageId, promptId }: Pair): void {
    const { db } = this.#studio;
    const text = readTextEmbedding(db, member, promptId);
    const image = readImageEmbedding(db, member, imageId);
    if (text === undefined || image === undefined) return;
    const { packId, signal: name, logitScale } = member;
    const s = logitScale * dot(floatsOf(image), floatsOf(text.data));
    const value = Number.isFinite(s) ? s : { reason: 'The network gave no finite number for this pair.' };
    saveSignal(db, { packId, name, imageId, promptId, value, provenanceId: text.provenanceId });
    this.#pairs.add(`${imageId} ${promptId}`);
  }

  #saveMeans(imageIds: readonly number[]): void {
    if (this.#members.length < 2) return;
    const { db } = this.#studio;
    const { manifest } = this.#order.pack;
    const columns = this.#members.map(({ signal }) => readSignalOf(db, manifest.id, signal, imageIds));
    for (const { imageId, promptId } of pairsOfImages(db, imageIds)) {
      const values = columns.map((column) => column.get(imageId));
      if (!values.every((value) => value !== undefined)) continue;
      const value = values.reduce((sum, s) => sum + s, 0) / values.length;
      saveSignal(db, { packId: manifest.id, name: 's', imageId, promptId, value });
    }
  }

  /** Gives images whose signals are whole the scores of active heads that read signals, where they have none. */
  saveFusedScores(imageIds: readonly number[]): void {
    const { db, bus } = this.#studio;
    const { manifest } = this.#order.pack;
    for (const row of activeHeads(db, manifest.id)) {
      if (row.inputs !== 'signals') continue;
      const head = decodeHead(row.weights);
      const source = sourceOfHead(manifest, { inputs: row.inputs, length: head.length });
      if (source === undefined) continue;
      const lacking = withoutScore(db, row.id, imageIds);
      if (lacking.length === 0) continue;
      const rows = readInputsOf(db, source, lacking);
      if (rows.imageIds.length === 0) continue;
      const values = predictHead(head, rows.values, rows.imageIds.length);
      db.transaction(() => saveScores(db, row.id, rows.imageIds, values));
      bus.changed('scores');
    }
  }
}

/** All ids of a range, in steps. */
function* stepsOf({ first, last }: IdRange): Generator<number[]> {
  for (let from = first; from <= last; from += imagesAtOnce) {
    const count = Math.min(imagesAtOnce, last - from + 1);
    yield Array.from({ length: count }, (_, at) => from + at);
  }
}

/** Stored bytes as numbers; copied, because they may lie anywhere. */
export function floatsOf(bytes: Buffer): Float32Array {
  const values = new Float32Array(bytes.byteLength / 4);
  new Uint8Array(values.buffer).set(bytes);
  return values;
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += a[at]! * b[at]!;
  return sum;
}

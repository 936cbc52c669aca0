/** Verifies a pack's precision: scores a sample of the user's own images in it and in float32, and tells how far they differ. */
import { StudioError } from '../contract/errors.ts';
import type { Job, JobSummary } from '../contract/jobs.ts';
import type { PackManifest, PackVerification, Precision } from '../contract/pack.ts';
import { filesOfImage, filesWithImages } from '../db/files.ts';
import { activeHeads } from '../db/heads.ts';
import { imageById } from '../db/images.ts';
import { promptTextOf } from '../db/studies.ts';
import type { Look, Provenance } from '../native-models/messages.ts';
import { dot } from './fill-similarity.ts';
import { absolutePath } from './find-files.ts';
import { sourceOfHead } from './head-inputs.ts';
import type { JobContext } from './jobs.ts';
import { fewestToCorrelate, spearman } from './maths/correlation.ts';
import { type Head, predictHead } from './maths/head.ts';
import { decodeHead } from './maths/head-codec.ts';
import { createRandom, shuffle } from './maths/random.ts';
import { FileFailureError } from './models/models-client.ts';
import { saveVerification } from './pack-notes.ts';
import { headVectorOf, memberSignal, similarityMembers } from './pack-vectors.ts';
import { getUsablePack, type Pack } from './packs.ts';
import { fitsPack } from './register-pack.ts';
import { limitsOf } from './settings.ts';
import type { Studio } from './studio.ts';

/** The least SRCC between a reduced precision and float32 that counts as good: ranks of hardly any two images change places. */
const leastSrcc = 0.99;
/** The same images each time, so that two packs are compared on equal terms. */
const sampleSeed = 1;
const promptsAtOnce = 16;

interface Sample {
  imageId: number;
  hash: string;
  path: ReturnType<typeof absolutePath>;
  prompt: string | null;
}

/** Q, S and P of one image; null where there is none. */
type Values = Record<'q' | 's' | 'overall', number | null>;

/**
 * Starts to compare a pack's precision with float32 as a job.
 *
 * @throws StudioError `notFound`, `checkpointInvalid`; `unsupported` for a pack without networks or in float32; `badInput` where the library
 * has fewer images with files than an order can be told of
 */
export function startVerifying(studio: Studio, { id, images }: { id: string; images: number }): Job {
  const pack = getUsablePack(studio, id);
  const { network, title } = pack.manifest;
  if (network === null || network.precision === 'float32') {
    const why = network === null ? 'has no networks' : 'computes in float32 itself';
    throw new StudioError('unsupported', `${title} ${why}: there is nothing to compare.`, { packId: id });
  }
  const sample = drawSample(studio, images);
  if (sample.length < fewestToCorrelate) {
    throw new StudioError(
      'badInput',
      `An order of fewer than ${fewestToCorrelate} images says nothing; ${sample.length} are compared. Ask for more, or score a folder first.`,
      { images: sample.length },
    );
  }
  return studio.jobs.start({
    kind: 'verifyPack',
    title: `Verify ${title} in ${network.precision}`,
    params: { id, images },
    packId: id,
    work: (context) => verifyPack(studio, { pack, sample, precision: network.precision }, context),
  });
}

function drawSample(studio: Studio, count: number): Sample[] {
  const { db } = studio;
  const ids = [...new Set(filesWithImages(db).map((file) => file.image_id))].sort((a, b) => a - b);
  shuffle(ids, createRandom(sampleSeed));
  return ids.slice(0, count).flatMap((imageId) => {
    const [file] = filesOfImage(db, imageId);
    const image = imageById(db, imageId);
    if (file === undefined || image === undefined || image.hash === null) return [];
    const path = absolutePath(file.root, { path: file.path, rawPath: file.raw_path });
    return [{ imageId, hash: image.hash, path, prompt: promptTextOf(db, image.prompt_id) }];
  });
}

async function verifyPack(
  studio: Studio,
  order: { pack: Pack; sample: Sample[]; precision: Precision },
  context: JobContext,
): Promise<JobSummary> {
  const { pack, sample, precision } = order;
  const { manifest } = pack;
  const scorer = new SampleScorer(studio, pack, context);
  const reduced = await scorer.score(sample, precision);
  const whole = await scorer.score(sample, 'float32');
  const pairs = sample.flatMap(({ imageId }) => {
    const [a, b] = [reduced.get(imageId), whole.get(imageId)];
    return a === undefined || b === undefined ? [] : [[a, b] as const];
  });
  const compared = { q: compare(pairs, 'q'), s: compare(pairs, 's'), overall: compare(pairs, 'overall') };
  const found = Object.values(compared).filter((one) => one !== null);
  if (found.length === 0) throw nothingToCompare(pack, { compared: pairs.length, asked: sample.length });
  const { q, s, overall } = compared;
  const verification: PackVerification = {
    precision,
    images: pairs.length,
    q: q?.deviation ?? null,
    s: s?.deviation ?? null,
    overall: overall?.deviation ?? null,
    srcc: { q: q?.srcc ?? null, s: s?.srcc ?? null, overall: overall?.srcc ?? null },
    bound: leastSrcc,
    isGood: found.every(keepsOrder),
    checkedAt: studio.now(),
  };
  saveVerification(studio.db, manifest.id, { version: manifest.features.version, verification });
  studio.bus.changed('packs');
  return { packId: manifest.id, rows: pairs.length, failed: sample.length - pairs.length };
}

interface Compared {
  deviation: { max: number; mean: number };
  /** Null where one of the precisions gives all images the same. */
  srcc: number | null;
}

/** Where there is no order, as where all images get one value, only the same values keep it. */
function keepsOrder({ deviation, srcc }: Compared): boolean {
  return srcc === null ? deviation.max === 0 : srcc >= leastSrcc;
}

function nothingToCompare({ manifest }: Pack, images: { compared: number; asked: number }): StudioError {
  const isRead = images.compared >= fewestToCorrelate;
  return new StudioError(
    isRead ? 'unsupported' : 'unreadable',
    isRead
      ? `${manifest.title} gave too few of these ${images.compared} images a value to compare: S needs prompts, and a pack of features alone an active head for “overall”.`
      : `Only ${images.compared} of ${images.asked} images could be read, and an order of fewer than ${fewestToCorrelate} says nothing. Scan their folders, and verify again.`,
    { packId: manifest.id },
  );
}

/** |Δ| and SRCC of one value over the images that have it in both precisions; null where too few have. */
function compare(pairs: readonly (readonly [Values, Values])[], name: keyof Values): Compared | null {
  const both = pairs.flatMap(([{ [name]: a }, { [name]: b }]) =>
    a === null || b === null ? [] : [[a, b] as const],
  );
  if (both.length < fewestToCorrelate) return null;
  const gaps = both.map(([a, b]) => Math.abs(a - b));
  return {
    deviation: { max: Math.max(...gaps), mean: gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length },
    srcc: spearman(
      Float64Array.from(both, ([a]) => a),
      Float64Array.from(both, ([, b]) => b),
    ),
  };
}

/** Scores images in a precision without storing anything. */
class SampleScorer {
  readonly #studio: Studio;
  readonly #pack: Pack;
  readonly #context: JobContext;
  readonly #head: { head: Head; inputs: 'features' | 'signals' } | null;
  #done = 0;

  constructor(studio: Studio, pack: Pack, context: JobContext) {
    this.#studio = studio;
    this.#pack = pack;
    this.#context = context;
    const { manifest } = pack;
    const row = activeHeads(studio.db, manifest.id).find(
      (head) => head.target === 'overall' && fitsPack(head, manifest),
    );
    this.#head = row === undefined ? null : { head: decodeHead(row.weights), inputs: row.inputs };
  }

  /** By image; those whose file cannot be read any more are left out. */
  async score(sample: readonly Sample[], precision: Precision): Promise<Map<number, Values>> {
    const texts = await this.#embed(sample, precision);
    const values = new Map<number, Values>();
    for (const image of sample) {
      const look = await this.#look(image, precision);
      if (look !== null) values.set(image.imageId, this.#fuse(look, texts.get(image.prompt ?? '')));
      this.#done += 1;
      this.#context.report({ phase: `scoring in ${precision}`, done: this.#done, total: 2 * sample.length });
    }
    return values;
  }

  async #look({ path, hash }: Sample, precision: Precision): Promise<Look | null> {
    const request = { kind: 'look' as const, path, hash, limits: limitsOf(this.#studio) };
    const run = { members: null, precision, providers: null };
    try {
      const look = await this.#studio.models.ask(
        { ...request, packFolder: this.#pack.folder, run },
        { signal: this.#context.signal },
      );
      this.#assertPrecision(look.provenance, precision);
      return look;
    } catch (error) {
      if (error instanceof FileFailureError) return null;
      throw error;
    }
  }

  /** Embeddings of the sample's prompts: by text, then by member. */
  async #embed(
    sample: readonly Sample[],
    precision: Precision,
  ): Promise<Map<string, Record<string, Float32Array>>> {
    const embedded = new Map<string, Record<string, Float32Array>>();
    const texts = [...new Set(sample.flatMap(({ prompt }) => prompt ?? []))];
    const members = similarityMembers(this.#pack.manifest).map(({ member }) => member);
    for (let at = 0; members.length > 0 && at < texts.length; at += promptsAtOnce) {
      const some = texts.slice(at, at + promptsAtOnce);
      const run = { members, precision, providers: null };
      const answer = await this.#studio.models.ask(
        { kind: 'embedText', packFolder: this.#pack.folder, run, texts: some },
        { signal: this.#context.signal },
      );
      this.#assertPrecision(answer.provenance, precision);
      for (const [row, text] of some.entries()) {
        const rows = Object.entries(answer.members).map(([member, all]) => [
          member,
          all.subarray(row * answer.length, (row + 1) * answer.length),
        ]);
        embedded.set(text, Object.fromEntries(rows));
      }
    }
    return embedded;
  }

  /** A machine without a GPU computes float16 in float32: that differs in nothing, which says nothing of float16. */
  #assertPrecision(computed: Provenance | null, wanted: Precision): void {
    if (computed === null || computed.precision === wanted) return;
    const { id, title } = this.#pack.manifest;
    const why = computed.fallback === null ? '' : ` (${computed.fallback})`;
    throw new StudioError(
      'unsupported',
      `Here ${title} is computed on ${computed.provider} in ${computed.precision}, not in ${wanted}${why}: there is nothing to compare. Verify it where it runs in ${wanted}.`,
      { packId: id },
    );
  }

  #fuse(look: Look, text: Record<string, Float32Array> | undefined): Values {
    const { manifest } = this.#pack;
    const signals = new Map(
      Object.entries(look.signals).flatMap(([name, value]) =>
        typeof value === 'number' ? [[name, value]] : [],
      ),
    );
    for (const { member, kind, signal, logitScale } of similarityMembers(manifest)) {
      const [image, words] = [look.vectors[kind], text?.[member]];
      if (image !== undefined && words !== undefined) signals.set(signal, logitScale * dot(image, words));
    }
    const inputs = this.#inputsOf(look, signals);
    const isWhole = this.#head !== null && !inputs.some(Number.isNaN);
    return {
      q: meanOf(signals, manifest, 'q'),
      s: meanOf(signals, manifest, 's'),
      overall: isWhole ? predictHead(this.#head!.head, Float32Array.from(inputs), 1)[0]! : null,
    };
  }

  /** What the head reads; NaN where something lacks. */
  #inputsOf(look: Look, signals: ReadonlyMap<string, number>): number[] {
    if (this.#head === null) return [];
    const { head, inputs } = this.#head;
    const { manifest } = this.#pack;
    if (inputs === 'features') return [...(look.vectors[headVectorOf(manifest).kind] ?? [Number.NaN])];
    const source = sourceOfHead(manifest, { inputs, length: head.length })!;
    return [
      ...source.signals.map((name) => signals.get(name) ?? Number.NaN),
      ...source.layered.flatMap(({ kind }) => [...(look.vectors[kind] ?? [Number.NaN])]),
    ];
  }
}

function meanOf(
  signals: ReadonlyMap<string, number>,
  manifest: PackManifest,
  base: 'q' | 's',
): number | null {
  const names = manifest.network!.members.map(({ name }) => memberSignal(base, manifest, name));
  const values = names.map((name) => signals.get(name));
  if (!values.every((value) => value !== undefined)) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

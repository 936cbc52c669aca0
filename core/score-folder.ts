/** The score stage: finds the files of a folder, looks at those not yet done, stores what the pack gives, and applies the heads. */
import { resolve } from 'node:path';
import { StudioError, toStudioError } from '../contract/errors.ts';
import type { Job, JobSummary, ReasonCount } from '../contract/jobs.ts';
import type { Provider } from '../contract/pack.ts';
import { markMissing, saveFile, saveRoot } from '../db/files.ts';
import { activeHeads } from '../db/heads.ts';
import { setPrompt } from '../db/images.ts';
import type { FileFailure, Provenance } from '../native-models/messages.ts';
import { assertFolder } from './browse.ts';
import { SimilarityFiller } from './fill-similarity.ts';
import type { JobContext } from './jobs.ts';
import { FileLooker, type LookTask } from './look-at-file.ts';
import { saveLastUsed } from './pack-notes.ts';
import { similarityMembers } from './pack-vectors.ts';
import { getUsablePack, type Pack } from './packs.ts';
import { forEachInParallel } from './parallel.ts';
import { planScoring } from './plan-scoring.ts';
import { ResultWriter } from './result-writer.ts';
import { limitsOf } from './settings.ts';
import { readSidecarPrompt } from './sidecar.ts';
import { startSimilarity } from './start-similarity.ts';
import type { Studio } from './studio.ts';

/** Files under way a worker: one that is looked at, and enough that wait for no thread to wait for the engine. */
const filesPerWorker = 4;
/** The same for networks, which run groups of images together: the next groups are decoded meanwhile. */
const filesPerInference = 12;
/** New images gather until there are so many, or for so long, before their similarity is computed: texts are embedded many at a time. */
const gatherImages = 32;
const gatherMs = 3_000;

export interface ScoreOrder {
  folder: string;
  recursive: boolean;
  packId: string;
  /** Execution providers for networks, in order; automatic where absent. */
  providers?: readonly Provider[] | undefined;
}

/**
 * Starts scoring a folder as a job. Files that did not change and have scores are skipped without being opened; the rest is
 * identified by content hash, so that a moved or renamed file keeps its scores and votes.
 *
 * @throws StudioError `notFound` for a missing folder or pack, `checkpointInvalid` for a pack that cannot be used, `conflict` while
 * another folder is being scored
 */
export function startScoring(studio: Studio, order: ScoreOrder): Job {
  const folder = resolve(order.folder);
  assertFolder(folder);
  const pack = getUsablePack(studio, order.packId);
  return studio.jobs.start({
    kind: 'score',
    title: `Score ${folder}`,
    params: { ...order, folder },
    packId: order.packId,
    work: (context) =>
      new ScoringRun(studio, { pack, providers: order.providers ?? null }, context).run(
        folder,
        order.recursive,
      ),
  });
}

/** One run over one folder: the counts, and the steps that change them. */
class ScoringRun {
  readonly #studio: Studio;
  readonly #pack: Pack;
  readonly #providers: readonly Provider[] | null;
  readonly #context: JobContext;
  readonly #similarity: SimilarityFiller | null;
  /** Images that were stored since the last step of the similarity stage, which runs beside the looking. */
  #fresh: number[] = [];
  #filling: Promise<void> | null = null;
  #filledAt = Date.now();
  /** Images that got another prompt without being looked at. */
  readonly #prompted: number[] = [];
  readonly #provenance = new Map<string, Provenance>();
  readonly #reasons = new Map<string, ReasonCount>();
  #scored = 0;
  #skipped = 0;
  #failed = 0;
  /** Files whose metadata is there and could not be read. */
  #garbled = 0;

  constructor(
    studio: Studio,
    { pack, providers }: { pack: Pack; providers: readonly Provider[] | null },
    context: JobContext,
  ) {
    this.#studio = studio;
    this.#pack = pack;
    this.#providers = providers;
    this.#context = context;
    const order = { pack, providers, signal: context.signal };
    this.#similarity = needsSimilarity(studio, pack) ? new SimilarityFiller(studio, order) : null;
  }

  async run(folder: string, recursive: boolean): Promise<JobSummary> {
    const { db, bus, now } = this.#studio;
    if (this.#pack.manifest.network !== null) await this.#checkPack();
    const root = saveRoot(db, folder, recursive, now());
    const { tasks, missing } = await this.#plan(root, recursive);
    await this.#lookAtAll(tasks);
    if (!this.#context.signal.aborted) db.transaction(() => markMissing(db, missing, now()));
    await this.#stopQuietly(() => this.#compareAll());
    startSimilarity(this.#studio, this.#prompted);
    bus.changed('images', 'scores');
    return {
      scored: this.#scored,
      skipped: this.#skipped,
      failed: this.#failed,
      reasons: [...this.#reasons.values(), ...(this.#similarity?.reasons ?? [])].sort(
        (a, b) => b.count - a.count,
      ),
      notes: [...[...this.#provenance.values()].map(describeProvenance), ...describeGarbled(this.#garbled)],
    };
  }

  /** Its files are where and as they were, and this version of the models process knows how to run it. */
  async #checkPack(): Promise<void> {
    const { folder } = this.#pack;
    const { problem } = await this.#studio.models.ask(
      { kind: 'checkPack', packFolder: folder },
      { signal: this.#context.signal },
    );
    if (problem !== null) throw new StudioError(problem.code, problem.message, problem.details);
  }

  /** A cancelled job ends with what was done until then. */
  async #stopQuietly<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!this.#context.signal.aborted || toStudioError(error).code !== 'cancelled') throw error;
      return undefined;
    }
  }

  /** The similarity stage over everything: also what an earlier run left, and images whose prompt has changed since. */
  async #compareAll(): Promise<void> {
    if (this.#similarity === null || this.#context.signal.aborted) return;
    this.#report('comparing with prompts', this.#done);
    await this.#similarity.fillLibrary();
  }

  async #plan(
    root: { id: number; path: string },
    recursive: boolean,
  ): Promise<{ tasks: LookTask[]; missing: number[] }> {
    const { db, now } = this.#studio;
    const tasks: LookTask[] = [];
    const plan = planScoring(this.#studio, { root, recursive, pack: this.#pack });
    let step = await plan.next();
    for (; step.done !== true; step = await plan.next()) {
      if (this.#context.signal.aborted) return { tasks: [], missing: [] };
      const planned = step.value;
      if (planned.kind === 'look') tasks.push(planned.task);
      else if (planned.kind === 'skip') await this.#skip(planned.imageId, planned.sidecarPath);
      else if (planned.kind === 'stillFailing') this.#countFailure(planned.failure);
      else {
        const { path, failure } = planned.problem;
        const file = { rootId: root.id, path, rawPath: null, sizeBytes: 0, mtimeMs: 0 };
        saveFile(db, file, { failure }, now());
        this.#countFailure(failure);
      }
      this.#report('finding files', null);
    }
    return { tasks, missing: step.value };
  }

  async #lookAtAll(tasks: LookTask[]): Promise<void> {
    const looker = new FileLooker(this.#studio, {
      pack: this.#pack,
      limits: limitsOf(this.#studio),
      providers: this.#providers,
      signal: this.#context.signal,
    });
    const writer = new ResultWriter(this.#studio, this.#pack, (ids) => this.#fresh.push(...ids));
    const total = this.#done + tasks.length;
    this.#report('scoring', total);
    const perWorker = this.#pack.manifest.network === null ? filesPerWorker : filesPerInference;
    const bounds = { limit: this.#studio.workers * perWorker, signal: this.#context.signal };
    try {
      await forEachInParallel(tasks, bounds, async (task) => {
        const outcome = await this.#stopQuietly(() => looker.look(task));
        if (outcome === undefined) return;
        writer.add(outcome);
        if ('failure' in outcome) this.#countFailure(outcome.failure);
        else {
          this.#scored += 1;
          if (outcome.identity.metadata?.problem != null) this.#garbled += 1;
        }
        if ('look' in outcome && outcome.look !== null) this.#note(outcome.look.provenance);
        this.#compareFresh();
        this.#report('scoring', total);
      });
    } finally {
      writer.flush();
      await this.#filling;
    }
  }

  /** Starts a step of the similarity stage where enough has gathered and none is under way. */
  #compareFresh(): void {
    const isDue = this.#fresh.length >= gatherImages || Date.now() - this.#filledAt >= gatherMs;
    if (this.#similarity === null || this.#filling !== null || !isDue || this.#fresh.length === 0) return;
    this.#filledAt = Date.now();
    this.#filling = this.#similarity
      .fill(this.#fresh.splice(0))
      // What went wrong is met again, and told, by the pass over everything.
      .catch(() => undefined)
      .finally(() => {
        this.#filling = null;
      });
  }

  #note(provenance: Provenance | null): void {
    if (provenance === null) return;
    const key = JSON.stringify(provenance);
    if (this.#provenance.has(key)) return;
    this.#provenance.set(key, provenance);
    saveLastUsed(this.#studio.db, this.#pack.manifest.id, provenance);
    this.#studio.bus.changed('packs');
  }

  /** An image that is done may still have got a sidecar since. */
  async #skip(imageId: number, sidecarPath: string | null): Promise<void> {
    this.#skipped += 1;
    if (sidecarPath === null) return;
    const prompt = await readSidecarPrompt(sidecarPath);
    if (prompt === null) return;
    if (setPrompt(this.#studio.db, imageId, prompt, 'sidecar')) this.#prompted.push(imageId);
  }

  #countFailure({ code, message }: FileFailure): void {
    this.#failed += 1;
    const known = this.#reasons.get(code);
    if (known === undefined) this.#reasons.set(code, { code, message, count: 1 });
    else known.count += 1;
  }

  get #done(): number {
    return this.#scored + this.#skipped + this.#failed;
  }

  #report(phase: string, total: number | null): void {
    this.#context.report({ phase, done: this.#done, total, failed: this.#failed, skipped: this.#skipped });
  }
}

/** A pack whose heads read signals, or that gives S, has work to do after the looking. */
function needsSimilarity(studio: Studio, { manifest }: Pack): boolean {
  if (similarityMembers(manifest).length > 0) return true;
  return activeHeads(studio.db, manifest.id).some(({ inputs }) => inputs === 'signals');
}

function describeGarbled(files: number): string[] {
  if (files === 0) return [];
  return [
    `${files} of the files carry generation metadata that cannot be read: “is:garbled” finds them, each tells why.`,
  ];
}

/** E.g. `Computed by onnxruntime 1.30.0 on cpu in int8. cuda was not used: …`. */
function describeProvenance({ runtime, provider, precision, fallback }: Provenance): string {
  return `Computed by ${runtime} on ${provider} in ${precision}.${fallback === null ? '' : ` ${fallback}`}`;
}

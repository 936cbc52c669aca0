/** One run over a folder: finds its files, looks at those not yet done, stores who they are and what the pack gives, and applies the heads. */
import { StudioError, toStudioError } from '../contract/errors.ts';
import type { JobSummary } from '../contract/jobs.ts';
import type { Provider } from '../contract/pack.ts';
import { countLost, markMissing, saveFile } from '../db/files.ts';
import { activeHeads } from '../db/heads.ts';
import { setPrompt } from '../db/images.ts';
import { saveProvenance } from '../db/provenance.ts';
import type { RootRow } from '../db/schema.ts';
import type { Provenance } from '../native-models/messages.ts';
import type { RootPart } from './cover-folder.ts';
import { describeGarbled, describeKept, describeProvenance } from './describe-run.ts';
import { SimilarityFiller } from './fill-similarity.ts';
import type { ProblemPath } from './find-files.ts';
import { thumbnailFolder } from './http/serve-image.ts';
import type { JobContext } from './jobs.ts';
import { FileLooker, type LookTask } from './look-at-file.ts';
import { readLastUsed, saveLastUsed } from './pack-notes.ts';
import { similarityMembers } from './pack-vectors.ts';
import type { Pack } from './packs.ts';
import { forEachInParallel } from './parallel.ts';
import { expectRun } from './plan-run.ts';
import { type Planned, planScoring } from './plan-scoring.ts';
import { ResultWriter } from './result-writer.ts';
import { findWhyOffline, offlineWords } from './root-reach.ts';
import { RunTally } from './run-tally.ts';
import { limitsOf } from './settings.ts';
import { readSidecarPrompt, sidecarChangedAt } from './sidecar.ts';
import { startSimilarity } from './start-similarity.ts';
import { listOthers } from './stored-by.ts';
import type { Studio } from './studio.ts';

/** Files under way a worker: one that is looked at, and enough that wait for no thread to wait for the engine. */
const filesPerWorker = 4;
/** The same for networks, which run groups of images together: the next groups are decoded meanwhile … */
const filesPerInference = 12;
/** … and at least so many: where memory is short, the weights are read from disk for 32 images at a time. */
const fewestForNetworks = 40;
/** New images gather until there are so many, or for so long, before their similarity is computed: texts are embedded many at a time. */
const gatherImages = 32;
const gatherMs = 3_000;

export interface RunOrder {
  root: Pick<RootRow, 'id' | 'path' | 'recursive'>;
  /** Paths below the root that may have changed, and nothing else is looked at; everything where absent. */
  only?: readonly string[] | undefined;
  /** A part of the root, and nothing else is looked through. */
  part?: RootPart | null;
  /** Null: images become known and get their thumbnails, and are not scored. */
  pack: Pack | null;
  /** Execution providers for networks, in order; automatic where absent. */
  providers?: readonly Provider[] | undefined;
  /** Compute again what something else has computed than this run would: another runtime, provider or precision. */
  again?: boolean | undefined;
  /** A person wants it: a folder that is empty now was emptied, and is no drive that is off. */
  isAsked: boolean;
  /** Told with what came of it. */
  notes?: readonly string[];
}

/** Roots that runs look through as a whole now. */
const beingWalked = new WeakMap<Studio, number[]>();

export function isBeingWalked(studio: Studio, rootId: number): boolean {
  return beingWalked.get(studio)?.includes(rootId) === true;
}

/** The steps of a run, one after another. */
export class FolderRun {
  readonly #studio: Studio;
  readonly #order: RunOrder;
  readonly #pack: Pack | null;
  readonly #providers: readonly Provider[] | null;
  readonly #context: JobContext;
  readonly #similarity: SimilarityFiller | null;
  /** Images that were stored since the last step of the similarity stage, which runs beside the looking. */
  #fresh: number[] = [];
  #filling: Promise<void> | null = null;
  #filledAt = Date.now();
  /** Images that got another prompt without being looked at. */
  readonly #prompted: number[] = [];
  /** Where numbers are computed again: what those that stay were computed with. */
  #keptId: number | undefined;
  readonly #provenance = new Map<string, Provenance>();
  readonly #tally = new RunTally();
  /** Something was found in the folder: empty since, it is a drive that left. */
  #hasFound = false;

  constructor(studio: Studio, order: RunOrder, context: JobContext) {
    this.#studio = studio;
    this.#order = order;
    this.#pack = order.pack;
    this.#providers = order.providers ?? null;
    this.#context = context;
    const { pack } = order;
    this.#similarity =
      pack !== null && needsSimilarity(studio, pack)
        ? new SimilarityFiller(studio, { pack, providers: this.#providers, signal: context.signal })
        : null;
  }

  /** @throws StudioError `unreadable` when the folder cannot be reached (any more); what is known of its files stays as it is */
  async run(): Promise<JobSummary> {
    const { root, only, part = null } = this.#order;
    if (only !== undefined || part !== null) return await this.#runOver();
    const walked = beingWalked.get(this.#studio) ?? [];
    beingWalked.set(this.#studio, [...walked, root.id]);
    try {
      return await this.#runOver();
    } finally {
      const left = beingWalked.get(this.#studio)!;
      beingWalked.set(this.#studio, left.toSpliced(left.indexOf(root.id), 1));
    }
  }

  async #runOver(): Promise<JobSummary> {
    const { db, bus, now } = this.#studio;
    if (this.#pack !== null && this.#pack.manifest.network !== null) await this.#checkPack(this.#pack);
    await this.#assertReached();
    await this.#beginAgain();
    const { tasks, missing } = await this.#plan();
    await this.#lookAtAll(tasks);
    if (!this.#context.signal.aborted && missing.length > 0) {
      await this.#assertReached();
      db.transaction(() => markMissing(db, missing, now()));
    }
    await this.#stopQuietly(() => this.#compareAll());
    startSimilarity(this.#studio, this.#prompted);
    if (this.#provenance.size > 0) bus.changed('packs');
    const { looked, skipped, failed, gone, garbled } = this.#tally;
    if (looked + failed + missing.length + gone + this.#prompted.length > 0) bus.changed('images', 'scores');
    return {
      ...(this.#pack === null ? { identified: looked } : { scored: looked }),
      ...{ skipped, failed, missing: countLost(db, missing) + gone },
      reasons: this.#tally.listReasons(this.#similarity?.reasons),
      notes: [
        ...(this.#order.notes ?? []),
        ...[...this.#provenance.values()].map(describeProvenance),
        ...(await this.#describeKept()),
        ...describeGarbled(garbled),
      ],
    };
  }

  /** A drive that was taken away in the middle is not a folder of missing files. */
  async #assertReached(): Promise<void> {
    const { root, isAsked } = this.#order;
    const why = await findWhyOffline(this.#studio.db, root, this.#hasFound);
    if (why === null || (why === 'empty' && isAsked && !this.#hasFound)) return;
    throw new StudioError(
      'unreadable',
      `${root.path} ${offlineWords[why]}. What is known of its files stays; it goes on when the folder is back.`,
      { path: root.path },
    );
  }

  /** Its files are where and as they were, and this version of the models process knows how to run it. */
  async #checkPack({ folder }: Pack): Promise<void> {
    const { problem } = await this.#studio.models.ask(
      { kind: 'checkPack', packFolder: folder },
      { signal: this.#context.signal },
    );
    if (problem !== null) throw new StudioError(problem.code, problem.message, problem.details);
  }

  /** Texts are embedded again at once, for which no file is needed; images as they are found. */
  async #beginAgain(): Promise<void> {
    if (this.#order.again !== true || this.#pack === null) return;
    const expected = await expectRun(this.#studio, this.#pack, this.#providers);
    if (expected === null) return;
    const keptId = saveProvenance(this.#studio.db, expected);
    this.#keptId = keptId;
    this.#report('comparing with prompts', null);
    await this.#stopQuietly(async () => await this.#similarity?.embedAgain(keptId));
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

  /** What is stored of the pack that was computed otherwise than now, or, where nothing was, than the rest. */
  async #describeKept(): Promise<string[]> {
    const { db, reading } = this.#studio;
    if (this.#pack === null) return [];
    const { manifest } = this.#pack;
    const now = [...this.#provenance.values()];
    const last = readLastUsed(db, manifest.id);
    const used = now.length > 0 || last === null ? now : [last];
    return describeKept(await listOthers({ reading }, manifest, used));
  }

  /** The similarity stage over everything: also what an earlier run left, and images whose prompt has changed since. */
  async #compareAll(): Promise<void> {
    if (this.#similarity === null || this.#context.signal.aborted) return;
    this.#report('comparing with prompts', this.#tally.done);
    await this.#similarity.fillLibrary();
  }

  async #plan(): Promise<{ tasks: LookTask[]; missing: number[] }> {
    const { root, only = null, part } = this.#order;
    const tasks: LookTask[] = [];
    const plan = planScoring(this.#studio, {
      ...{ root, pack: this.#pack, only, provenanceId: this.#keptId },
      part: part ?? { path: '.', recursive: root.recursive === 1 },
    });
    let step = await plan.next();
    for (; step.done !== true; step = await plan.next()) {
      if (this.#context.signal.aborted) return { tasks: [], missing: [] };
      const planned = step.value;
      this.#hasFound = true;
      if (planned.kind === 'look') tasks.push(planned.task);
      else if (planned.kind === 'skip') await this.#skip(planned);
      else if (planned.kind === 'stillFailing') this.#tally.countFailure(planned.failure);
      else await this.#noteProblem(planned.problem);
      this.#report('finding files', null);
    }
    return { tasks, missing: step.value };
  }

  async #noteProblem({ path, failure }: ProblemPath): Promise<void> {
    await this.#assertReached();
    const file = { rootId: this.#order.root.id, path, rawPath: null, sizeBytes: 0, mtimeMs: 0 };
    saveFile(this.#studio.db, file, { failure }, this.#studio.now());
    this.#tally.countFailure(failure);
  }

  async #lookAtAll(tasks: LookTask[]): Promise<void> {
    const looker = new FileLooker(this.#studio, {
      pack: this.#pack,
      limits: limitsOf(this.#studio),
      ...(this.#pack === null && { thumbnails: thumbnailFolder(this.#studio) }),
      providers: this.#providers,
      provenanceId: this.#keptId,
      signal: this.#context.signal,
    });
    const writer = new ResultWriter(this.#studio, this.#pack, (stored) => {
      looker.forgetStored(stored.map(({ hash }) => hash));
      this.#fresh.push(...stored.map(({ imageId }) => imageId));
    });
    const total = this.#tally.done + tasks.length;
    const phase = this.#pack === null ? 'reading files' : 'scoring';
    this.#report(phase, total);
    const { workers } = this.#studio;
    const limit =
      this.#pack?.manifest.network == null
        ? workers * filesPerWorker
        : Math.max(workers * filesPerInference, fewestForNetworks);
    const bounds = { limit, signal: this.#context.signal };
    try {
      await forEachInParallel(tasks, bounds, async (task) => {
        const outcome = await this.#stopQuietly(() => looker.look(task));
        if (outcome === undefined) return;
        if ('failure' in outcome && outcome.failure.code === 'unreadable') await this.#assertReached();
        writer.add(outcome);
        if (!('failure' in outcome)) {
          this.#tally.looked += 1;
          if (outcome.identity.metadata?.problem != null) this.#tally.garbled += 1;
        } else if (outcome.isGone) this.#tally.gone += 1;
        else this.#tally.countFailure(outcome.failure);
        if ('look' in outcome && outcome.look !== null) this.#note(outcome.look.provenance);
        this.#compareFresh();
        this.#report(phase, total);
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
    if (this.#pack !== null) saveLastUsed(this.#studio.db, this.#pack.manifest.id, provenance);
    this.#studio.bus.changed('packs');
  }

  /** An image that is done may still have got a sidecar since; where nobody asked, only one that is newer is opened. */
  async #skip({ imageId, sidecarPath, checkedAt }: Extract<Planned, { kind: 'skip' }>): Promise<void> {
    this.#tally.skipped += 1;
    if (sidecarPath === null) return;
    if (!this.#order.isAsked && (await sidecarChangedAt(sidecarPath)) < checkedAt) return;
    const prompt = await readSidecarPrompt(sidecarPath);
    if (prompt === null) return;
    if (setPrompt(this.#studio.db, imageId, prompt, 'sidecar')) this.#prompted.push(imageId);
  }

  #report(phase: string, total: number | null): void {
    const { done, failed, skipped } = this.#tally;
    this.#context.report({ phase, done, total, failed, skipped });
  }
}

/** A pack whose heads read signals, or that gives S, has work to do after the looking. */
function needsSimilarity(studio: Studio, { manifest }: Pack): boolean {
  if (similarityMembers(manifest).length > 0) return true;
  return activeHeads(studio.db, manifest.id).some(({ inputs }) => inputs === 'signals');
}

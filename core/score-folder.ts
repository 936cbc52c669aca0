/** The score stage: finds the files of a folder, looks at those not yet done, stores what the pack gives, and applies the heads. */
import { resolve } from 'node:path';
import type { Job, JobSummary, ReasonCount } from '../contract/jobs.ts';
import { markMissing, saveFile, saveRoot } from '../db/files.ts';
import { setPrompt } from '../db/images.ts';
import type { FileFailure } from '../native-models/messages.ts';
import { assertFolder } from './browse.ts';
import type { JobContext } from './jobs.ts';
import { FileLooker, type LookTask } from './look-at-file.ts';
import { getPack, type Pack } from './packs.ts';
import { forEachInParallel } from './parallel.ts';
import { planScoring } from './plan-scoring.ts';
import { ResultWriter } from './result-writer.ts';
import { getSettings } from './settings.ts';
import { readSidecarPrompt } from './sidecar.ts';
import type { Studio } from './studio.ts';

/** Files under way a worker: one that is looked at, and enough that wait for no thread to wait for the engine. */
const filesPerWorker = 4;

export interface ScoreOrder {
  folder: string;
  recursive: boolean;
  packId: string;
}

/**
 * Starts scoring a folder as a job. Files that did not change and have scores are skipped without being opened; the rest is
 * identified by content hash, so that a moved or renamed file keeps its scores and votes.
 *
 * @throws StudioError `notFound` for a missing folder or pack, `conflict` while another folder is being scored
 */
export function startScoring(studio: Studio, order: ScoreOrder): Job {
  const folder = resolve(order.folder);
  assertFolder(folder);
  const pack = getPack(studio, order.packId);
  return studio.jobs.start({
    kind: 'score',
    title: `Score ${folder}`,
    params: { ...order, folder },
    work: (context) => new ScoringRun(studio, pack, context).run(folder, order.recursive),
  });
}

/** One run over one folder: the counts, and the steps that change them. */
class ScoringRun {
  readonly #studio: Studio;
  readonly #pack: Pack;
  readonly #context: JobContext;
  readonly #reasons = new Map<string, ReasonCount>();
  #scored = 0;
  #skipped = 0;
  #failed = 0;

  constructor(studio: Studio, pack: Pack, context: JobContext) {
    this.#studio = studio;
    this.#pack = pack;
    this.#context = context;
  }

  async run(folder: string, recursive: boolean): Promise<JobSummary> {
    const { db, bus, now } = this.#studio;
    const root = saveRoot(db, folder, recursive, now());
    const { tasks, missing } = await this.#plan(root, recursive);
    await this.#lookAtAll(tasks);
    if (!this.#context.signal.aborted) db.transaction(() => markMissing(db, missing, now()));
    bus.changed('images', 'scores');
    return {
      scored: this.#scored,
      skipped: this.#skipped,
      failed: this.#failed,
      reasons: [...this.#reasons.values()].sort((a, b) => b.count - a.count),
    };
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
    const { maxPixels, maxBytes } = getSettings(this.#studio);
    const looker = new FileLooker(this.#studio, this.#pack, { maxPixels, maxBytes });
    const writer = new ResultWriter(this.#studio, this.#pack);
    const total = this.#done + tasks.length;
    this.#report('scoring', total);
    const bounds = { limit: this.#studio.workers * filesPerWorker, signal: this.#context.signal };
    try {
      await forEachInParallel(tasks, bounds, async (task) => {
        const outcome = await looker.look(task);
        writer.add(outcome);
        if ('failure' in outcome) this.#countFailure(outcome.failure);
        else this.#scored += 1;
        this.#report('scoring', total);
      });
    } finally {
      writer.flush();
    }
  }

  /** An image that is done may still have got a sidecar since. */
  async #skip(imageId: number, sidecarPath: string | null): Promise<void> {
    this.#skipped += 1;
    if (sidecarPath === null) return;
    const prompt = await readSidecarPrompt(sidecarPath);
    if (prompt !== null) setPrompt(this.#studio.db, imageId, prompt, 'sidecar');
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

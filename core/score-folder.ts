/** The score stage: finds the files of a folder, looks at those not yet done, stores what the pack gives, and applies the heads. */
import { join, resolve } from 'node:path';
import { StudioError } from '../contract/errors.ts';
import type { Job, JobSummary, ReasonCount } from '../contract/jobs.ts';
import { imagesWithFeatures } from '../db/features.ts';
import { type FoundFile, filesOfRoot, markMissing, saveFile, saveRoot } from '../db/files.ts';
import type { FileRow } from '../db/schema.ts';
import type { FileFailure } from '../native-models/messages.ts';
import { assertFolder } from './browse.ts';
import { absolutePath, type FoundImageFile, findImageFiles } from './find-files.ts';
import { type JobContext, stopIfCancelled } from './jobs.ts';
import { type LookedAt, type LookTask, lookAtFile } from './look-at-file.ts';
import { getPack } from './packs.ts';
import { ResultWriter } from './result-writer.ts';
import { getSettings } from './settings.ts';
import type { Studio } from './studio.ts';

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
  getPack(studio, order.packId);
  return studio.jobs.start({
    kind: 'score',
    title: `Score ${folder}`,
    params: { ...order, folder },
    work: (context) => scoreFolder(studio, { ...order, folder }, context),
  });
}

/** Failures that may have gone when a file is tried again although it did not change. */
const transient = new Set(['unreadable', 'crashed', 'tooManyPixels', 'tooManyBytes']);

interface Tally {
  done: number;
  scored: number;
  skipped: number;
  failed: number;
  reasons: Map<string, ReasonCount>;
}

async function scoreFolder(studio: Studio, order: ScoreOrder, context: JobContext): Promise<JobSummary> {
  const root = saveRoot(studio.db, order.folder, order.recursive, studio.now());
  studio.bus.changed('images');
  const tally: Tally = { done: 0, scored: 0, skipped: 0, failed: 0, reasons: new Map() };
  const { tasks, missing } = await planWork(studio, { ...order, rootId: root.id }, { context, tally });
  const total = tally.done + tasks.length;
  function report(phase: string): void {
    context.report({ phase, done: tally.done, total, failed: tally.failed, skipped: tally.skipped });
  }
  report('scoring');
  const writer = new ResultWriter(studio, getPack(studio, order.packId));
  async function handle(task: LookTask): Promise<void> {
    const outcome = await lookAtFile(studio, task);
    writer.add(outcome);
    tally.done += 1;
    if ('failure' in outcome) countFailure(tally, outcome.failure);
    else tally.scored += 1;
    report('scoring');
  }
  try {
    await forEachInParallel(tasks, { limit: studio.workers * 2, signal: context.signal }, handle);
  } finally {
    writer.flush();
  }
  if (!context.signal.aborted) studio.db.transaction(() => markMissing(studio.db, missing, studio.now()));
  studio.bus.changed('images', 'scores');
  return {
    scored: tally.scored,
    skipped: tally.skipped,
    failed: tally.failed,
    reasons: [...tally.reasons.values()].sort((a, b) => b.count - a.count),
  };
}

interface Plan {
  tasks: LookTask[];
  /** Ids of file rows that were not found again. */
  missing: number[];
}

async function planWork(
  studio: Studio,
  order: ScoreOrder & { rootId: number },
  { context, tally }: { context: JobContext; tally: Tally },
): Promise<Plan> {
  const pack = getPack(studio, order.packId);
  const known = filesOfRoot(studio.db, order.rootId);
  const scoredImages = imagesWithFeatures(studio.db, order.packId, pack.manifest.features.version);
  const settings = getSettings(studio);
  const limits = { maxPixels: settings.maxPixels, maxBytes: settings.maxBytes };
  const tasks: LookTask[] = [];
  let found = 0;
  for await (const item of findImageFiles(order.folder, order.recursive)) {
    stopIfCancelled(context.signal);
    found += 1;
    if ('problem' in item) {
      const file = problemFile(order.rootId, item.problem.path);
      saveFile(studio.db, file, { failure: item.problem.failure }, studio.now());
      countFailure(tally, item.problem.failure);
      tally.done += 1;
      known.delete(item.problem.path);
      continue;
    }
    const row = known.get(item.file.path);
    known.delete(item.file.path);
    const state = stateOf(item.file, row, scoredImages);
    if (state === 'todo') tasks.push(taskFor(item.file, { order, pack, limits, root: order.folder }));
    else {
      tally.done += 1;
      if (state === 'done') tally.skipped += 1;
      else countFailure(tally, { code: row!.failure_code!, message: row!.failure_message! });
    }
    context.report({ phase: 'finding files', done: found, failed: tally.failed, skipped: tally.skipped });
  }
  const missing = [...known.values()]
    .filter((row) => row.is_missing === 0 && order.recursive)
    .map((row) => row.id);
  return { tasks, missing };
}

/** Starts the similarity stage by itself, as a job: after prompts have changed without any image being scored. */
import type { Job, JobSummary } from '../contract/jobs.ts';
import { pairsWithoutSimilarity } from '../db/similarity.ts';
import { SimilarityFiller } from './fill-similarity.ts';
import type { JobContext } from './jobs.ts';
import { similarityMembers } from './pack-vectors.ts';
import { findProblem, type Pack } from './packs.ts';
import type { Studio } from './studio.ts';

/** Studios in which prompts changed again while the job was running: it goes round once more. */
const changedAgain = new WeakSet<Studio>();

/**
 * Brings the scores of images whose prompts have changed up to date: what is arithmetic at once, and what needs texts embedded as a job,
 * for every pack that gives S. Null where there is no such work, or where a running job takes it on.
 */
export function startSimilarity(studio: Studio, imageIds: readonly number[]): Job | null {
  if (imageIds.length === 0) return null;
  const packs = [...studio.packs.values()];
  for (const pack of packs) {
    const signal = new AbortController().signal;
    new SimilarityFiller(studio, { pack, providers: null, signal }).saveFusedScores(imageIds);
  }
  if (!packs.some((pack) => lacksSimilarity(studio, pack, imageIds))) return null;
  if (studio.jobs.running('similarity') !== null) {
    changedAgain.add(studio);
    return null;
  }
  return studio.jobs.start({
    kind: 'similarity',
    title: 'Compare images with their prompts',
    params: {},
    work: (context) => compareAll(studio, context),
  });
}

function lacksSimilarity(studio: Studio, pack: Pack, imageIds: readonly number[]): boolean {
  if (findProblem(pack) !== null) return false;
  return similarityMembers(pack.manifest).some(
    (member) => pairsWithoutSimilarity(studio.db, member, imageIds).length > 0,
  );
}

async function compareAll(studio: Studio, context: JobContext): Promise<JobSummary> {
  const fillers = new Map<Pack, SimilarityFiller>();
  do {
    changedAgain.delete(studio);
    for (const pack of studio.packs.values()) {
      if (similarityMembers(pack.manifest).length === 0 || findProblem(pack) !== null) continue;
      const order = { pack, providers: null, signal: context.signal };
      const filler = fillers.get(pack) ?? new SimilarityFiller(studio, order);
      fillers.set(pack, filler);
      const phase = `comparing with prompts (${pack.manifest.title})`;
      await filler.fillLibrary((done, total) => context.report({ phase, done, total }));
    }
  } while (changedAgain.has(studio));
  const all = [...fillers.values()];
  const reasons = all.flatMap((filler) => filler.reasons);
  return {
    rows: all.reduce((sum, { pairs }) => sum + pairs, 0),
    failed: reasons.reduce((sum, { count }) => sum + count, 0),
    reasons,
  };
}

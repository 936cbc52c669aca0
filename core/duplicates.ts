/** Near-duplicates: all images compared with each other by what is stored of them, exactly, on threads; and the groups that come of it. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DuplicateSearch,
  type Duplicates,
  type FindDuplicates,
  usualThresholds,
} from '../contract/duplicates.ts';
import { StudioError } from '../contract/errors.ts';
import type { Job, JobSummary } from '../contract/jobs.ts';
import { thumbnailFile } from '../contract/thumbnails.ts';
import {
  countCopied,
  countShownGroups,
  imagesWithoutVector,
  readGroups,
  saveGroups,
} from '../db/duplicates.ts';
import { countVectors, readFeaturesOf, type VectorSource } from '../db/features.ts';
import { imageById } from '../db/images.ts';
import { readNote, saveSetting } from '../db/settings.ts';
import { compareAll } from './compare-all.ts';
import { fingerprintSource, saveFingerprint } from './fingerprints.ts';
import { findSource, thumbnailFolder } from './http/serve-image.ts';
import { shownPackId } from './images.ts';
import type { JobContext } from './jobs.ts';
import { FileFailureError } from './models/models-client.ts';
import { shownMosSetId } from './mos-sets.ts';
import { similarityMembers } from './pack-vectors.ts';
import { whyNotShown } from './packs.ts';
import { forEachInParallel } from './parallel.ts';
import { chooseTarget } from './query-terms.ts';
import { rankDuplicates } from './rank-duplicates.ts';
import { limitsOf } from './settings.ts';
import type { Studio } from './studio.ts';

/** Embeddings are taken where at least this share of the images that have a content has one. */
const enoughEmbedded = 0.9;
const noteName = 'duplicates:search';

interface Measure {
  by: 'embedding' | 'fingerprint';
  source: VectorSource;
}

/**
 * Starts looking for near-duplicates. Fingerprints that lack are made of thumbnails, or of the images where there is none.
 *
 * @throws StudioError `unsupported` where embeddings are asked for and no image has one, `conflict` while it is looked for already
 */
export function startFindingDuplicates(studio: Studio, order: FindDuplicates): Job {
  const measure = chooseMeasure(studio, order.by);
  const threshold = order.threshold ?? usualThresholds[measure.by];
  return studio.jobs.start({
    kind: 'duplicates',
    title: 'Find near-duplicates',
    params: { by: measure.by, threshold },
    work: (context) => findDuplicates(studio, { ...measure, threshold }, context),
  });
}

function chooseMeasure(studio: Studio, by: FindDuplicates['by']): Measure {
  const fingerprint: Measure = { by: 'fingerprint', source: fingerprintSource };
  if (by === 'fingerprint') return fingerprint;
  const sources = [...studio.packs.values()]
    .filter(({ manifest }) => whyNotShown(studio, manifest.id) === null)
    .flatMap(({ manifest }): VectorSource[] => similarityMembers(manifest));
  const counted = sources.map((source) => ({ source, count: countVectors(studio.db, source).count }));
  const [best] = counted.sort((a, b) => b.count - a.count);
  const known = imagesWithoutVector(studio.db, { packId: '', kind: '', version: 0 }).length;
  if (best !== undefined && best.count > 0 && (by === 'embedding' || best.count >= enoughEmbedded * known)) {
    return { by: 'embedding', source: best.source };
  }
  if (by === undefined) return fingerprint;
  throw new StudioError(
    'unsupported',
    'No image has an embedding: score the library with SF-IQA, PickScore or a CLIP first, or compare by fingerprints.',
  );
}

async function findDuplicates(
  studio: Studio,
  { by, source, threshold }: Measure & { threshold: number },
  context: JobContext,
): Promise<JobSummary> {
  const failed = by === 'fingerprint' ? await fillFingerprints(studio, context) : 0;
  if (context.signal.aborted) return {};
  const { groups, images } = await compareAll(studio, { source, threshold }, context);
  if (context.signal.aborted) return {};
  saveGroups(studio.db, groups);
  const search: DuplicateSearch = {
    ...{ by, threshold, images, foundAt: studio.now() },
    packId: by === 'embedding' ? source.packId : null,
  };
  saveSetting(studio.db, noteName, JSON.stringify(search));
  studio.bus.changed('images');
  const found = countShownGroups(studio.db);
  return {
    failed,
    notes: [`${found.groups} groups of ${found.images} near-duplicates among ${images} images`],
  };
}

/** Looks at the pictures that have no fingerprint; says how many could not be looked at. */
async function fillFingerprints(studio: Studio, context: JobContext): Promise<number> {
  const lacking = imagesWithoutVector(studio.db, fingerprintSource);
  let [done, failed] = [0, 0];
  const bounds = { limit: 2 * studio.workers, signal: context.signal };
  await forEachInParallel(lacking, bounds, async ({ id, hash }) => {
    try {
      const thumbnail = join(thumbnailFolder(studio), thumbnailFile(hash));
      const path = (await isThere(thumbnail))
        ? thumbnail
        : await findSource(studio, imageById(studio.db, id)!);
      const request = { kind: 'fingerprint' as const, path, limits: limitsOf(studio) };
      const values = await studio.models.ask(request, { signal: context.signal });
      saveFingerprint(studio.db, id, values);
    } catch (error) {
      const isItsOwn =
        error instanceof FileFailureError || (error instanceof StudioError && error.code === 'notFound');
      if (!isItsOwn) throw error;
      failed += 1;
    }
    done += 1;
    context.report({ phase: 'looking at pictures', done, total: lacking.length, failed });
  });
  return failed;
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

/** The groups that are known, the best of each first. */
export function describeDuplicates(studio: Studio): Duplicates {
  const { db } = studio;
  const packId = shownPackId(studio);
  const target = chooseTarget(studio, packId, shownMosSetId(studio));
  const note = readNote(db, noteName);
  const rows = Map.groupBy(readGroups(db, { packId, target }), ({ groupId }) => groupId);
  const groups = [...rows].map(([id, images]) => ({ id, ...rankDuplicates(images) }));
  return {
    search: note === undefined ? null : DuplicateSearch.parse(JSON.parse(note)),
    target,
    groups,
    copied: countCopied(db),
  };
}

/** How much each image is like the first, by what the groups were found with; null where it has no vector any more. */
export function readLikeness(studio: Studio, imageIds: readonly number[]): (number | null)[] {
  const note = readNote(studio.db, noteName);
  const search = note === undefined ? null : DuplicateSearch.parse(JSON.parse(note));
  const source = search === null ? null : sourceOf(studio, search);
  if (source === null) return imageIds.map(() => null);
  const { imageIds: ids, values } = readFeaturesOf(studio.db, source, imageIds);
  const vectors = new Map(
    ids.map((id, at) => [id, values.subarray(at * source.length, (at + 1) * source.length)]),
  );
  const first = vectors.get(imageIds[0]!);
  return imageIds.map((id) => {
    const own = vectors.get(id);
    return first === undefined || own === undefined
      ? null
      : own.reduce((sum, value, k) => sum + value * first[k]!, 0);
  });
}

function sourceOf(studio: Studio, { by, packId }: DuplicateSearch): VectorSource | null {
  if (by === 'fingerprint') return fingerprintSource;
  const pack = studio.packs.get(packId ?? '');
  return pack === undefined ? null : (similarityMembers(pack.manifest)[0] ?? null);
}

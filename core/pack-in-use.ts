/** What keeps a pack from being changed or taken away now: a job that uses it. */
import { StudioError } from '../contract/errors.ts';
import { similarityMembers } from './pack-vectors.ts';
import type { Pack } from './packs.ts';
import type { Studio } from './studio.ts';

/** @throws StudioError `conflict` */
export function refuseInUse(studio: Studio, { manifest }: Pack): void {
  const { id } = manifest;
  const comparing = similarityMembers(manifest).length > 0 ? studio.jobs.running('similarity') : null;
  const job = studio.jobs.usingPack(id) ?? comparing;
  if (job === null) return;
  throw new StudioError('conflict', `“${job.title}” uses the pack “${id}”. Wait for it or cancel it first.`, {
    packId: id,
    jobId: job.id,
  });
}

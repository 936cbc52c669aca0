/** Takes studies away that were being taken in when their import was cancelled, failed, or its engine ended. */
import { setImmediate } from 'node:timers/promises';
import type { Db } from '../db/database.ts';
import { imagesMadeFor, partialStudies, removeUnusedImages, takeSomeAway } from '../db/partial-studies.ts';
import type { Studio } from './studio.ts';

/** A few milliseconds at a time, so that others have their turn. */
export async function takeAway({ db, bus }: Pick<Studio, 'db' | 'bus'>, studyId: number): Promise<void> {
  const images = imagesMadeFor(db, studyId);
  while (takeSomeAway(db, studyId)) await setImmediate();
  removeUnusedImages(db, images);
  bus.changed('images', 'studies');
}

/** What an engine that was killed has left behind. */
export function takeRemainsAway(db: Db): void {
  for (const studyId of partialStudies(db)) {
    const images = imagesMadeFor(db, studyId);
    while (takeSomeAway(db, studyId));
    removeUnusedImages(db, images);
  }
}

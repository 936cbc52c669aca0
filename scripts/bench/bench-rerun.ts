/** A folder scored with SF-IQA at true size in int8, then again with one file in a hundred changed. */
import { join } from 'node:path';
import {
  addPack,
  changeFile,
  gatherImages,
  makeRound,
  openStudio,
  type Places,
  provideWeights,
  scoreAll,
} from './network-library.ts';

export interface RerunSpeed {
  images: number;
  changed: number;
  coldMs: number;
  changedMs: number;
}

/** Both runs begin with a models process that has opened the pack: its opening is none of the work that is compared. */
export async function benchRerun(places: Places, images: number): Promise<RerunSpeed> {
  const sfiqa = await provideWeights('sfiqa', places);
  const opened = openStudio(places);
  try {
    await addPack(opened, { sfiqa, id: 'int8', precision: 'int8' });
    const all = join(places.folder, 'all');
    const names = await gatherImages(all, images);
    const warm = join(places.folder, 'warm');
    makeRound(all, warm, names.slice(0, 2));
    for (const name of names.slice(0, 2)) changeFile(join(warm, name), 'warm');
    await scoreAll(opened, warm, 'int8');
    const path = join(places.folder, 'rerun');
    makeRound(all, path, names);
    const coldMs = await scoreAll(opened, path, 'int8');
    const changed = names.slice(0, Math.max(1, Math.round(images / 100)));
    for (const name of changed) changeFile(join(path, name), 'changed');
    const changedMs = await scoreAll(opened, path, 'int8');
    return { images, changed: changed.length, coldMs, changedMs };
  } finally {
    await opened.close();
  }
}

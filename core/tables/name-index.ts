/** Finds the images that a table's names mean: by file name, with or without folders and ending. */
import type { Db } from '../../db/database.ts';
import { filesWithImages } from '../../db/files.ts';
import { imageIdsByName } from '../../db/images.ts';

export interface NameIndex {
  /** Ids of the images a name means, however its accents are composed; several where the name alone does not tell, none where nothing is called so. */
  find(name: string): number[];
}

/** An index over all images of the library as they are now. */
export function createNameIndex(db: Db): NameIndex {
  const byName = imageIdsByName(db);
  const byStem = Map.groupBy(byName.entries(), ([name]) => stemOf(name));
  let paths: { path: string; image_id: number }[] | null = null;
  return {
    find(given) {
      const parts = given.normalize('NFC').trim().replaceAll('\\', '/').split('/');
      const name = parts.at(-1) ?? '';
      // A table whose file names repeat from folder to folder announced images with their folders.
      const whole = byName.get(parts.join('/'));
      if (parts.length > 1 && whole !== undefined) return whole;
      const exact = byName.get(name) ?? [];
      const found =
        exact.length > 0 ? exact : [...new Set((byStem.get(stemOf(name)) ?? []).flatMap(([, ids]) => ids))];
      if (found.length < 2 || parts.length < 2) return found;
      paths ??= filesWithImages(db).map(({ root, path, image_id }) => ({
        path: `${root}/${path}`.normalize('NFC'),
        image_id,
      }));
      const suffix = `/${parts.filter((part) => part !== '' && part !== '.').join('/')}`;
      const inFolder = paths.filter(
        ({ path, image_id }) => found.includes(image_id) && path.endsWith(suffix),
      );
      return inFolder.length === 0 ? found : [...new Set(inFolder.map(({ image_id }) => image_id))];
    },
  };
}

function stemOf(name: string): string {
  return name.replace(/\.[A-Za-z0-9]{2,5}$/, '');
}

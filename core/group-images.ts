/** Lays a list out in groups: groups in the order of their first images, images in the list's order within them. */
import type { GroupBy, ImageList } from '../contract/images.ts';
import type { Db } from '../db/database.ts';
import { groupKeys, labelGroups } from '../db/image-groups.ts';

/** The same images; those without a prompt, generator or folder are a group of their own, the last. */
export function groupImages(db: Db, ids: readonly number[], by: GroupBy): ImageList {
  const keyOf = groupKeys(db, by);
  const members = new Map<string | number, number[]>();
  const without: number[] = [];
  for (const id of ids) {
    const key = keyOf.get(id);
    const known = key === undefined ? without : members.get(key);
    if (known !== undefined) known.push(id);
    else members.set(key!, [id]);
  }
  const labels = labelGroups(db, by, [...members.keys()]);
  const groups = [...members].map(([key, { length: images }]) => ({
    ...{ key: String(key), label: labels.get(key) ?? String(key), images },
  }));
  const rest = without.length === 0 ? [] : [{ key: '', label: null, images: without.length }];
  return { ids: [...[...members.values()].flat(), ...without], groups: [...groups, ...rest] };
}

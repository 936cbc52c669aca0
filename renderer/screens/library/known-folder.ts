/** What the library has of a folder that is about to be added, in words: the whole of it, the folder around it, or folders inside. */
import { isCovered, restBelow } from '../../../contract/folder-paths.ts';
import type { Root } from '../../../contract/images.ts';
import { formatCount } from '../../shared/format.ts';

/** Null where the library has nothing of it. */
export function describeKnown(
  folder: { path: string; recursive: boolean },
  roots: readonly Pick<Root, 'path' | 'recursive'>[],
): string | null {
  const outer = roots.find((root) => root.path === folder.path || isCovered(folder, root));
  if (outer !== undefined) {
    return restBelow(folder.path, outer.path)!.length === 0
      ? 'This folder is in the library: what is new or changed in it is scored.'
      : `This folder is part of ${outer.path}, a folder of the library: its images stay with that, each once.`;
  }
  const inside = roots.filter((root) => isCovered(root, folder));
  if (inside.length === 0) return null;
  const [what, become] =
    inside.length === 1
      ? [`${inside[0]!.path}, a folder of the library, lies inside: it becomes`, 'keeps']
      : [`${formatCount(inside.length)} folders of the library lie inside: they become`, 'keep'];
  return `${what} part of this one and ${become} scores, votes and tags.`;
}

/** The images of groups of near-duplicates as they are known now, many groups at once. */
import { join } from 'node:path';
import type { DuplicateMember } from '../contract/duplicates.ts';
import { readFiles } from '../db/export-rows.ts';
import { readLikeness } from './duplicates.ts';
import { readImageCards, shownPackId } from './images.ts';
import { shownMosSetId } from './mos-sets.ts';
import { chooseTarget } from './query-terms.ts';
import type { Studio } from './studio.ts';

/** @param groups ids of images, the best of each group first; an image that is not there is left out */
export function describeMembers(studio: Studio, groups: readonly (readonly number[])[]): DuplicateMember[][] {
  const ids = groups.flat();
  const cards = new Map(readImageCards(studio, ids).map((card) => [card.id, card]));
  const files = readFiles(studio.db, ids);
  const target = chooseTarget(studio, shownPackId(studio), shownMosSetId(studio));
  return groups.map((group) => {
    const likeness = readLikeness(studio, group);
    return group.flatMap((id, at) => {
      const card = cards.get(id);
      if (card === undefined) return [];
      const { name, width, height, flag, scores } = card;
      const paths = (files.get(id) ?? []).map(({ root, path }) => join(root, path));
      return [
        { id, name, paths, width, height, flag, score: scores[target] ?? null, likeness: likeness[at]! },
      ];
    });
  });
}

/** Paired comparisons counted by pair, and which items they connect. */
import { StudioError } from '../../../contract/errors.ts';

/** One entry a comparison: item `first` beside item `second`; `preferred` is 1 for the first, −1 for the second, 0 for a tie. */
export interface PairVotes {
  items: number;
  first: Int32Array;
  second: Int32Array;
  preferred: Int8Array;
}

/** n × n, by rows: how often i was preferred to j, and how often the two tied (symmetric). */
export interface PairCounts {
  items: number;
  wins: Float64Array;
  ties: Float64Array;
}

/** Items whose n × n matrices still fit. */
export const mostItems = 2000;

/**
 * @throws StudioError `tooLarge` above 2,000 items; `badInput` for an item that does not exist or is compared with itself
 */
export function countPairs({ items, first, second, preferred }: PairVotes): PairCounts {
  if (items > mostItems)
    throw new StudioError('tooLarge', `At most ${mostItems} items can be compared in pairs.`);
  const counts = { items, wins: new Float64Array(items * items), ties: new Float64Array(items * items) };
  for (let at = 0; at < first.length; at += 1) {
    const i = first[at]!;
    const j = second[at]!;
    if (i === j || !(i >= 0 && j >= 0 && i < items && j < items)) {
      throw new StudioError('badInput', 'A comparison needs two different items of the study.', {
        comparison: at,
      });
    }
    if (preferred[at]! > 0) counts.wins[i * items + j]! += 1;
    else if (preferred[at]! < 0) counts.wins[j * items + i]! += 1;
    else {
      counts.ties[i * items + j]! += 1;
      counts.ties[j * items + i]! += 1;
    }
  }
  return counts;
}

/** Items joined by any comparison, directly or through others; each group sorted, groups by their first item. */
export function findWeakGroups(counts: PairCounts): number[][] {
  return groupBy(counts.items, (i) => {
    const seen = reach(counts, i, 'both');
    return (j) => seen[j] === 1;
  });
}

/**
 * Items of which each beats or ties with each other, directly or through others. The maximum likelihood of Bradley–Terry and Thurstone
 * exists only where all items are one such group (Ford 1957).
 */
export function findStrongGroups(counts: PairCounts): number[][] {
  return groupBy(counts.items, (i) => {
    const below = reach(counts, i, 'down');
    const above = reach(counts, i, 'up');
    return (j) => below[j] === 1 && above[j] === 1;
  });
}

function groupBy(items: number, membersOf: (item: number) => (other: number) => boolean): number[][] {
  const placed = new Uint8Array(items);
  const groups: number[][] = [];
  for (let i = 0; i < items; i += 1) {
    if (placed[i] === 1) continue;
    const isMember = membersOf(i);
    const group = Array.from({ length: items }, (_, j) => j).filter((j) => isMember(j));
    for (const j of group) placed[j] = 1;
    groups.push(group);
  }
  return groups;
}

function reach({ items, wins, ties }: PairCounts, from: number, way: 'down' | 'up' | 'both'): Uint8Array {
  const seen = new Uint8Array(items);
  seen[from] = 1;
  const open = [from];
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    for (let j = 0; j < items; j += 1) {
      const down = way !== 'up' && wins[i * items + j]! > 0;
      const up = way !== 'down' && wins[j * items + i]! > 0;
      if (seen[j] === 1 || !(down || up || ties[i * items + j]! > 0)) continue;
      seen[j] = 1;
      open.push(j);
    }
  }
  return seen;
}

/** Wins with every tie as half a win for both. */
export function splitTies({ wins, ties }: PairCounts): Float64Array {
  return wins.map((count, at) => count + ties[at]! / 2);
}

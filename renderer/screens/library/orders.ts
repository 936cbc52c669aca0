/** What the library can be ordered by: fixed columns, and what the packs and MOS sets at hand add. */
import type { ImageOrder } from '../../../contract/images.ts';
import type { MosSet } from '../../../contract/mos.ts';
import type { PackInfo } from '../../../contract/pack.ts';
import { inStandardOrder } from '../../shared/pack-words.ts';

type OrderedPack = Pick<PackInfo, 'activeHeads' | 'signals'>;
type RatedSet = Pick<MosSet, 'dimensions'>;

export interface OrderGroup {
  group: string;
  items: { value: ImageOrder; label: string }[];
}

const columns: OrderGroup = {
  group: 'Image',
  items: [
    { value: 'pictures', label: 'Added, pictures first' },
    { value: 'added', label: 'Added' },
    { value: 'name', label: 'Name' },
    { value: 'prompt', label: 'Prompt' },
    { value: 'generator', label: 'Generator' },
    { value: 'votes', label: 'Votes' },
    { value: 'votesMissing', label: 'Votes missing' },
    { value: 'duplicates', label: 'Near-duplicates' },
  ],
};

/** The menu of orders: scores of the active heads, MOS and gap of the MOS set, signals of the pack; empty groups are left out. */
export function listOrders(pack: OrderedPack | undefined, mosSet: RatedSet | undefined): OrderGroup[] {
  const targets = inStandardOrder(Object.keys(pack?.activeHeads ?? {}));
  const dimensions = inStandardOrder(mosSet?.dimensions ?? []);
  const groups: OrderGroup[] = [
    columns,
    {
      group: 'Model score',
      items: targets.map((target) => ({ value: `score:${target}`, label: `Score: ${target}` })),
    },
    {
      group: 'Human score',
      items: dimensions.map((dimension) => ({ value: `mos:${dimension}`, label: `MOS: ${dimension}` })),
    },
    {
      group: 'Interval of the human score',
      items: dimensions.map((dimension) => ({ value: `ci:${dimension}`, label: `CI width: ${dimension}` })),
    },
    {
      group: 'Model against humans',
      items: dimensions
        .filter((dimension) => targets.includes(dimension))
        .map((dimension) => ({ value: `gap:${dimension}`, label: `Gap: ${dimension}` })),
    },
    {
      group: 'Signal',
      items: (pack?.signals ?? []).map(({ name, label }) => ({
        value: `signal:${name}`,
        label: `Signal: ${label}`,
      })),
    },
  ];
  return groups.filter(({ items }) => items.length > 0);
}

/** How the two directions of an order are called. */
export function directionLabels(order: ImageOrder): { ascending: string; descending: string } {
  if (order === 'added' || order === 'pictures')
    return { ascending: 'Oldest first', descending: 'Newest first' };
  if (order === 'name' || order === 'prompt' || order === 'generator') {
    return { ascending: 'A to Z', descending: 'Z to A' };
  }
  if (order === 'votesMissing') return { ascending: 'Done first', descending: 'Most missing first' };
  return { ascending: 'Lowest first', descending: 'Highest first' };
}

/** What images have a score or a MOS of: the standard targets first. */
export function listTargets(pack: OrderedPack | undefined, mosSet: RatedSet | undefined): string[] {
  const targets = new Set([...Object.keys(pack?.activeHeads ?? {}), ...(mosSet?.dimensions ?? [])]);
  return inStandardOrder([...targets]);
}

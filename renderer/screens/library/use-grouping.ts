/** The groups of the grid: which are collapsed, and the keys that collapse them and go from one to the next. */
import { type KeyboardEvent, type MouseEvent, useMemo, useState } from 'react';
import type { ImageGroup } from '../../../contract/images.ts';
import { useListedShortcuts } from '../../shell/shortcuts.ts';
import { groupOfIndex, listShown, type PlacedGroup, placeGroups } from './grid-rows.ts';
import { type ListProps, useIndexOf } from './list-keys.ts';
import { moveTo } from './selection.ts';

interface Grouping {
  /** Empty where the list is not grouped. */
  groups: readonly PlacedGroup[];
  /** All but the images of collapsed groups. */
  shownIds: readonly number[];
  /** Of the image that the keyboard is at; −1 for none. */
  activeGroup: number;
  /** What a key does to groups, or null for a key that is not theirs. */
  changeAfterKey: (event: KeyboardEvent) => (() => void) | null;
  /** Collapses or opens the group whose head was met; says whether one was. */
  toggleMet: (event: MouseEvent) => boolean;
}

const group = 'Groups';
const groupKeys = [
  { keys: ']', label: 'To the next group', group },
  { keys: '[', label: 'To the group before', group },
  { keys: '.', label: 'Collapse or open this group', group },
  { keys: ';', label: 'Collapse or open all groups', group },
];
const noGroups: readonly ImageGroup[] = [];
const noneCollapsed: ReadonlySet<string> = new Set();
/** Kept while another screen is seen. */
let lastCollapsed = noneCollapsed;

export function useGrouping(list: ListProps & { groups: readonly ImageGroup[] | undefined }): Grouping {
  const { ids, groups = noGroups, selection } = list;
  const [collapsed, setShown] = useState(lastCollapsed);
  const placed = useMemo(() => placeGroups(groups, collapsed), [groups, collapsed]);
  const shownIds = useMemo(() => listShown(ids, placed), [ids, placed]);
  const activeGroup = groupOfIndex(placed, useIndexOf(ids, selection.activeId));
  useListedShortcuts(groups.length > 0 ? groupKeys : []);
  function setCollapsed(to: ReadonlySet<string>): void {
    lastCollapsed = to;
    setShown(to);
  }
  function toggle(at: number): void {
    const key = placed[at]?.key;
    if (key === undefined) return;
    const next = new Set(collapsed);
    if (!next.delete(key)) next.add(key);
    setCollapsed(next);
  }
  function toggleAll(): void {
    setCollapsed(
      placed.every(({ isCollapsed }) => isCollapsed) ? noneCollapsed : new Set(placed.map(({ key }) => key)),
    );
  }
  function goTo(at: number): void {
    const id = ids[placed[at]?.start ?? -1];
    if (id !== undefined) list.onSelect(moveTo(selection, id));
  }
  function changeAfterKey(event: KeyboardEvent): (() => void) | null {
    if (placed.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return null;
    const isAtStart = ids[placed[activeGroup]?.start ?? -1] === selection.activeId;
    const changes: Record<string, () => void> = {
      ']': () => goTo(Math.min(placed.length - 1, activeGroup + 1)),
      '[': () => goTo(Math.max(0, isAtStart ? activeGroup - 1 : activeGroup)),
      '.': () => toggle(Math.max(0, activeGroup)),
      ';': toggleAll,
    };
    return changes[event.key] ?? null;
  }
  function toggleMet({ target }: MouseEvent): boolean {
    const head = target instanceof Element ? target.closest<HTMLElement>('[data-group]') : null;
    if (head === null) return false;
    toggle(Number(head.dataset['group']));
    return true;
  }
  return { groups: placed, shownIds, activeGroup, changeAfterKey, toggleMet };
}

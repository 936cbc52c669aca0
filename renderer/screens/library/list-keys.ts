/** What keys and clicks do in a list of images, be it a grid or a table: as a file manager does it. */
import { type KeyboardEvent, type MouseEvent, useMemo } from 'react';
import * as pick from './selection.ts';

export interface ListProps {
  ids: readonly number[];
  selection: pick.Selection;
  onSelect: (selection: pick.Selection) => void;
  onOpen: (id: number) => void;
}

/** Hears of a key that leads to where the keyboard is already: Home at the first image, from which the list was scrolled away. */
interface Staying {
  onStay: () => void;
}

/**
 * What a key does, or null for a key that is not the list's own.
 *
 * @param indexAfter where a key leads in the way that the list lies; null where it does not move
 */
export function changeAfterKey(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
  { ids, selection, onSelect, onOpen, onStay }: ListProps & Staying,
  indexAfter: (key: string) => number | null,
): (() => void) | null {
  const isMod = event.ctrlKey || event.metaKey;
  // Before the first arrow key the keyboard is at the first image.
  const activeId = selection.activeId ?? ids[0] ?? null;
  if (isMod && event.key.toLowerCase() === 'a') return () => onSelect(pick.selectAll(selection, ids));
  if (isMod || event.altKey) return null;
  if (event.key === 'Escape') return () => onSelect(pick.clear(selection));
  if (event.key === ' ') return () => activeId !== null && onSelect(pick.toggle(selection, activeId));
  if (event.key === 'Enter') return () => activeId !== null && onOpen(activeId);
  const to = indexAfter(event.key);
  const id = to === null ? undefined : ids[to];
  if (id === undefined) return null;
  return () => {
    onSelect(event.shiftKey ? pick.extendTo(selection, ids, id) : pick.moveTo(selection, id));
    if (id === selection.activeId) onStay();
  };
}

/** A click selects this one, with Ctrl or Cmd one more, with Shift all from the anchor. */
export function selectByClick(event: MouseEvent, { ids, selection, onSelect }: ListProps): void {
  const id = idAt(event, ids);
  if (id === undefined) return;
  if (event.shiftKey) onSelect(pick.extendTo(selection, ids, id));
  else if (event.ctrlKey || event.metaKey) onSelect(pick.toggle(selection, id));
  else onSelect(pick.selectOnly(id));
}

/** The image whose card or row was met: each has its place in `data-index`. */
export function idAt(event: MouseEvent, ids: readonly number[]): number | undefined {
  const met = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null;
  return met === null ? undefined : ids[Number(met.dataset['index'])];
}

export function useIndexOf(ids: readonly number[], id: number | null): number {
  return useMemo(() => (id === null ? -1 : ids.indexOf(id)), [ids, id]);
}

/** What is selected in the grid, as a file manager does it: pure functions over the ids in their order. */

export interface Selection {
  readonly ids: ReadonlySet<number>;
  /** Where a range begins: the image that was last clicked or toggled. */
  readonly anchorId: number | null;
  /** The image the keyboard is at. */
  readonly activeId: number | null;
}

export const nothingSelected: Selection = { ids: new Set(), anchorId: null, activeId: null };

/** A plain click: this image and no other. */
export function selectOnly(id: number): Selection {
  return { ids: new Set([id]), anchorId: id, activeId: id };
}

/** Ctrl or Cmd and click, or Space: in or out, the others stay. */
export function toggle(selection: Selection, id: number): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchorId: id, activeId: id };
}

/** Shift and click, or Shift and an arrow: everything from the anchor to this image; what lay outside the old range stays. */
export function extendTo(selection: Selection, order: readonly number[], id: number): Selection {
  const anchorId = selection.anchorId ?? selection.activeId ?? id;
  const from = order.indexOf(anchorId);
  const to = order.indexOf(id);
  if (from === -1 || to === -1) return selectOnly(id);
  const ids = new Set(selection.ids);
  const before = selection.activeId === null ? -1 : order.indexOf(selection.activeId);
  if (before !== -1) for (const gone of between(order, from, before)) ids.delete(gone);
  for (const added of between(order, from, to)) ids.add(added);
  return { ids, anchorId, activeId: id };
}

/** Ctrl or Cmd and A: all that match. */
export function selectAll(selection: Selection, order: readonly number[]): Selection {
  return { ...selection, ids: new Set(order) };
}

/** Esc: nothing is selected, the keyboard stays where it is. */
export function clear(selection: Selection): Selection {
  return { ...selection, ids: new Set(), anchorId: null };
}

/** Moves the keyboard without selecting. */
export function moveTo(selection: Selection, id: number): Selection {
  return { ...selection, activeId: id };
}

/** The selected ids in the order of the list; those that the list does not show come last. */
export function orderedIds(selection: Pick<Selection, 'ids'>, order: readonly number[]): number[] {
  if (selection.ids.size === 0) return [];
  const shown = order.filter((id) => selection.ids.has(id));
  if (shown.length === selection.ids.size) return shown;
  const isShown = new Set(shown);
  return [...shown, ...[...selection.ids].filter((id) => !isShown.has(id))];
}

function between(order: readonly number[], a: number, b: number): readonly number[] {
  return order.slice(Math.min(a, b), Math.max(a, b) + 1);
}

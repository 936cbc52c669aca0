/** Which head was made from which. */
import type { Head } from '../../../contract/heads.ts';

export interface LineageNode<Kept> {
  head: Kept;
  children: LineageNode<Kept>[];
}

type Descended = Pick<Head, 'id' | 'parentId' | 'createdAt'>;

/** Heads under their parents, the oldest first; a head whose parent was discarded stands at the top. */
export function growLineage<Kept extends Descended>(heads: readonly Kept[]): LineageNode<Kept>[] {
  const ids = new Set(heads.map(({ id }) => id));
  const byParent = Map.groupBy(
    heads.toSorted((a, b) => a.createdAt - b.createdAt || a.id - b.id),
    ({ parentId }) => (parentId !== null && ids.has(parentId) ? parentId : null),
  );
  function under(parentId: number | null): LineageNode<Kept>[] {
    return (byParent.get(parentId) ?? []).map((head) => ({ head, children: under(head.id) }));
  }
  return under(null);
}

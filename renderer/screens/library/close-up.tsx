/** What is looked at in the whole window, over the grid: one image, or several that are compared. */
import type { ReactNode } from 'react';
import { CompareView } from './compare/compare-view.tsx';
import { moveTo, type Selection } from './selection.ts';
import { ImageViewer } from './viewer/image-viewer.tsx';
import { type Seen, useSeen } from './way-back.ts';

interface CloseUpOf {
  /** The list, in order. */
  ids: readonly number[];
  selectedIds: readonly number[];
  selection: Selection;
  onSelect: (selection: Selection) => void;
}

interface CloseUp {
  isOpen: boolean;
  view: (id: number) => void;
  /** Nothing where there are no two images. */
  compare: () => void;
  element: ReactNode;
}

/** The keyboard is afterwards at the image that was looked at last. */
export function useCloseUp({ ids, selectedIds, selection, onSelect }: CloseUpOf): CloseUp {
  const [seen, setSeen] = useSeen();
  function look(to: Seen | null, atId: number): void {
    setSeen(to);
    onSelect(moveTo(selection, atId));
  }
  return {
    isOpen: seen !== null,
    view: (id) => look({ viewed: id }, id),
    compare: () => {
      const compared = toCompare(selection, selectedIds, ids);
      if (compared !== null) setSeen({ compared });
    },
    element: seen !== null && <SeenView seen={seen} ids={ids} onLook={look} />,
  };
}

interface SeenViewProps {
  seen: Seen;
  ids: readonly number[];
  onLook: (to: Seen | null, atId: number) => void;
}

function SeenView({ seen, ids, onLook }: SeenViewProps) {
  if ('compared' in seen)
    return <CompareView imageIds={seen.compared} listIds={ids} onClose={(id) => onLook(null, id)} />;
  return (
    <ImageViewer
      ids={ids}
      imageId={seen.viewed}
      onShow={(id) => onLook({ viewed: id }, id)}
      onClose={() => onLook(null, seen.viewed)}
    />
  );
}

/** What is selected; with one or none, the image at hand and the next of the list. Null where there are no two. */
function toCompare(
  { activeId }: Selection,
  selectedIds: readonly number[],
  ids: readonly number[],
): readonly number[] | null {
  if (selectedIds.length > 1) return selectedIds;
  const at = Math.max(0, ids.indexOf(selectedIds[0] ?? activeId ?? -1));
  const two = ids.slice(Math.min(at, Math.max(0, ids.length - 2)), at + 2);
  return two.length === 2 ? two : null;
}

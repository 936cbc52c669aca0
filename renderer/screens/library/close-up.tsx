/** What is looked at in the whole window, over the grid: one image, or several that are compared. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
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
  const [seen, look, noteSeen] = useSeen();
  const lastId = useRef<number | null>(null);
  const latest = useRef({ selection, onSelect });
  latest.current = { selection, onSelect };
  const isOpen = seen !== null;
  useEffect(() => {
    if (isOpen || lastId.current === null) return;
    latest.current.onSelect(moveTo(latest.current.selection, lastId.current));
    lastId.current = null;
  }, [isOpen]);
  return {
    isOpen,
    view: (id) => look({ viewed: id }),
    compare: () => {
      const compared = toCompare(selection, selectedIds, ids);
      if (compared !== null) look({ compared });
    },
    element: seen !== null && (
      <SeenView
        key={JSON.stringify(seen)}
        seen={seen}
        ids={ids}
        onStep={(to, atId) => {
          lastId.current = atId;
          noteSeen(to);
        }}
        onClose={() => look(null)}
      />
    ),
  };
}

interface SeenViewProps {
  seen: Seen;
  ids: readonly number[];
  /** What is looked at now, and the image of it that the keyboard is at. */
  onStep: (to: Seen, atId: number) => void;
  onClose: () => void;
}

/** Goes from image to image by itself: the list under it is not drawn anew for each. */
function SeenView({ seen, ids, onStep, onClose }: SeenViewProps) {
  return 'compared' in seen ? (
    <CompareView
      imageIds={seen.compared}
      listIds={ids}
      onClose={(id) => {
        onStep(seen, id);
        onClose();
      }}
    />
  ) : (
    <ViewerView {...{ ids, onStep, onClose }} firstId={seen.viewed} />
  );
}

function ViewerView({ firstId, ids, onStep, onClose }: Omit<SeenViewProps, 'seen'> & { firstId: number }) {
  const [imageId, setImageId] = useState(firstId);
  const latest = useRef(onStep);
  latest.current = onStep;
  useEffect(() => latest.current({ viewed: imageId }, imageId), [imageId]);
  return <ImageViewer {...{ ids, imageId, onClose }} onShow={setImageId} />;
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

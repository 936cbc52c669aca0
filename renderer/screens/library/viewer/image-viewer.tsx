/** One image in the whole window, with everything known of it beside. */
import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { orpc, queryClient } from '../../../api/client.ts';
import { useListedShortcuts, useShortcuts } from '../../../shell/shortcuts.ts';
import { useCurating } from '../curate/use-curating.tsx';
import { useKept } from '../list-view.ts';
import { DetailPanel } from './detail-panel.tsx';
import classes from './image-viewer.module.css';
import { Stage } from './stage.tsx';
import { ViewerBar } from './viewer-bar.tsx';
import { type View, wholeView } from './zoom.ts';

interface ImageViewerProps {
  /** The list one steps through. */
  ids: readonly number[];
  imageId: number;
  onShow: (imageId: number) => void;
  onClose: () => void;
}

/** The dialog itself handles it. */
const closeKeys = [{ keys: 'Escape', label: 'Back', group: 'Viewer' }];

export function ImageViewer({ ids, imageId, onShow, onClose }: ImageViewerProps) {
  const [view, setView, lock] = useView(imageId);
  const [showsDetails, setShowsDetails] = useKept('viewer-details');
  const detail = useQuery(orpc.images.detail.queryOptions({ input: { id: imageId } }));
  const index = ids.indexOf(imageId);
  const nextIds = [ids[index + 1], ids[index - 1]].filter((id) => id !== undefined);
  useDetailsAhead(nextIds);
  const group = 'Viewer';
  useShortcuts(
    [
      { keys: 'ArrowLeft', label: 'Image before', group, run: () => step(-1) },
      { keys: 'ArrowRight', label: 'Next image', group, run: () => step(1) },
      { keys: 'Y', label: 'Keep zoom and place from image to image, or not', group, run: lock.toggle },
      { keys: 'I', label: 'Show or hide the details', group, run: () => setShowsDetails(!showsDetails) },
    ],
    { isInDialog: true },
  );
  useListedShortcuts(closeKeys);
  const curating = useCurating([imageId], { isFree: true, isInDialog: true });
  function step(by: number): void {
    const id = ids[index + by];
    if (index !== -1 && id !== undefined) onShow(id);
  }

  return (
    <Modal.Root opened onClose={onClose} fullScreen padding={0}>
      <Modal.Content aria-label="Image" data-testid="image-viewer">
        <Modal.Body
          className={classes['viewer']}
          tabIndex={-1}
          data-autofocus
          data-details={showsDetails || undefined}
        >
          <ViewerBar
            name={detail.data?.name ?? ''}
            position={index === -1 ? null : { index, count: ids.length }}
            view={view}
            isLocked={lock.isOn}
            showsDetails={showsDetails}
            onStep={step}
            onView={setView}
            onLock={lock.toggle}
            onDetails={setShowsDetails}
            onClose={onClose}
          />
          <Stage imageId={imageId} card={detail.data} view={view} onView={setView} nextIds={nextIds} />
          {curating}
          {showsDetails && <DetailPanel detail={detail.data} error={detail.error} />}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Zoom and place, kept from image to image where they are locked, else the whole image each time. */
function useView(imageId: number) {
  const [isOn, setOn] = useState(true);
  const [seen, setSeen] = useState({ imageId, view: wholeView });
  const isKept = isOn || seen.imageId === imageId;
  const setView = (view: View) => setSeen({ imageId, view });
  return [isKept ? seen.view : wholeView, setView, { isOn, toggle: () => setOn(!isOn) }] as const;
}

/** What is known of the images that may come next is asked for now, so that the panel does not wait. */
function useDetailsAhead(ids: number[]): void {
  const key = ids.join(' ');
  useEffect(() => {
    for (const id of key.split(' ').filter((part) => part !== '')) {
      void queryClient.prefetchQuery(orpc.images.detail.queryOptions({ input: { id: Number(id) } }));
    }
  }, [key]);
}

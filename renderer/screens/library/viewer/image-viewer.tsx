/** One image in the whole window, with everything known of it beside. */
import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { orpc, queryClient } from '../../../api/client.ts';
import { useListedShortcuts, useShortcuts } from '../../../shell/shortcuts.ts';
import { useCurating } from '../curate/use-curating.tsx';
import { DetailPanel } from './detail-panel.tsx';
import classes from './image-viewer.module.css';
import { Stage } from './stage.tsx';
import { ViewerBar } from './viewer-bar.tsx';

interface ImageViewerProps {
  /** The list one steps through. */
  ids: readonly number[];
  imageId: number;
  onShow: (imageId: number) => void;
  onClose: () => void;
}

/** The dialog itself handles it. */
const closeKeys = [{ keys: 'Escape', label: 'Back to the library', group: 'Viewer' }];

export function ImageViewer({ ids, imageId, onShow, onClose }: ImageViewerProps) {
  const [isActualSize, setActualSize] = useState(false);
  const [showsDetails, setShowsDetails] = useState(true);
  const detail = useQuery(orpc.images.detail.queryOptions({ input: { id: imageId } }));
  const index = ids.indexOf(imageId);
  const nextIds = [ids[index + 1], ids[index - 1]].filter((id) => id !== undefined);
  useDetailsAhead(nextIds);
  const group = 'Viewer';
  useShortcuts(
    [
      { keys: 'ArrowLeft', label: 'Image before', group, run: () => step(-1) },
      { keys: 'ArrowRight', label: 'Next image', group, run: () => step(1) },
      { keys: 'Z', label: 'Fit, or one pixel a pixel', group, run: () => setActualSize(!isActualSize) },
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
    <Modal.Root opened onClose={onClose} fullScreen padding={0} transitionProps={{ duration: 0 }}>
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
            isActualSize={isActualSize}
            showsDetails={showsDetails}
            onStep={step}
            onActualSize={setActualSize}
            onDetails={setShowsDetails}
            onClose={onClose}
          />
          <Stage imageId={imageId} card={detail.data} isActualSize={isActualSize} nextIds={nextIds} />
          {curating}
          {showsDetails && <DetailPanel detail={detail.data} error={detail.error} />}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
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

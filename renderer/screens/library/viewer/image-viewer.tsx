/** One image in the whole window, with everything known of it beside. */
import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { orpc } from '../../../api/client.ts';
import { type ListedShortcut, useListedShortcuts } from '../../../shell/shortcuts.ts';
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

const keys: ListedShortcut[] = [
  { keys: 'ArrowLeft', label: 'Image before', group: 'Viewer' },
  { keys: 'ArrowRight', label: 'Next image', group: 'Viewer' },
  { keys: 'Z', label: 'Fit, or one pixel a pixel', group: 'Viewer' },
  { keys: 'I', label: 'Show or hide the details', group: 'Viewer' },
  { keys: 'Escape', label: 'Back to the library', group: 'Viewer' },
];

export function ImageViewer({ ids, imageId, onShow, onClose }: ImageViewerProps) {
  const [isActualSize, setActualSize] = useState(false);
  const [showsDetails, setShowsDetails] = useState(true);
  const detail = useQuery(orpc.images.detail.queryOptions({ input: { id: imageId } }));
  const index = ids.indexOf(imageId);
  useListedShortcuts(keys);

  function step(by: number): void {
    const id = ids[index + by];
    if (index !== -1 && id !== undefined) onShow(id);
  }
  function handleKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !act(event.key)) return;
    event.preventDefault();
    // Below the viewer lies the page, whose own keys are not meant.
    event.nativeEvent.stopImmediatePropagation();
  }
  /** False for a key that is not the viewer's. */
  function act(key: string): boolean {
    if (key === 'ArrowLeft') step(-1);
    else if (key === 'ArrowRight') step(1);
    else if (key === 'z' || key === 'Z') setActualSize(!isActualSize);
    else if (key === 'i' || key === 'I') setShowsDetails(!showsDetails);
    else return false;
    return true;
  }

  return (
    <Modal.Root opened onClose={onClose} fullScreen padding={0} transitionProps={{ duration: 0 }}>
      <Modal.Content aria-label="Image" onKeyDown={handleKey} data-testid="image-viewer">
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
          <Stage
            imageId={imageId}
            card={detail.data}
            isActualSize={isActualSize}
            nextIds={[ids[index + 1], ids[index - 1]].filter((id) => id !== undefined)}
          />
          {showsDetails && <DetailPanel detail={detail.data} error={detail.error} />}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Images of a group of near-duplicates looked at closely, one by one or beside each other, before one of them is kept. */
import { useState } from 'react';
import { CompareView } from '../compare/compare-view.tsx';
import { ImageViewer } from '../viewer/image-viewer.tsx';

export interface LookedAt {
  how: 'viewed' | 'compared';
  /** The group, the best first. */
  imageIds: readonly number[];
  /** The one that the keyboard is at. */
  imageId: number;
}

interface GroupCloseUpProps {
  looked: LookedAt;
  /** Told the image that was looked at last. */
  onClose: (imageId: number) => void;
}

export function GroupCloseUp({ looked, onClose }: GroupCloseUpProps) {
  const { how, imageIds } = looked;
  const [imageId, setImageId] = useState(looked.imageId);
  if (how === 'viewed') {
    return (
      <ImageViewer ids={imageIds} imageId={imageId} onShow={setImageId} onClose={() => onClose(imageId)} />
    );
  }
  return <CompareView imageIds={orderCompared(imageIds, imageId)} listIds={imageIds} onClose={onClose} />;
}

/** The best as what the others are compared with, then the one at hand, then the rest. */
export function orderCompared(imageIds: readonly number[], imageId: number): readonly number[] {
  const [best, ...others] = imageIds;
  return imageId === best ? imageIds : [best!, imageId, ...others.filter((id) => id !== imageId)];
}

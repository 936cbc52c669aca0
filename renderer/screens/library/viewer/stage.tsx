/** The picture of the viewer, zoomed and moved; the previous one stays until the next is decoded. */
import type { ImageCard } from '../../../../contract/images.ts';
import { imageUrl } from '../../../shared/image-url.ts';
import { AbsentPicture } from './absent-picture.tsx';
import { useDecodeAhead, useDecoded } from './decoded-image.ts';
import classes from './image-viewer.module.css';
import type { View } from './zoom.ts';
import { PlacedPicture, ZoomFrame } from './zoom-frame.tsx';

interface StageProps {
  imageId: number;
  card: Pick<ImageCard, 'id' | 'name' | 'prompt' | 'hasFile' | 'fileState'> | undefined;
  view: View;
  onView: (view: View) => void;
  /** Images that may come next: their files are fetched and decoded ahead. */
  nextIds: readonly number[];
}

export function Stage({ imageId, card, view, onView, nextIds }: StageProps) {
  const hasFile = card?.id === imageId ? card.hasFile : undefined;
  const shown = useDecoded(imageId, hasFile);
  // While a key is held, the picture that is asked for goes first.
  useDecodeAhead(shown?.id === imageId ? nextIds : []);
  if (hasFile === false || (shown !== null && 'failure' in shown)) {
    return (
      <div className={classes['stage']}>
        <AbsentPicture image={card} failure={shown !== null && 'failure' in shown ? shown.failure : null} />
      </div>
    );
  }
  return (
    <div className={classes['stage']}>
      {shown !== null && (
        <ZoomFrame label="Picture" picture={shown.size} view={view} onView={onView} hasKeys>
          {(placement) => (
            <PlacedPicture
              src={imageUrl(shown.id)}
              alt={card?.prompt ?? card?.name ?? ''}
              placement={placement}
              imageId={shown.id}
            />
          )}
        </ZoomFrame>
      )}
    </div>
  );
}

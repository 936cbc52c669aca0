/** Images as small thumbnails that open; asked for at once, without asking first whether there is a file. */
import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { thumbnailUrl } from '../../shared/image-url.ts';
import classes from './agreement.module.css';

interface ThumbnailListProps {
  label: string;
  ids: readonly number[];
  onSelect: (imageId: number) => void;
}

/** More than this are not shown at once. */
export const mostThumbnails = 60;

export function ThumbnailList({ label, ids, onSelect }: ThumbnailListProps) {
  return (
    <ul className={classes['thumbs']} aria-label={label}>
      {ids.slice(0, mostThumbnails).map((imageId) => (
        <li key={imageId}>
          <UnstyledButton
            className={classes['thumb']}
            aria-label={`Image ${imageId}`}
            onClick={() => onSelect(imageId)}
          >
            <Thumbnail imageId={imageId} />
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}

function Thumbnail({ imageId }: { imageId: number }) {
  const [isMissing, setIsMissing] = useState(false);
  if (isMissing) return 'no file';
  return <img src={thumbnailUrl(imageId)} alt="" onError={() => setIsMissing(true)} />;
}

/** The picture itself: whole in the window, or one image pixel on one screen pixel; the previous one stays until the next is decoded. */
import { Text } from '@mantine/core';
import { IconPhotoOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { ImageCard } from '../../../../contract/images.ts';
import { imageUrl } from '../../../shared/image-url.ts';
import classes from './image-viewer.module.css';

interface StageProps {
  imageId: number;
  card: ImageCard | undefined;
  isActualSize: boolean;
  /** Images that may come next: their files are fetched and decoded ahead. */
  nextIds: number[];
}

type Shown = { id: number; widthPx: number } | { id: number; failure: string };

export function Stage({ imageId, card, isActualSize, nextIds }: StageProps) {
  const hasFile = card?.id === imageId ? card.hasFile : undefined;
  const shown = useDecoded(imageId, hasFile);
  useDecodeAhead(nextIds);
  if (hasFile === false) {
    return (
      <div className={`${classes['stage']} ${classes['absent']}`}>
        <IconPhotoOff size={44} stroke={1.2} />
        <Text fw={600}>There is no file of this image yet</Text>
        <Text size="sm" maw={420}>
          A table told of it. Add the folder that holds {card?.name}: it is recognised by its name.
        </Text>
      </div>
    );
  }
  if (shown === null) return <div className={classes['stage']} />;
  if ('failure' in shown) {
    return (
      <div className={`${classes['stage']} ${classes['absent']}`} role="alert">
        <IconPhotoOff size={44} stroke={1.2} />
        <Text size="sm" maw={480}>
          {shown.failure}
        </Text>
      </div>
    );
  }
  return (
    <section
      className={classes['stage']}
      data-fit={isActualSize ? undefined : true}
      aria-label="Picture"
      tabIndex={isActualSize ? 0 : undefined}
    >
      <img
        src={imageUrl(shown.id)}
        alt={card?.prompt ?? card?.name ?? ''}
        data-shown-image-id={shown.id}
        style={isActualSize ? { width: shown.widthPx / window.devicePixelRatio } : undefined}
      />
    </section>
  );
}

/** What is ready to be painted; the last one while the next is still coming. */
function useDecoded(imageId: number, hasFile: boolean | undefined): Shown | null {
  const [shown, setShown] = useState<Shown | null>(null);
  useEffect(() => {
    if (hasFile === false) {
      setShown(null);
      return;
    }
    let isWanted = true;
    decode(imageId).then((next) => {
      if (isWanted) setShown(next);
    }, console.error);
    return () => {
      isWanted = false;
    };
  }, [imageId, hasFile]);
  return shown;
}

async function decode(id: number): Promise<Shown> {
  const image = new Image();
  image.src = imageUrl(id);
  try {
    await image.decode();
    return { id, widthPx: image.naturalWidth };
  } catch {
    return { id, failure: await whyNot(id) };
  }
}

/** The engine's own words for a picture that did not come. */
async function whyNot(id: number): Promise<string> {
  try {
    const answer = await fetch(imageUrl(id));
    if (answer.ok) return 'This browser cannot decode the image.';
    const told: unknown = await answer.json();
    if (typeof told === 'object' && told !== null && 'message' in told) return String(told.message);
    return `The engine answered ${answer.status}.`;
  } catch {
    return 'The studio’s engine does not answer.';
  }
}

function useDecodeAhead(ids: number[]): void {
  const key = ids.join(' ');
  useEffect(() => {
    // What cannot be fetched ahead is told of when it is shown.
    for (const id of key.split(' ').filter((part) => part !== '')) decode(Number(id)).catch(() => undefined);
  }, [key]);
}

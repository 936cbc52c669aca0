/** What is to be judged: one image, or two side by side; a pointer or finger shows true pixels where it is. */
import { type PointerEvent, useReducer, useRef, useState } from 'react';
import type { Item } from './items.ts';
import classes from './rating.module.css';
import type { RatingState } from './rating-controller.ts';
import { Stage, type StagePoint } from './stage.tsx';
import type { Zoom } from './zoom.ts';

interface StagesProps {
  item: Item | null;
  state: Pick<RatingState, 'bitmaps' | 'showing'>;
  zoom: Zoom;
  /** The key for true pixels at the pointer is held. */
  isInspecting: boolean;
  /** A finger that is held shows true pixels as well. */
  mayInspect: boolean;
  onPainted: (imageId: number) => void;
}

const centre: StagePoint = { x: 0.5, y: 0.5 };

export function Stages({ item, state, zoom, isInspecting, mayInspect, onPainted }: StagesProps) {
  const [isTouched, setIsTouched] = useState(false);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const pointer = useRef(centre);
  const isShown = isInspecting || isTouched;
  function follow(event: PointerEvent): void {
    if (zoom === 'pixels') drag(event);
    const at = pointOf(event);
    if (at === null) return;
    pointer.current = at;
    // Moving the pointer draws nothing while true pixels are not asked for.
    if (isShown) redraw();
  }
  const inspect = isShown ? pointer.current : null;
  const images = item?.images ?? [];
  const isPair = images.length > 1;
  return (
    <div
      className={classes['stages']}
      data-pair={isPair}
      data-zoom={zoom}
      onPointerMove={follow}
      onPointerDown={(event) => {
        follow(event);
        if (event.pointerType === 'touch' && mayInspect && zoom === 'fit') setIsTouched(true);
      }}
      onPointerUp={() => setIsTouched(false)}
      onPointerCancel={() => setIsTouched(false)}
    >
      {images.map(({ imageId }, side) => (
        <Stage
          // biome-ignore lint/suspicious/noArrayIndexKey: a side keeps its canvas, so that no frame is blank
          key={side}
          bitmap={state.bitmaps[side] ?? null}
          imageId={imageId}
          showing={state.showing}
          zoom={zoom}
          inspect={inspect}
          label={isPair ? `Image ${side === 0 ? 'A' : 'B'}` : 'The image to rate'}
          onPainted={onPainted}
        />
      ))}
    </div>
  );
}

/** A mouse that drags moves images that are larger than their stage, both of a pair alike; fingers do it by themselves. */
function drag({ buttons, pointerType, movementX, movementY, currentTarget }: PointerEvent): void {
  if (pointerType !== 'mouse' || buttons !== 1) return;
  for (const stage of currentTarget.querySelectorAll('[data-testid=stage]')) {
    stage.scrollBy(-movementX, -movementY);
  }
}

/** The same place in both images of a pair: parts of the stage that the pointer is over. */
function pointOf(event: PointerEvent): StagePoint | null {
  const stage = event.target instanceof Element ? event.target.closest('[data-testid=stage]') : null;
  if (stage === null) return null;
  const box = stage.getBoundingClientRect();
  return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
}

/** How images are shown: fitted into the window or pixel by pixel; kept within the images of one prompt. */
import { useState } from 'react';
import type { Item } from './items.ts';

/** `fit`: made smaller where it has to be, never enlarged; `pixels`: one pixel of the image is one of the screen. */
export type Zoom = 'fit' | 'pixels';

const key = 'sfiqa.ratingZoom';

/** How sittings at this browser begin. */
export function readStartZoom(): Zoom {
  try {
    return localStorage.getItem(key) === 'pixels' ? 'pixels' : 'fit';
  } catch {
    return 'fit';
  }
}

export function keepStartZoom(zoom: Zoom): void {
  try {
    localStorage.setItem(key, zoom);
  } catch {
    // Storage is full or forbidden.
  }
}

/** The zoom of what is shown: as chosen last for images of its group, else as the sitting begins. */
export function useGroupZoom(item: Item | null, start: Zoom): [Zoom, (zoom: Zoom) => void] {
  const [chosen, setChosen] = useState<ReadonlyMap<number, Zoom>>(new Map());
  const zoom = item === null ? start : (chosen.get(item.promptGroup) ?? start);
  return [
    zoom,
    (to) => {
      if (item !== null) setChosen(new Map([...chosen, [item.promptGroup, to]]));
    },
  ];
}

/** How large thumbnails are drawn. */
import { Slider } from '@mantine/core';
import { IconPhoto } from '@tabler/icons-react';
import { largestThumbPx, smallestThumbPx } from './list-view.ts';
import classes from './toolbar.module.css';

export function ThumbSize({ px, onPx }: { px: number; onPx: (px: number) => void }) {
  return (
    <div className={classes['size']}>
      <IconPhoto size={13} aria-hidden="true" />
      <Slider
        size="xs"
        thumbLabel="Thumbnail size"
        min={smallestThumbPx}
        max={largestThumbPx}
        step={8}
        value={px}
        onChange={onPx}
        label={null}
        className={classes['slider']}
        classNames={{ track: classes['track'] ?? '' }}
      />
      <IconPhoto size={19} aria-hidden="true" />
    </div>
  );
}

/** One picture left of a line, the other right of it; the line follows the pointer and the arrow keys. */
import { IconArrowsHorizontal } from '@tabler/icons-react';
import type { PointerEvent } from 'react';
import { imageUrl } from '../../../shared/image-url.ts';
import { PlacedPicture } from '../viewer/zoom-frame.tsx';
import classes from './compare-view.module.css';
import type { PairProps } from './compare-view.tsx';
import { moveWipe } from './comparison.ts';
import { PairFrame } from './pair-frame.tsx';

export function WipePane(props: PairProps) {
  const { state, onChange } = props;
  function follow(event: PointerEvent<HTMLElement>): void {
    const frame = event.currentTarget.parentElement?.getBoundingClientRect();
    if (frame === undefined || event.buttons !== 1) return;
    onChange(moveWipe(state, ((event.clientX - frame.left) / frame.width) * 100));
  }
  return (
    <PairFrame
      {...props}
      roles={['left of the line', 'right of it']}
      over={
        // The arrow keys move it wherever the keyboard is.
        <div
          className={classes['line']}
          style={{ left: `${state.wipePercent}%` }}
          role="slider"
          tabIndex={0}
          aria-label="Line between the pictures"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(state.wipePercent)}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={follow}
        >
          <span className={classes['grip']}>
            <IconArrowsHorizontal size={16} aria-hidden="true" />
          </span>
        </div>
      }
    >
      {(placement, { ids: [left, right] }) => (
        <>
          <PlacedPicture src={imageUrl(left)} alt="" placement={placement} imageId={left} />
          <div className={classes['right']} style={{ clipPath: `inset(0 0 0 ${state.wipePercent}%)` }}>
            <PlacedPicture src={imageUrl(right)} alt="" placement={placement} imageId={right} />
          </div>
        </>
      )}
    </PairFrame>
  );
}

/** Two pictures that lie on each other, the second drawn at the first one's size, with a line that says which they are and whether their sizes differ. */
import type { ReactNode } from 'react';
import { AbsentPicture } from '../viewer/absent-picture.tsx';
import { useDecoded } from '../viewer/decoded-image.ts';
import type { Placement, Size } from '../viewer/zoom.ts';
import { ZoomFrame } from '../viewer/zoom-frame.tsx';
import classes from './compare-view.module.css';
import type { PairProps } from './compare-view.tsx';
import { setView } from './comparison.ts';

/** Both as they are ready to be painted, the reference first. */
export interface ReadyPair {
  ids: [number, number];
  /** The reference's, in pixels. */
  size: Size;
}

interface PairFrameProps extends PairProps {
  /** What each of them is here, after its name. */
  roles: readonly [string, string];
  /** Stands at the end of the line. */
  told?: ReactNode;
  children: (placement: Placement, ready: ReadyPair) => ReactNode;
  /** What lies over the frame. */
  over?: ReactNode;
}

export function PairFrame({ state, onChange, pair, roles, told, children, over }: PairFrameProps) {
  const [a, b] = [pair[0]!, pair[1]!];
  const shown = [useDecoded(a.id, a.detail?.hasFile), useDecoded(b.id, b.detail?.hasFile)];
  const lacking = pair.find(
    ({ detail }, k) => detail?.hasFile === false || (shown[k] != null && 'failure' in shown[k]),
  );
  if (lacking !== undefined) {
    const broken = shown[pair.indexOf(lacking)];
    return (
      <div className={classes['pair']}>
        <div className={classes['caption']} role="status">
          <Named {...lacking} />
        </div>
        <AbsentPicture
          image={lacking.detail}
          failure={broken != null && 'failure' in broken ? broken.failure : null}
        />
      </div>
    );
  }
  const [first, second] = shown;
  if (first == null || second == null || 'failure' in first || 'failure' in second)
    return <div className={classes['pair']} />;
  const ready: ReadyPair = { ids: [first.id, second.id], size: first.size };
  return (
    <div className={classes['pair']}>
      <div className={classes['caption']} role="status">
        <Named {...a} />
        <span>{roles[0]}</span>
        <Named {...b} />
        <span>{roles[1]}</span>
        <SizeNote a={first.size} b={second.size} at={b.at} />
        {told}
      </div>
      <div className={classes['over']}>
        <ZoomFrame
          label={`Images ${a.at + 1} and ${b.at + 1}`}
          picture={first.size}
          view={state.views[a.at]!}
          onView={(view) => onChange(setView(state, a.at, view))}
          hasKeys
        >
          {(placement) => children(placement, ready)}
        </ZoomFrame>
        {over}
      </div>
    </div>
  );
}

function Named({ at, detail }: PairProps['pair'][number]) {
  return (
    <>
      <span className={classes['number']}>{at + 1}</span>
      <span className={classes['name']}>{detail?.name ?? '…'}</span>
    </>
  );
}

/** Says that two pictures are of different sizes, and what was done about it. */
function SizeNote({ a, b, at }: { a: Size; b: Size; at: number }) {
  if (a.width === b.width && a.height === b.height) return null;
  const isStretched = Math.abs(a.width / a.height / (b.width / b.height) - 1) > 0.01;
  return (
    <b data-testid="sizes-differ">
      {at + 1} is {b.width} × {b.height} px, drawn {isStretched ? 'stretched ' : ''}to {a.width} × {a.height}{' '}
      px
    </b>
  );
}

/** The compared images side by side, in as many columns as show the most of them. */
import { useElementSize } from '@mantine/hooks';
import type { ImageDetail } from '../../../../contract/images.ts';
import { imageUrl } from '../../../shared/image-url.ts';
import { MarkBadge } from '../curate/mark-badge.tsx';
import { AbsentPicture } from '../viewer/absent-picture.tsx';
import { useDecoded } from '../viewer/decoded-image.ts';
import { PlacedPicture, ZoomFrame } from '../viewer/zoom-frame.tsx';
import classes from './compare-view.module.css';
import { activate, type Comparison, chooseColumns, setView } from './comparison.ts';

interface SidePanesProps {
  state: Comparison;
  onChange: (state: Comparison) => void;
  /** One an image; undefined until its answer came. */
  details: readonly (ImageDetail | undefined)[];
}

export function SidePanes({ state, details, onChange }: SidePanesProps) {
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const shape = details.find((one) => one?.width != null && one.height !== null);
  const pictureRatio = (shape?.width ?? 1) / (shape?.height ?? 1);
  const columns = height === 0 ? 2 : chooseColumns(state.ids.length, width / height, pictureRatio);
  return (
    <div
      ref={ref}
      className={classes['panes']}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {state.ids.map((id, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a pane is a place: its picture stays until the next one there is decoded
        <Pane key={at} at={at} id={id} detail={details[at]} state={state} onChange={onChange} />
      ))}
    </div>
  );
}

interface PaneProps extends Omit<SidePanesProps, 'details'> {
  at: number;
  id: number;
  detail: ImageDetail | undefined;
}

function Pane({ at, id, detail, state, onChange }: PaneProps) {
  const shown = useDecoded(id, detail?.hasFile);
  const isActive = at === state.active;
  const label = `Image ${at + 1}: ${detail?.name ?? ''}`;
  return (
    // The pointer does here what the keys 1 to 4 do.
    <div
      className={classes['pane']}
      data-active={isActive || undefined}
      data-testid={`pane-${at + 1}`}
      onPointerDownCapture={() => onChange(activate(state, at))}
    >
      <PaneTitle at={at} detail={detail} isActive={isActive} isReference={at === state.reference} />
      {detail?.hasFile === false || (shown !== null && 'failure' in shown) ? (
        <AbsentPicture image={detail} failure={shown !== null && 'failure' in shown ? shown.failure : null} />
      ) : (
        shown !== null && (
          <ZoomFrame
            label={label}
            picture={shown.size}
            view={state.views[at]!}
            onView={(view) => onChange(setView(activate(state, at), at, view))}
            hasKeys={isActive}
          >
            {(placement) => (
              <PlacedPicture
                src={imageUrl(shown.id)}
                alt={detail?.prompt ?? detail?.name ?? ''}
                placement={placement}
                imageId={shown.id}
              />
            )}
          </ZoomFrame>
        )
      )}
      {detail !== undefined && <MarkBadge flag={detail.flag} label={detail.label} />}
    </div>
  );
}

interface PaneTitleProps {
  at: number;
  detail: ImageDetail | undefined;
  isActive: boolean;
  isReference: boolean;
}

function PaneTitle({ at, detail, isActive, isReference }: PaneTitleProps) {
  return (
    <div className={classes['caption']} aria-current={isActive || undefined}>
      <span className={classes['number']}>{at + 1}</span>
      <span className={classes['name']} title={detail?.name}>
        {detail?.name ?? '…'}
      </span>
      {isReference && <span className={classes['reference']}>reference</span>}
    </div>
  );
}

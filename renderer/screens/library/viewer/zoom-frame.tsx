/** A frame around a picture that is zoomed at the pointer and moved: by wheel, by dragging, by a double click, and by keys. */
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { type PointerEvent, type ReactNode, useEffect, useRef } from 'react';
import { useShortcuts } from '../../../shell/shortcuts.ts';
import {
  describeZoom,
  type Framed,
  type Placement,
  panBy,
  placePicture,
  type Size,
  toggleActualSize,
  type View,
  zoomBy,
} from './zoom.ts';
import classes from './zoom-frame.module.css';

interface ZoomFrameProps {
  label: string;
  picture: Size;
  view: View;
  onView: (view: View) => void;
  /** Whether the keys of zooming work on this frame: on one at a time. */
  hasKeys: boolean;
  /** What is painted, given where the picture lies. */
  children: (placement: Placement) => ReactNode;
}

const keyStep = 1.25;
const panStepPx = 80;
/** `deltaMode` 1 of a wheel counts lines. */
const lineHeightPx = 16;

export function ZoomFrame({ label, picture, view, onView, hasKeys, children }: ZoomFrameProps) {
  const { ref: sizeRef, width, height } = useElementSize<HTMLElement>();
  const element = useRef<HTMLElement>(null);
  const framed: Framed = { picture, frame: { width, height }, screenRatio: window.devicePixelRatio };
  const latest = useRef({ view, framed, onView });
  latest.current = {
    ...{ view, framed },
    // Several steps may come before the page is drawn again: each begins where the last one led.
    onView: (next) => {
      latest.current.view = next;
      onView(next);
    },
  };
  useWheel(element, latest);
  useZoomKeys(latest, hasKeys);
  const drag = useDrag(latest);
  const isMeasured = width > 0 && height > 0;
  return (
    <section
      ref={useMergedRef(element, sizeRef)}
      className={classes['frame']}
      aria-label={label}
      data-zoom={isMeasured ? describeZoom(view, framed) : undefined}
      onDoubleClick={(event) => onView(toggleActualSize(view, framed, placeIn(event.currentTarget, event)))}
      {...drag}
    >
      {isMeasured && children(placePicture(view, framed))}
    </section>
  );
}

interface PictureProps {
  src: string;
  alt: string;
  placement: Placement;
  imageId: number;
}

/** A picture at its place; pixels stay squares where they are drawn large. */
export function PlacedPicture({ src, alt, placement, imageId }: PictureProps) {
  const { left, top, width, height, scale } = placement;
  const isLarge = scale * window.devicePixelRatio >= 3;
  return (
    <img
      src={src}
      alt={alt}
      draggable={false}
      data-shown-image-id={imageId}
      className={classes['picture']}
      style={{
        ...{ width, height, imageRendering: isLarge ? 'pixelated' : undefined },
        transform: `translate(${left}px, ${top}px)`,
      }}
    />
  );
}

type Latest = React.RefObject<Pick<ZoomFrameProps, 'view' | 'onView'> & { framed: Framed }>;

/** React listens to wheels passively; this one keeps the page from zooming under Ctrl and pinch. */
function useWheel(element: React.RefObject<HTMLElement | null>, latest: Latest): void {
  useEffect(() => {
    const frame = element.current;
    function turn(event: WheelEvent): void {
      if (frame === null) return;
      event.preventDefault();
      const { view, framed, onView } = latest.current;
      const px = event.deltaMode === 1 ? event.deltaY * lineHeightPx : event.deltaY;
      // A pinch comes as small steps with Ctrl.
      const by = 1.0018 ** -(event.ctrlKey ? px * 5 : px);
      onView(zoomBy(view, by, framed, placeIn(frame, event)));
    }
    frame?.addEventListener('wheel', turn, { passive: false });
    return () => frame?.removeEventListener('wheel', turn);
  }, [element, latest]);
}

function useZoomKeys(latest: Latest, hasKeys: boolean): void {
  const change = (to: (view: View, framed: Framed) => View) => () => {
    const { view, framed, onView } = latest.current;
    onView(to(view, framed));
  };
  const one = (keys: string, label: string, to: (view: View, framed: Framed) => View) => ({
    ...{ keys, label, group: 'Zoom', run: change(to), disabled: !hasKeys },
  });
  const pan = (dx: number, dy: number) => (view: View, framed: Framed) => panBy(view, dx, dy, framed);
  useShortcuts(
    [
      one('Z', 'Whole, or one pixel a pixel', (view, framed) => toggleActualSize(view, framed)),
      one('+', 'Larger', (view, framed) => zoomBy(view, keyStep, framed)),
      one('-', 'Smaller', (view, framed) => zoomBy(view, 1 / keyStep, framed)),
      one('shift+ArrowLeft', 'Look further left', pan(panStepPx, 0)),
      one('shift+ArrowRight', 'Look further right', pan(-panStepPx, 0)),
      one('shift+ArrowUp', 'Look further up', pan(0, panStepPx)),
      one('shift+ArrowDown', 'Look further down', pan(0, -panStepPx)),
    ],
    { isInDialog: true },
  );
}

/** The pointer takes the picture along while it is pressed. */
function useDrag(latest: Latest) {
  const last = useRef<{ x: number; y: number } | null>(null);
  const end = () => {
    last.current = null;
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      last.current = { x: event.clientX, y: event.clientY };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      if (last.current === null) return;
      const { view, framed, onView } = latest.current;
      onView(panBy(view, clientX - last.current.x, clientY - last.current.y, framed));
      last.current = { x: clientX, y: clientY };
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}

function placeIn(element: Element, { clientX, clientY }: { clientX: number; clientY: number }) {
  const { left, top } = element.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

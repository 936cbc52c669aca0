/** The image on neutral grey. The pixels of the image before stay until the next ones are drawn: no frame is blank. */
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import classes from './rating.module.css';

export type Zoom = 'fit' | 'actual';

interface StageProps {
  /** Null leaves the canvas as it is. */
  bitmap: ImageBitmap | null;
  imageId: number | null;
  zoom: Zoom;
  onPainted: (imageId: number) => void;
}

interface Size {
  width: number;
  height: number;
}

/**
 * One pixel of the image is one pixel of the screen, unless it has to be made smaller to fit; it is never enlarged, because
 * enlarging changes how sharp it looks.
 */
export function Stage({ bitmap, imageId, zoom, onPainted }: StageProps) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const room = useSize(frame);
  useLayoutEffect(() => {
    if (bitmap === null || imageId === null || canvas.current === null || room === null) return;
    const target = canvas.current;
    draw(target, bitmap, room, zoom);
    return afterPaint(() => {
      target.dataset['paintedImageId'] = String(imageId);
      onPainted(imageId);
    });
  }, [bitmap, imageId, zoom, room, onPainted]);
  useLayoutEffect(() => {
    if (imageId !== null) frame.current?.scrollTo(0, 0);
  }, [imageId]);
  return (
    <div className={classes['stage']} ref={frame} data-testid="stage">
      <canvas
        ref={canvas}
        role="img"
        aria-label="The image to rate"
        className={classes['canvas']}
        data-image-id={imageId ?? undefined}
      />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap, room: Size, zoom: Zoom): void {
  const ratio = window.devicePixelRatio;
  const fit = Math.min(1, (room.width * ratio) / bitmap.width, (room.height * ratio) / bitmap.height);
  const scale = zoom === 'fit' ? fit : 1;
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.width = width;
  canvas.height = height;
  canvas.style.width = `${width / ratio}px`;
  canvas.style.height = `${height / ratio}px`;
  canvas.style.left = `${centre(room.width, width, ratio)}px`;
  canvas.style.top = `${centre(room.height, height, ratio)}px`;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.imageSmoothingEnabled = scale !== 1;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
}

/** On whole pixels of the screen, so that nothing is resampled. */
function centre(roomPx: number, widthPx: number, ratio: number): number {
  return Math.max(0, Math.floor((roomPx * ratio - widthPx) / 2)) / ratio;
}

/** Runs once the frame that is being made now is on screen: the first task after the next animation frame. */
function afterPaint(run: () => void): () => void {
  const channel = new MessageChannel();
  channel.port1.onmessage = run;
  const frame = requestAnimationFrame(() => channel.port2.postMessage(null));
  return () => {
    cancelAnimationFrame(frame);
    channel.port1.close();
  };
}

function useSize(element: RefObject<HTMLElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      setSize({ width, height });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

/** An image on neutral grey. The pixels of the image before stay until the next ones are drawn: no frame is blank. */
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import classes from './rating.module.css';
import type { Zoom } from './zoom.ts';

/** A place in a stage as parts of its width and height. */
export interface StagePoint {
  x: number;
  y: number;
}

export interface StageProps {
  /** Null leaves the canvas as it is. */
  bitmap: ImageBitmap | null;
  imageId: number | null;
  /** Counts what is shown: the same image may be shown again. */
  showing: number;
  zoom: Zoom;
  /** True pixels here, whatever the zoom. */
  inspect: StagePoint | null;
  /** What it is for those who cannot see it, and beside the other one. */
  label: string;
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
export function Stage({ bitmap, imageId, showing, zoom, inspect, label, onPainted }: StageProps) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const room = useSize(frame);
  useLayoutEffect(() => {
    if (bitmap === null || imageId === null || canvas.current === null || room === null) return;
    const target = canvas.current;
    if (inspect === null || zoom === 'pixels') draw(target, bitmap, room, zoom);
    else drawAt(target, bitmap, room, inspect);
    return afterPaint(() => {
      target.dataset['paintedShowing'] = String(showing);
      target.dataset['paintedImageId'] = String(imageId);
      onPainted(imageId);
    });
  }, [bitmap, imageId, showing, zoom, inspect, room, onPainted]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another image begins at its top
  useLayoutEffect(() => {
    frame.current?.scrollTo(0, 0);
  }, [imageId, showing]);
  return (
    <div className={classes['stage']} ref={frame} data-testid="stage">
      <canvas
        ref={canvas}
        role="img"
        aria-label={label}
        className={classes['canvas']}
        data-image-id={imageId ?? undefined}
        data-showing={showing}
      />
    </div>
  );
}

interface Placing {
  /** Of the canvas in device pixels. */
  size: Size;
  /** Its left upper corner in CSS pixels. */
  left: number;
  top: number;
  scale: number;
}

function placeInto(room: Size, image: Size, zoom: Zoom): Placing {
  const ratio = window.devicePixelRatio;
  const fit = Math.min(1, (room.width * ratio) / image.width, (room.height * ratio) / image.height);
  const scale = zoom === 'fit' ? fit : 1;
  const size = {
    width: Math.max(1, Math.round(image.width * scale)),
    height: Math.max(1, Math.round(image.height * scale)),
  };
  return {
    size,
    scale,
    left: centre(room.width, size.width, ratio),
    top: centre(room.height, size.height, ratio),
  };
}

function draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap, room: Size, zoom: Zoom): void {
  const { size, left, top, scale } = placeInto(room, bitmap, zoom);
  const context = layOutCanvas(canvas, size, { left, top });
  if (context === null) return;
  context.imageSmoothingEnabled = scale !== 1;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, size.width, size.height);
}

/** True pixels: what lies under the point in the fitted image stays under it. */
function drawAt(canvas: HTMLCanvasElement, bitmap: ImageBitmap, room: Size, at: StagePoint): void {
  const fitted = placeInto(room, bitmap, 'fit');
  if (fitted.scale === 1) {
    draw(canvas, bitmap, room, 'fit');
    return;
  }
  const ratio = window.devicePixelRatio;
  const size = { width: Math.round(room.width * ratio), height: Math.round(room.height * ratio) };
  const context = layOutCanvas(canvas, size, { left: 0, top: 0 });
  const point = { x: at.x * size.width, y: at.y * size.height };
  const part = (value: number, start: number, length: number) =>
    Math.min(1, Math.max(0, (value - start * ratio) / length));
  const u = part(point.x, fitted.left, fitted.size.width);
  const v = part(point.y, fitted.top, fitted.size.height);
  if (context === null) return;
  context.imageSmoothingEnabled = false;
  context.drawImage(bitmap, Math.round(point.x - u * bitmap.width), Math.round(point.y - v * bitmap.height));
}

function layOutCanvas(
  canvas: HTMLCanvasElement,
  { width, height }: Size,
  { left, top }: { left: number; top: number },
): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio;
  canvas.width = width;
  canvas.height = height;
  canvas.style.width = `${width / ratio}px`;
  canvas.style.height = `${height / ratio}px`;
  canvas.style.left = `${left}px`;
  canvas.style.top = `${top}px`;
  return canvas.getContext('2d');
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

/** Which part of a picture is shown and how large: pure arithmetic in fractions of the picture, so that several pictures can share it. */

export interface View {
  /** What `factor` multiplies: the size at which the whole picture is seen, or one picture pixel on one screen pixel. */
  unit: 'fit' | 'pixel';
  factor: number;
  /** The point of the picture in the middle of its frame, from 0 to 1. */
  centreX: number;
  centreY: number;
}

export interface Size {
  width: number;
  height: number;
}

/** A picture, its pixels, in a frame, in CSS px, on a screen with so many pixels a CSS px. */
export interface Framed {
  picture: Size;
  frame: Size;
  screenRatio: number;
}

/** Where the picture lies in its frame, in CSS px; `scale` in CSS px a picture pixel. */
export interface Placement extends Size {
  left: number;
  top: number;
  scale: number;
}

/** The whole picture. */
export const wholeView: View = { unit: 'fit', factor: 1, centreX: 0.5, centreY: 0.5 };

/** A picture pixel is drawn on at most so many screen pixels. */
const mostScreenPixels = 32;

/** CSS px a picture pixel at which the whole picture is seen. */
function fitScale({ picture, frame }: Framed): number {
  return Math.min(frame.width / picture.width, frame.height / picture.height);
}

function unitScale(unit: View['unit'], framed: Framed): number {
  return unit === 'fit' ? fitScale(framed) : 1 / framed.screenRatio;
}

/** Never smaller than whole or 1:1, whichever is smaller. */
function clampScale(scale: number, framed: Framed): number {
  const fit = fitScale(framed);
  const least = Math.min(fit, 1 / framed.screenRatio);
  const most = Math.max(fit * 4, mostScreenPixels / framed.screenRatio);
  return Math.min(most, Math.max(least, scale));
}

/** Where a view puts a picture: in the middle along a side on which it fits, else without a gap at the frame's edge. */
export function placePicture(view: View, framed: Framed): Placement {
  const { picture, frame } = framed;
  const scale = clampScale(view.factor * unitScale(view.unit, framed), framed);
  const [width, height] = [picture.width * scale, picture.height * scale];
  return {
    ...{ width, height, scale },
    left: startAt(view.centreX, width, frame.width),
    top: startAt(view.centreY, height, frame.height),
  };
}

function startAt(centre: number, length: number, room: number): number {
  return room / 2 - clampCentre(centre, length, room) * length;
}

function clampCentre(centre: number, length: number, room: number): number {
  if (length <= room) return 0.5;
  const edge = room / 2 / length;
  return Math.min(1 - edge, Math.max(edge, centre));
}

/**
 * Larger or smaller by a factor; the picture's point under `at` stays where it is.
 *
 * @param at in CSS px from the frame's corner; the middle of the frame where absent
 */
export function zoomBy(view: View, by: number, framed: Framed, at?: { x: number; y: number }): View {
  const { picture, frame } = framed;
  const { x, y } = at ?? { x: frame.width / 2, y: frame.height / 2 };
  const before = placePicture(view, framed);
  const scale = clampScale(before.scale * by, framed);
  const centre = (from: number, place: number, length: number, side: number, room: number) => {
    const left = place - ((place - from) / length) * side * scale;
    return clampCentre((room / 2 - left) / (side * scale), side * scale, room);
  };
  return {
    unit: view.unit,
    factor: scale / unitScale(view.unit, framed),
    centreX: centre(before.left, x, before.width, picture.width, frame.width),
    centreY: centre(before.top, y, before.height, picture.height, frame.height),
  };
}

/** Moves the picture by so many CSS px, not beyond its edges. */
export function panBy(view: View, dx: number, dy: number, framed: Framed): View {
  const { width, height, left, top } = placePicture(view, framed);
  const { frame } = framed;
  const centre = (from: number, by: number, length: number, room: number) =>
    clampCentre((room / 2 - from - by) / length, length, room);
  return {
    ...view,
    centreX: centre(left, dx, width, frame.width),
    centreY: centre(top, dy, height, frame.height),
  };
}

/** The whole picture ⇄ one picture pixel on one screen pixel, around `at` or the middle. */
export function toggleActualSize(view: View, framed: Framed, at?: { x: number; y: number }): View {
  if (!isWhole(view)) return wholeView;
  const by = 1 / framed.screenRatio / placePicture(view, framed).scale;
  const { centreX, centreY } = zoomBy(view, by, framed, at);
  return { unit: 'pixel', factor: 1, centreX, centreY };
}

export function isWhole(view: View): boolean {
  return view.unit === 'fit' && Math.abs(view.factor - 1) < 1e-6;
}

/** Screen pixels a picture pixel in per cent: `63 %`. */
export function describeZoom(view: View, framed: Framed): string {
  return `${Math.round(placePicture(view, framed).scale * framed.screenRatio * 100)} %`;
}

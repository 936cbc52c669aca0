/** Landolt rings (ISO 8596): how large one has to be on this screen for a visual acuity at a distance, and what a screen can show. */

/** Where the gap of a ring is. */
export const gaps = ['ArrowUp', 'ArrowRight', 'ArrowDown', 'ArrowLeft'] as const;
export type Gap = (typeof gaps)[number];

export interface Viewing {
  /** Device pixels in a millimetre of the screen. */
  pixelsPerMm: number;
  distanceMm: number;
}

/** Sides of an ID-1 card (ISO/IEC 7810), which people have at hand. */
export const cardWidthMm = 85.6;
export const cardHeightMm = 53.98;

/** Device pixels that the gap of a ring for this logMAR has: at logMAR 0 it is seen under one minute of arc. */
export function gapPixels(logMar: number, { pixelsPerMm, distanceMm }: Viewing): number {
  const arc = (10 ** logMar / 60) * (Math.PI / 180);
  return 2 * distanceMm * Math.tan(arc / 2) * pixelsPerMm;
}

/** A gap of fewer device pixels would test the screen, not the eyes. */
const fewestPixels = 1.5;
const steps = [0, 0.1, 0.2, 0.3, 0.4, 0.5];

/** The finest step that this screen can show at this distance; null where even logMAR 0.5 is too fine. */
export function finestStep(viewing: Viewing): number | null {
  return steps.find((logMar) => gapPixels(logMar, viewing) >= fewestPixels) ?? null;
}

/** Draws a ring into the middle of a canvas of `side` device pixels; its diameter is five gaps, its stroke one. */
export function drawRing(
  context: CanvasRenderingContext2D,
  side: number,
  { gap, gapPx }: { gap: Gap; gapPx: number },
): void {
  context.save();
  context.fillStyle = '#fff';
  context.fillRect(0, 0, side, side);
  context.translate(side / 2, side / 2);
  context.rotate((gaps.indexOf(gap) * Math.PI) / 2);
  context.lineWidth = gapPx;
  context.strokeStyle = '#000';
  context.beginPath();
  context.arc(0, 0, 2 * gapPx, 0, 2 * Math.PI);
  context.stroke();
  context.fillStyle = '#fff';
  // Before the turn the gap is at the top.
  context.fillRect(-gapPx / 2, -2.6 * gapPx, gapPx, 1.4 * gapPx);
  context.restore();
}

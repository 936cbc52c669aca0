/** A picture in a hundred numbers that resizing, recompressing and slight changes leave alone: for finding near-duplicates without a network. */
import type { Raw } from 'sharp';

/** The picture is looked at as a square of so many pixels, whatever its shape. */
const sidePx = 32;
/** Of a large picture so many pixels a cell and side are looked at: all would take longer and change little. */
const pixelsPerCell = 7;
/** Frequencies of brightness and of colour, in half waves across the picture. */
const lumaWaves = 10;
const chromaWaves = 5;

/** cos((x + ½) · u · π / 32), the basis of the discrete cosine transform (DCT-II), by u then x. */
const basis = Array.from({ length: lumaWaves }, (_, u) =>
  Float64Array.from({ length: sidePx }, (_, x) => Math.cos(((x + 0.5) * u * Math.PI) / sidePx)),
);

/** Memory that every picture is worked out in: a thread has one at a time, and new arrays take as long as their numbers. */
const cells = { red: newCells(), green: newCells(), blue: newCells() };
const mixed = newCells();
const rowWaves = new Float64Array(sidePx);

/**
 * Low frequencies of brightness and of the two colour differences (ITU-R BT.601), each weighted by its frequency: pictures have little of
 * the high ones, and without the weight all landscapes would be alike. The mean brightness is left out; length 1, so that a dot product is
 * a correlation. All zeros for a picture of one colour.
 *
 * @param pixels 8 bit, upright, in sRGB, row by row
 */
export function fingerprintOf(pixels: Uint8Array, layout: Raw): Float32Array<ArrayBuffer> {
  averageCells(pixels, layout);
  const values = [
    ...weighWaves(mix(0.299, 0.587, 0.114), lumaWaves),
    ...weighWaves(mix(-0.169, -0.331, 0.5), chromaWaves),
    ...weighWaves(mix(0.5, -0.419, -0.081), chromaWaves),
  ];
  const length = Math.hypot(...values);
  // Rounding leaves traces of waves in a picture of one colour.
  return Float32Array.from(values, (value) => (length < 1 ? 0 : value / length));
}

function mix(r: number, g: number, b: number): Float64Array {
  const { red, green, blue } = cells;
  for (let at = 0; at < mixed.length; at += 1) mixed[at] = r * red[at]! + g * green[at]! + b * blue[at]!;
  return mixed;
}

/** Puts the mean colour of each cell of the square into `cells`; what is transparent counts as little as it is seen. */
function averageCells(pixels: Uint8Array, { width, height, channels }: Raw): void {
  const { red, green, blue } = cells;
  const hasAlpha = channels === 2 || channels === 4;
  const [toGreen, toBlue] = channels < 3 ? [0, 0] : [1, 2];
  const [columns, rows] = [cutSide(width), cutSide(height)];
  for (let cell = 0; cell < red.length; cell += 1) {
    const { from, to, step } = columns[cell % sidePx]!;
    const row = rows[Math.floor(cell / sidePx)]!;
    const stepBytes = step * channels;
    let r = 0;
    let g = 0;
    let b = 0;
    let seen = 0;
    for (let y = row.from; y < row.to; y += row.step) {
      const end = (y * width + to) * channels;
      // Whole numbers throughout: the sums are exact, and V8 adds them faster where it is told.
      for (let at = (y * width + from) * channels; at < end; at = (at + stepBytes) | 0) {
        if (hasAlpha) {
          const opacity = pixels[at + channels - 1]!;
          r = (r + Math.imul(opacity, pixels[at]!)) | 0;
          g = (g + Math.imul(opacity, pixels[at + toGreen]!)) | 0;
          b = (b + Math.imul(opacity, pixels[at + toBlue]!)) | 0;
          seen = (seen + opacity) | 0;
        } else {
          r = (r + pixels[at]!) | 0;
          g = (g + pixels[at + toGreen]!) | 0;
          b = (b + pixels[at + toBlue]!) | 0;
          seen = (seen + 1) | 0;
        }
      }
    }
    red[cell] = seen === 0 ? 0 : r / seen;
    green[cell] = seen === 0 ? 0 : g / seen;
    blue[cell] = seen === 0 ? 0 : b / seen;
  }
}

function newCells(): Float64Array {
  return new Float64Array(sidePx * sidePx);
}

/** The pixels of each cell along a side; those of a picture that is smaller than the square lie in several. */
function cutSide(px: number): { from: number; to: number; step: number }[] {
  return Array.from({ length: sidePx }, (_, cell) => {
    const from = Math.floor((cell * px) / sidePx);
    const to = Math.max(from + 1, Math.floor(((cell + 1) * px) / sidePx));
    return { from, to, step: Math.max(1, Math.floor((to - from) / pixelsPerCell)) };
  });
}

/** Those with fewer than `waves` half waves across and down together, the mean left out, times the frequency. */
function weighWaves(plane: Float64Array, waves: number): number[] {
  const values: number[] = [];
  for (let v = 0; v < waves; v += 1) {
    rowWaves.fill(0);
    for (let y = 0; y < sidePx; y += 1) {
      const wave = basis[v]![y]!;
      for (let x = 0; x < sidePx; x += 1) rowWaves[x]! += plane[y * sidePx + x]! * wave;
    }
    for (let u = 0; u + v < waves; u += 1) {
      if (u + v === 0) continue;
      let sum = 0;
      for (let x = 0; x < sidePx; x += 1) sum += rowWaves[x]! * basis[u]![x]!;
      values.push((Math.hypot(u, v) * sum) / sidePx);
    }
  }
  return values;
}

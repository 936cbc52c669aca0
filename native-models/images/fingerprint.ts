/** A picture in a hundred numbers that resizing, recompressing and slight changes leave alone: for finding near-duplicates without a network. */
import type { Sharp } from 'sharp';

/** The picture is looked at as a square of so many pixels, whatever its shape. */
const sidePx = 32;
/** Frequencies of brightness and of colour, in half waves across the picture. */
const lumaWaves = 10;
const chromaWaves = 5;

/** cos((x + ½) · u · π / 32), the basis of the discrete cosine transform (DCT-II), by u then x. */
const basis = Array.from({ length: lumaWaves }, (_, u) =>
  Float64Array.from({ length: sidePx }, (_, x) => Math.cos(((x + 0.5) * u * Math.PI) / sidePx)),
);

/**
 * Low frequencies of brightness and of the two colour differences (ITU-R BT.601), each weighted by its frequency: pictures have little of
 * the high ones, and without the weight all landscapes would be alike. The mean brightness is left out; length 1, so that a dot product is
 * a correlation. All zeros for a picture of one colour.
 *
 * @param picture upright, in sRGB
 */
export async function fingerprintOf(picture: Sharp): Promise<Float32Array<ArrayBuffer>> {
  const rgb = await picture
    .resize(sidePx, sidePx, { fit: 'fill' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  const channels = rgb.length / (sidePx * sidePx);
  const plane = (red: number, green: number, blue: number) => {
    const values = new Float64Array(sidePx * sidePx);
    for (let at = 0; at < values.length; at += 1) {
      const from = at * channels;
      values[at] =
        channels === 1
          ? (red + green + blue) * rgb[from]!
          : red * rgb[from]! + green * rgb[from + 1]! + blue * rgb[from + 2]!;
    }
    return values;
  };
  const values = [
    ...weighWaves(plane(0.299, 0.587, 0.114), lumaWaves),
    ...weighWaves(plane(-0.169, -0.331, 0.5), chromaWaves),
    ...weighWaves(plane(0.5, -0.419, -0.081), chromaWaves),
  ];
  const length = Math.hypot(...values);
  // Rounding leaves traces of waves in a picture of one colour.
  return Float32Array.from(values, (value) => (length < 1 ? 0 : value / length));
}

/** Those with fewer than `waves` half waves across and down together, the mean left out, times the frequency. */
function weighWaves(plane: Float64Array, waves: number): number[] {
  const values: number[] = [];
  const rows = new Float64Array(sidePx);
  for (let v = 0; v < waves; v += 1) {
    for (let x = 0; x < sidePx; x += 1) {
      let sum = 0;
      for (let y = 0; y < sidePx; y += 1) sum += plane[y * sidePx + x]! * basis[v]![y]!;
      rows[x] = sum;
    }
    for (let u = 0; u + v < waves; u += 1) {
      if (u + v === 0) continue;
      let sum = 0;
      for (let x = 0; x < sidePx; x += 1) sum += rows[x]! * basis[u]![x]!;
      values.push((Math.hypot(u, v) * sum) / sidePx);
    }
  }
  return values;
}

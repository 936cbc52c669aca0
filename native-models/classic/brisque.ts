/**
 * The 36 statistics of BRISQUE (Mittal, Moorthy & Bovik, "No-reference image quality assessment in the spatial domain",
 * IEEE TIP 21(12), 2012, table I and equations 3–14): per scale the shape and variance of the MSCN samples, and
 * shape, mean, left and right variance of four neighbour products. They need nothing beyond what the 727 features
 * were made from: the luma at 512 × 512 and at 256 × 256 (2 × 2 means as low pass and down-sampling).
 */
import { featureInfos } from './features/features.ts';
import { logGamma } from './maths/gamma.ts';

const directions = ['horizontal', 'vertical', 'diagonal', 'antidiagonal'];

/** How many values there are. */
export const brisqueLength = 36;

const places = [512, 256].map((size) => ({
  shape: placeOf(`nssY y${size} mscn shape`),
  deviation: placeOf(`nssY y${size} mscn deviation`),
  products: directions.map((direction) =>
    ['shape', 'left', 'right'].map((value) => placeOf(`nssY y${size} ${direction} product ${value}`)),
  ),
}));

function placeOf(name: string): number {
  const [group, ...rest] = name.split(' ');
  const place = featureInfos.findIndex((info) => info.group === group && info.name === rest.join(' '));
  if (place < 0) throw new RangeError(`There is no feature "${name}".`);
  return place;
}

/** The 36 values, from the 727 features of the same image. */
export function brisqueOf(features: Float32Array): Float32Array {
  const values = places.flatMap(({ shape, deviation, products }) => [
    features[shape]!,
    features[deviation]! ** 2,
    ...products.flatMap(([shapeAt, leftAt, rightAt]) => {
      const alpha = features[shapeAt!]!;
      const left = features[leftAt!]!;
      const right = features[rightAt!]!;
      return [alpha, meanOfAsymmetric(alpha, left, right), left ** 2, right ** 2];
    }),
  ]);
  return Float32Array.from(values);
}

/** η = (βr − βl) Γ(2/α) / Γ(1/α), β = σ sqrt(Γ(1/α) / Γ(3/α)) (equations 9 and 12). */
function meanOfAsymmetric(alpha: number, left: number, right: number): number {
  const scale = Math.exp((logGamma(1 / alpha) - logGamma(3 / alpha)) / 2);
  return (right - left) * scale * Math.exp(logGamma(2 / alpha) - logGamma(1 / alpha));
}

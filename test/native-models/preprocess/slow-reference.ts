/**
 * The official preprocessing said again, pixel by pixel and slowly, from the words of `../shared/golden/README.md` (sections on
 * SAMA, CLIP and Pillow's resize) and, for `fragment` and `sama-spm`, from what the options of SAMA's public code mean.
 */
import type { RgbImage } from '../../../native-models/images/decode.ts';

/** A plane or picture as a function: the sample at row y, column x. */
export interface Plane {
  width: number;
  height: number;
  at(y: number, x: number): number;
}

/** Grain that no smooth filter hides, the same on every run. */
export function paintNoise(width: number, height: number, seed = 1): RgbImage {
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0, state = seed; i < rgb.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    rgb[i] = state >>> 24;
  }
  return { rgb, width, height };
}

/** One channel of an image. */
export function channelOf({ rgb, width, height }: RgbImage, c: number): Plane {
  return { width, height, at: (y, x) => rgb[3 * (y * width + x) + c]! };
}

const kernels = {
  bilinear: { support: 1, weigh: (x: number) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: {
    support: 2,
    weigh(x: number): number {
      const t = Math.abs(x);
      if (t < 1) return 1.5 * t ** 3 - 2.5 * t ** 2 + 1;
      return t < 2 ? -0.5 * t ** 3 + 2.5 * t ** 2 - 4 * t + 2 : 0;
    },
  },
};

type Filter = keyof typeof kernels;

/** Taps of one output position: first source position and whole-number weights. */
function pillowTaps(filter: Filter, [from, to]: [number, number], x: number): [number, bigint[]] {
  const { support: radius, weigh } = kernels[filter];
  const scale = from / to;
  const filterScale = Math.max(1, scale);
  const support = radius * filterScale;
  const centre = (x + 0.5) * scale;
  const first = Math.max(0, Math.trunc(centre - support + 0.5));
  const end = Math.min(from, Math.trunc(centre + support + 0.5));
  const weights = Array.from({ length: end - first }, (_, i) =>
    weigh((first + i - centre + 0.5) / filterScale),
  );
  const inverse = 1 / weights.reduce((sum, weight) => sum + weight, 0);
  const whole = weights.map((weight) => {
    const scaled = weight * inverse * 2 ** 22;
    return BigInt(Math.sign(scaled) * Math.floor(Math.abs(scaled) + 0.5));
  });
  return [first, whole];
}

function sumTaps(weights: bigint[], sample: (i: number) => number): number {
  const sum = weights.reduce((total, weight, i) => total + weight * BigInt(sample(i)), 2n ** 21n) >> 22n;
  return Math.min(255, Math.max(0, Number(sum)));
}

/** Pillow's resize: horizontal, 8 bits, vertical; a pass whose size is unchanged is skipped. */
export function pillowResize(source: Plane, filter: Filter, [width, height]: [number, number]): Plane {
  const across = remember((x) => pillowTaps(filter, [source.width, width], x));
  const down = remember((y) => pillowTaps(filter, [source.height, height], y));
  const row = remember((place) => {
    const [y, x] = [Math.floor(place / width), place % width];
    if (width === source.width) return source.at(y, x);
    const [first, weights] = across(x);
    return sumTaps(weights, (i) => source.at(y, first + i));
  });
  return {
    width,
    height,
    at(y, x) {
      if (height === source.height) return row(y * width + x);
      const [first, weights] = down(y);
      return sumTaps(weights, (i) => row((first + i) * width + x));
    },
  };
}

function remember<Value>(compute: (key: number) => Value): (key: number) => Value {
  const known = new Map<number, Value>();
  return (key) => {
    const value = known.get(key) ?? compute(key);
    known.set(key, value);
    return value;
  };
}

/** torch's bilinear interpolation, align_corners false; `scale` is in/out unless the caller gave a factor. */
export function interpolate(source: Plane, [height, width]: [number, number], factor?: number): Plane {
  function between(x: number, from: number, to: number): [number, number, number] {
    const scale = Math.fround(factor === undefined ? from / to : 1 / factor);
    const coordinate = Math.max(0, Math.fround((x + 0.5) * scale - 0.5));
    const low = Math.floor(coordinate);
    return [low, Math.min(low + 1, from - 1), coordinate - low];
  }
  return {
    width,
    height,
    at(y, x) {
      const [top, bottom, v] = between(y, source.height, height);
      const [left, right, u] = between(x, source.width, width);
      const upper = source.at(top, left) * (1 - u) + source.at(top, right) * u;
      return upper * (1 - v) + (source.at(bottom, left) * (1 - u) + source.at(bottom, right) * u) * v;
    },
  };
}

/** Half to even. */
function pythonRound(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

const means = [0.485, 0.456, 0.406];
const deviations = [0.229, 0.224, 0.225];

/** The 256 × 256 crops; the grid is that of an image of `height` × `width`. */
function crops(source: Plane, [height, width] = [source.height, source.width]): Plane {
  function place(i: number, length: number): number {
    const cell = Math.floor(length / 8);
    const start = Math.min(cell * Math.floor(i / 32), length - 32) + Math.trunc(0.5 * (cell - 32));
    return start + (i % 32);
  }
  return { width: 256, height: 256, at: (y, x) => source.at(place(y, height), place(x, width)) };
}

/** One channel of SAMA's tensor. */
export function slowSama(image: RgbImage, mode: 'sama' | 'fragment' | 'sama-spm', c: number): Plane {
  let plane = channelOf(image, c);
  const shorter = Math.min(image.width, image.height);
  if (shorter < 256) {
    const factor = 256 / shorter;
    plane = pillowResize(plane, 'bilinear', [
      Math.trunc(image.width * factor),
      Math.trunc(image.height * factor),
    ]);
  }
  const stored = plane;
  let normal: Plane = { ...plane, at: (y, x) => (stored.at(y, x) / 255 - means[c]!) / deviations[c]! };
  let ratio = Math.min(normal.height / 256, normal.width / 256);
  if (mode === 'fragment') {
    const grid: [number, number] = [normal.height, normal.width];
    const factor = 1 / ratio;
    if (ratio < 1) {
      normal = interpolate(normal, [Math.floor(grid[0] * factor), Math.floor(grid[1] * factor)], factor);
    }
    return crops(normal, grid);
  }
  if (ratio < 1) {
    normal = interpolate(normal, [pythonRound(normal.height / ratio), pythonRound(normal.width / ratio)]);
    ratio = Math.min(normal.height / 256, normal.width / 256);
  }
  const [one, other] = [1, 1 / ratio].map((scale) =>
    crops(interpolate(normal, [pythonRound(normal.height * scale), pythonRound(normal.width * scale)])),
  );
  const side = mode === 'sama' ? 32 : 4;
  return {
    width: 256,
    height: 256,
    at: (y, x) => ((Math.floor(y / side) + Math.floor(x / side)) % 2 === 0 ? one! : other!).at(y, x),
  };
}

/** One channel of the bytes that CLIP sees, before normalisation. */
export function slowClipBytes(image: RgbImage, sizePx: number, c: number): Plane {
  const { width, height } = image;
  const long = Math.trunc((sizePx * Math.max(width, height)) / Math.min(width, height));
  const size: [number, number] = width <= height ? [sizePx, long] : [long, sizePx];
  const whole = pillowResize(channelOf(image, c), 'bicubic', size);
  const [left, top] = [Math.floor((size[0] - sizePx) / 2), Math.floor((size[1] - sizePx) / 2)];
  return { width: sizePx, height: sizePx, at: (y, x) => whole.at(top + y, left + x) };
}

/** Bytes by a formula that other languages have as well: byte i is the highest of the 32 bits of 2654435761 · i. */
export function paintFormula(width: number, height: number): RgbImage {
  const rgb = Uint8Array.from({ length: 3 * width * height }, (_, i) => Math.imul(i, 2_654_435_761) >>> 24);
  return { rgb, width, height };
}

/**
 * The 727 features of a 512 × 512 image, in the order the heads are trained on: colour, RGB histogram, spectrum
 * and blockiness of the whole picture, then the groups of three scales.
 */
import { averagePool, splitRgb } from '../kernels/pixels.ts';
import { blockinessNames, measureBlockiness } from './blockiness.ts';
import { colourNames, measureColour } from './colour.ts';
import { measureRgbHistogram, rgbHistogramNames } from './rgb-histogram.ts';
import { measureScale, type Scale, type ScaleGroup, scaleNames } from './scale.ts';
import { measureSpectrum, spectrumNames } from './spectrum.ts';
import { cutScratch, featureSize, type Pyramid, workspace } from './workspace.ts';

/** `col` colour, `hist` RGB histogram, `fft` spectrum, `blk` blockiness, and the groups of each scale. */
export type FeatureGroup = 'col' | 'hist' | 'fft' | 'blk' | ScaleGroup;

/** One of the 727 values. */
export interface FeatureInfo {
  group: FeatureGroup;
  /** Unique and readable, for tables and explanations. */
  name: string;
}

const scales: Scale[] = [
  { size: featureSize, withChroma: false, withGmlog: true },
  { size: featureSize / 2, withChroma: true, withGmlog: true },
  { size: featureSize / 4, withChroma: true, withGmlog: false },
];

/** Group and name of every feature; the order is part of every trained head and never changes. */
export const featureInfos: readonly FeatureInfo[] = [
  ...inGroup('col', colourNames),
  ...inGroup('hist', rgbHistogramNames),
  ...inGroup('fft', spectrumNames),
  ...inGroup('blk', blockinessNames),
  ...scales.flatMap(scaleNames),
];

function inGroup(group: FeatureGroup, names: string[]): FeatureInfo[] {
  return names.map((name) => ({ group, name: `${group} ${name}` }));
}

/** The 727 features of interleaved 512 × 512 RGB. */
export function measureFeatures(rgb: Uint8Array): Float32Array {
  const { pyramid, scratch } = workspace();
  fillPyramid(rgb, pyramid);
  const full = pyramid[0];
  const values = [
    ...measureColour(rgb, full, scratch.logs),
    ...measureRgbHistogram(rgb),
    ...measureSpectrum(full.y),
    ...measureBlockiness(full.y, featureSize),
    ...scales.flatMap((scale, level) =>
      measureScale(scale, pyramid[level]!, cutScratch(scratch, scale.size)),
    ),
  ];
  return Float32Array.from(values);
}

/** Y, Cb, Cr at full size, and their 2 × 2 means twice over. */
function fillPyramid(rgb: Uint8Array, pyramid: Pyramid): void {
  const [full, half, quarter] = pyramid;
  splitRgb(rgb, full.y, full.cb, full.cr);
  for (const channel of ['y', 'cb', 'cr'] as const) {
    averagePool(full[channel], featureSize, half[channel]);
    averagePool(half[channel], featureSize / 2, quarter[channel]);
  }
}

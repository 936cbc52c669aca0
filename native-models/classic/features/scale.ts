/**
 * The groups that are measured at each scale: natural scene statistics, gradients, GM-LOG, binary patterns,
 * patches. Full size has luma only; the two smaller scales have chroma too; the smallest has no GM-LOG.
 */
import { averageCells, filterEdges, logMagnitude, normaliseContrast } from '../kernels/planes.ts';
import { gaussianTaps } from '../maths/gaussian-taps.ts';
import { gmlogNames, measureGmlog } from './gmlog.ts';
import { gradientNames, measureGradients } from './gradients.ts';
import { measurePatterns, patternNames } from './local-binary-patterns.ts';
import { measureNaturalScene, naturalSceneNames } from './natural-scene.ts';
import { type CellMeans, measurePatches, patchNames } from './patches.ts';
import type { ColourPlanes, Scratch } from './workspace.ts';

/** What is measured at one scale. */
export interface Scale {
  /** Side of its square planes. */
  size: number;
  withChroma: boolean;
  withGmlog: boolean;
}

/** The groups a scale contributes, `C` for the chroma part of a group. */
export type ScaleGroup = 'nssY' | 'nssC' | 'gradY' | 'gradC' | 'gmlog' | 'lbp' | 'patch';

/** The window of BRISQUE and NIQE: deviation 7/6, 7 × 7. */
const contrastWindow = gaussianTaps(7 / 6, 3);

/** Names of a scale's values with their groups, in order. */
export function scaleNames(scale: Scale): { group: ScaleGroup; name: string }[] {
  const chroma = scale.withChroma ? ['cb', 'cr'] : [];
  const all = (group: ScaleGroup, names: string[], channels = ['y']): { group: ScaleGroup; name: string }[] =>
    channels.flatMap((channel) => names.map((name) => ({ group, name: `${channel}${scale.size} ${name}` })));
  return [
    ...all('nssY', naturalSceneNames),
    ...all('nssC', naturalSceneNames, chroma),
    ...all('gradY', gradientNames),
    ...all('gradC', gradientNames, chroma),
    ...(scale.withGmlog ? all('gmlog', gmlogNames) : []),
    ...all('lbp', patternNames),
    ...all('patch', patchNames(scale.withChroma)),
  ];
}

/**
 * The values of a scale, in the order of `scaleNames`.
 * @param scratch planes of the scale's size that are overwritten
 */
export function measureScale(scale: Scale, planes: ColourPlanes, scratch: Scratch): number[] {
  const { size } = scale;
  const luma = planes.y;
  const chroma = scale.withChroma ? [planes.cb, planes.cr] : [];
  // Chroma first: the luma's planes are then still in the scratch memory when its cells are averaged.
  const chromaParts = chroma.map((plane) => measureChannel(plane, size, scratch));
  const lumaPart = measureChannel(luma, size, scratch);
  const chromaContrast = chromaParts.slice(0, 1).map(({ cells }) => cells);
  const patches = measurePatches({
    ...lumaCells(size, scratch),
    logContrasts: [lumaPart.cells, ...chromaContrast],
  });
  return [
    ...lumaPart.naturalScene,
    ...chromaParts.flatMap(({ naturalScene }) => naturalScene),
    ...lumaPart.gradients,
    ...chromaParts.flatMap(({ gradients }) => gradients),
    ...(scale.withGmlog ? measureGmlog(luma, size, scratch) : []),
    ...measurePatterns(luma, size),
    ...patches,
  ];
}

interface ChannelPart {
  naturalScene: number[];
  gradients: number[];
  /** Mean ln(σ + ½) of each cell. */
  cells: Float64Array;
}

/** Fills σ, MSCN, gradient and Laplacian of the scratch memory and measures them. */
function measureChannel(plane: Float32Array, size: number, scratch: Scratch): ChannelPart {
  const { sigma, mscn, gradient, laplacian, logs } = scratch;
  normaliseContrast(plane, size, contrastWindow, { sigma, mscn });
  logMagnitude(sigma, logs);
  const naturalScene = measureNaturalScene({ sigma, mscn, logSigma: logs }, size);
  const cells = averageCells(logs, size).mean;
  filterEdges(plane, size, { gradient, laplacian });
  return { naturalScene, gradients: measureGradients({ gradient, laplacian }, logs), cells };
}

function lumaCells(size: number, { gradient, mscn }: Scratch): Omit<CellMeans, 'logContrasts'> {
  const gradients = averageCells(gradient, size);
  const normalised = averageCells(mscn, size);
  return {
    gradient: gradients.mean,
    gradientSquare: gradients.square,
    mscn: normalised.absolute,
    mscnSquare: normalised.square,
  };
}

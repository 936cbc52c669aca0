/** How the shipped heads are trained: one network for both targets and, while training, the generator; the mean of several seeds. */
import { Piscina } from 'piscina';
import type { Head, Layer } from '../../core/maths/head.ts';
import { clipAt, measureStandardisation, standardiseRows } from '../../core/maths/standardise.ts';
import type { NetworkPlan } from '../../core/maths/train-network.ts';
import { featureInfos } from '../../native-models/classic/features/features.ts';
import type { TrainTask } from './train-worker.ts';
import type { TrainingImage } from './training-images.ts';
import type { Variant } from './variants.ts';

const featureLength = featureInfos.length;

export const targets = ['quality', 'alignment'] as const;
export type ClassicTarget = (typeof targets)[number];

/** Features of all images by version; row i belongs to image i. */
export type FeatureTables = ReadonlyMap<Variant, Float32Array>;

export interface Recipe {
  plan: NetworkPlan;
  /** Versions of every image that are trained on. */
  variants: Variant[];
  seeds: number[];
}

export const plan: NetworkPlan = {
  hidden: [48, 48],
  activation: 'gelu',
  loss: { smoothL1: 2, correlation: 0.5, crossEntropy: 0.3 },
  dropout: 0.3,
  noise: 0.15,
  mixup: 0.4,
  epochs: 40,
  batch: 64,
  learningRate: 2e-3,
  weightDecay: 0.05,
};

export function createTrainers(): Piscina {
  return new Piscina({
    filename: new URL('./train-worker.ts', import.meta.url).href,
    name: 'train',
    maxQueue: Number.POSITIVE_INFINITY,
  });
}

/** Trains on the given images; one head for each target. */
export async function trainHeads(
  trainers: Piscina,
  images: readonly TrainingImage[],
  tables: FeatureTables,
  recipe: Recipe,
): Promise<Record<ClassicTarget, Head>> {
  const inputs = collectInputs(images, tables, recipe.variants);
  const rows = images.length * recipe.variants.length;
  const width = inputs.length / rows;
  const standardisation = measureStandardisation(inputs, width);
  const scales = targets.map((target) => describeLabels(images.map((image) => image[target])));
  const generators = [...new Set(images.map((image) => image.variant))].sort();
  const labels = recipe.variants.flatMap(() =>
    images.flatMap((image) => [
      ...targets.map((target, at) => (image[target] - scales[at]!.mean) / scales[at]!.sd),
      ...generators.map((generator) => (generator === image.variant ? 1 : 0)),
    ]),
  );
  const data = {
    inputs: share(standardiseRows(inputs, standardisation)),
    targets: share(Float32Array.from(labels)),
    rows,
    width,
    regressions: targets.length,
    classes: generators.length,
  };
  const networks: Layer[][][] = await Promise.all(
    recipe.seeds.map((seed) => trainers.run({ data, plan: recipe.plan, seed } satisfies TrainTask)),
  );
  const heads = targets.map((target, at): [ClassicTarget, Head] => [
    target,
    {
      kind: 'network',
      length: width,
      clip: clipAt,
      offset: scales[at]!.mean,
      ...standardisation,
      members: networks.map((network) => ({
        weight: scales[at]!.sd / networks.length,
        layers: network[at]!,
      })),
    },
  ]);
  return Object.fromEntries(heads) as Record<ClassicTarget, Head>;
}

/** The rows of all versions, version by version. */
function collectInputs(
  images: readonly TrainingImage[],
  tables: FeatureTables,
  variants: readonly Variant[],
): Float32Array {
  const parts = variants.map((variant) => rowsOf(tables, variant, images));
  const inputs = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    inputs.set(part, at);
    at += part.length;
  }
  return inputs;
}

/** The features of some images in one version. */
export function rowsOf(
  tables: FeatureTables,
  variant: Variant,
  images: readonly TrainingImage[],
): Float32Array {
  const table = tables.get(variant)!;
  const width = featureLength;
  const rows = new Float32Array(images.length * width);
  for (const [row, { key }] of images.entries()) {
    rows.set(table.subarray(key * width, (key + 1) * width), row * width);
  }
  return rows;
}

function describeLabels(values: number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, sd: Math.sqrt(variance) };
}

/** Memory that all threads read without a copy. */
function share(values: Float32Array): Float32Array {
  const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}

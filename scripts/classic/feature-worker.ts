/** Measures the features of one version of one image on a worker thread. */
import { measureFeatures } from '../../native-models/classic/features/features.ts';
import { readVariant, type Variant } from './variants.ts';

export interface FeatureTask {
  file: string;
  variant: Variant;
  key: number;
}

/** The 727 features. */
export async function measure({ file, variant, key }: FeatureTask): Promise<Float32Array> {
  return measureFeatures(await readVariant(file, variant, key));
}

/** The 727 features against the values of the study that found them (PyTorch, ../shared/classic). */
import { describe, expect, it } from 'vitest';
import { featureInfos, measureFeatures } from '../../../../native-models/classic/features/features.ts';
import { sampleDeviationOf } from '../../../../native-models/classic/maths/moments.ts';
import { decode } from '../../../../native-models/images/decode.ts';
import { hasShared, readSharedJson, sharedPath } from '../../../support/shared.ts';

interface Expected {
  groups: string[];
  images: { name: string; features: number[] }[];
}

const limits = { maxPixels: 1e8, maxBytes: 1e8 };
/** Share of a feature's deviation over the nine images; what is constant over them must be met to 1e-9. */
const tolerance = 1e-3;

function flatImage(grey: number): Uint8Array {
  return new Uint8Array(512 * 512 * 3).fill(grey);
}

describe('the 727 features', () => {
  it('have a group and a unique name each', () => {
    expect(featureInfos).toHaveLength(727);
    expect(new Set(featureInfos.map(({ name }) => name)).size).toBe(727);
  });

  it.each([0, 1, 127, 254, 255])('are finite for an image that is %i all over', (grey) => {
    const features = measureFeatures(flatImage(grey));
    expect(features).toHaveLength(727);
    expect(features.every(Number.isFinite)).toBe(true);
  });

  it('do not depend on what was measured before', () => {
    const noise = Uint8Array.from({ length: 512 * 512 * 3 }, (_, i) => (i * i * 31 + (i >> 7)) & 255);
    const first = measureFeatures(noise);
    measureFeatures(flatImage(255));
    expect(measureFeatures(noise)).toEqual(first);
  });
});

describe.skipIf(!hasShared)('the 727 features of nine images of AGIQA-3K', () => {
  const expected = hasShared
    ? readSharedJson<Expected>('classic/features-expected.json')
    : { groups: [], images: [] };

  it('are in the groups of the study, in its order', () => {
    expect(featureInfos.map(({ group }) => group)).toEqual(expected.groups);
  });

  const deviations = expected.groups.map((_, i) =>
    sampleDeviationOf(expected.images.map(({ features }) => features[i]!)),
  );

  it.each(expected.images)('differ from the study by at most 0.001 deviations: $name', async (image) => {
    const { rgb } = await decode(sharedPath(`data/agiqa-3k/images/${image.name}`), limits);
    const features = measureFeatures(rgb);
    const wrong = image.features.flatMap((value, i) => {
      const allowed = tolerance * deviations[i]! + 1e-9;
      const measured = features[i]!;
      return Math.abs(measured - value) <= allowed
        ? []
        : [{ name: featureInfos[i]!.name, value, measured, allowed }];
    });
    expect(wrong).toEqual([]);
  });
});

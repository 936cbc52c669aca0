/** What the quality branch sees: the sampling asked for goes into the pack, into what it is called, and into its numbers. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AddPack } from '../../../contract/pack.ts';
import { Sampling } from '../../../contract/sampling.ts';
import { prepareImage } from '../../../native-models/inference/prepare-image.ts';
import { buildPack } from '../../../native-models/packs/build-pack.ts';
import { planPack } from '../../../native-models/packs/plan-pack.ts';
import { describeQualityInput } from '../../../native-models/packs/quality-input.ts';
import { prepareSama } from '../../../native-models/preprocess/prepare-sama.ts';
import { swinMinute, writeUntrained } from '../../../scripts/support/make-untrained.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';
import { paintNoise } from '../preprocess/slow-reference.ts';

const folder = makeTempFolder();

describe('the sampling of a pack', () => {
  test('is what its images are prepared by, and packs of different samplings keep their numbers apart', async () => {
    const sfiqa = await writeUntrained('tiny', join(folder, 'weights'), { sets: ['base', 'rank'] });
    const image = paintNoise(300, 400);
    const versions = new Set<number>();
    for (const sampling of Sampling.options) {
      const to = join(folder, sampling);
      const order: AddPack = { sfiqa, sampling, precision: 'float32' };
      const { manifest } = await buildPack({ kind: 'buildPack', id: 'x', title: 'x', order, to });
      expect(prepareImage(image, manifest.network!).quality).toEqual(prepareSama(image, sampling));
      versions.add(manifest.features.version);
    }
    expect(versions.size).toBe(3);
  });

  test('is in the plan’s name and notes where it is not the released one', async () => {
    const sfiqa = await writeUntrained('tiny', join(folder, 'named'));
    const plan = (sampling?: Sampling) => {
      const order: AddPack = { sfiqa, precision: 'float32', ...(sampling && { sampling }) };
      return planPack({ kind: 'planPack', order, to: join(folder, 'packs', 'x') });
    };
    expect(await plan()).toMatchObject({ suggestedId: 'sfiqa-base', suggestedTitle: 'SF-IQA (base)' });
    expect(await plan('fragment')).toMatchObject({
      suggestedId: 'sfiqa-base-fragment',
      suggestedTitle: 'SF-IQA (base, fragment)',
      notes: [expect.stringContaining('trained with SAMA'), expect.anything()],
    });
  });

  test('is refused for networks that it does not fit', async () => {
    const large = { backbone: { ...swinMinute, imageSize: 384 }, parts: 1, path: '/swin.pth' };
    expect(describeQualityInput(large)).toEqual({ recipe: 'resize', sizePx: 384, featureLength: 128 });
    expect(() => describeQualityInput(large, 'sama')).toThrow(
      /“sama” gives 256 pixels.*\/swin\.pth takes 384/,
    );
    const clip = await writeUntrained('tinyClip', join(folder, 'clip'));
    const order: AddPack = { clip, sampling: 'fragment', precision: 'float32' };
    await expect(planPack({ kind: 'planPack', order, to: join(folder, 'packs', 'x') })).rejects.toMatchObject(
      {
        code: 'badInput',
        message: expect.stringContaining('a CLIP has none'),
      },
    );
  });
});

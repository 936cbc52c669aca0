/** Prepared numbers and the version they are stored under change together. */
import { expect, test } from 'vitest';
import { prepareClip } from '../../../native-models/preprocess/prepare-clip.ts';
import { prepareSama } from '../../../native-models/preprocess/prepare-sama.ts';
import { preprocessVersion } from '../../../native-models/preprocess/version.ts';
import { hash } from './golden-images.ts';
import { paintNoise } from './slow-reference.ts';

test('this version has these bits on every machine; other bits need another version', () => {
  const [small, large] = [paintNoise(98, 150), paintNoise(641, 512)];
  const tensors = [
    prepareClip(small),
    prepareClip(large),
    ...(['sama', 'fragment', 'sama-spm'] as const).flatMap((mode) => [
      prepareSama(small, mode),
      prepareSama(large, mode),
    ]),
  ];
  const bits = hash(Buffer.concat(tensors.map((tensor) => new Uint8Array(tensor.buffer))));
  expect({ preprocessVersion, bits }).toEqual({
    preprocessVersion: 3,
    bits: 'ca0f2b17027c4d8bda5fbead7fa8233736088c218554526c7d31de749497ac96',
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StudioError } from '../../../contract/errors.ts';
import type { Head } from '../../../core/maths/head.ts';
import { decodeHead, encodeHead } from '../../../core/maths/head-codec.ts';

const head: Head = {
  kind: 'network',
  length: 3,
  clip: 4,
  offset: 2.5,
  mean: Float32Array.of(1, 2, 3),
  inverse: Float32Array.of(1, 0.5, 0),
  members: [
    {
      weight: 0.5,
      layers: [
        {
          inputs: 3,
          outputs: 2,
          activation: 'gelu',
          weights: Float32Array.of(1, 2, 3, 4, 5, 6),
          bias: Float32Array.of(7, 8),
        },
        {
          inputs: 2,
          outputs: 1,
          activation: 'none',
          weights: Float32Array.of(9, 10),
          bias: Float32Array.of(11),
        },
      ],
    },
    {
      weight: 0.5,
      layers: [
        {
          inputs: 3,
          outputs: 1,
          activation: 'none',
          weights: Float32Array.of(1, 1, 1),
          bias: Float32Array.of(0),
        },
      ],
    },
  ],
};

function expectRefused(bytes: Uint8Array, why: RegExp): void {
  expect(() => decodeHead(bytes)).toThrow(why);
  expect(() => decodeHead(bytes)).toThrow(expect.objectContaining({ code: 'badInput' }));
}

test('what was encoded is decoded, number by number', () => {
  expect(decodeHead(encodeHead(head))).toEqual(head);
});

test('bytes at an odd place in a larger buffer are read as well', () => {
  const bytes = encodeHead(head);
  const shifted = Buffer.concat([Buffer.alloc(3), bytes]).subarray(3);
  expect(decodeHead(shifted)).toEqual(head);
});

test('every cut is refused', () => {
  const bytes = encodeHead(head);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
      expect(() => decodeHead(bytes.subarray(0, length))).toThrow(StudioError);
    }),
  );
});

test('other files, more numbers, numbers that are not finite and broken headers are refused with the reason', () => {
  const bytes = encodeHead(head);
  expectRefused(Buffer.from('\x89PNG and so on, long enough'), /do not start as a head/);
  expectRefused(Buffer.concat([bytes, Buffer.alloc(4)]), /numbers should follow/);
  const notFinite = Buffer.from(bytes);
  notFinite.writeFloatLE(Number.NaN, bytes.length - 8);
  expectRefused(notFinite, /not finite/);
  const noJson = Buffer.from(bytes);
  noJson[12] = 0x5b;
  expectRefused(noJson, /not JSON/);
  expectRefused(encodeHead({ ...head, members: [] }), /header|members|expected/i);
  expectRefused(encodeHead({ ...head, inverse: Float32Array.of(1, -1, 1) }), /negative/);
});

test('a header that promises more than memory is refused, not allocated', () => {
  const bytes = encodeHead({ ...head, length: 999_999 });
  expectRefused(bytes, /numbers should follow/);
});

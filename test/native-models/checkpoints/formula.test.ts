/** The weight formula against check values of its description (../shared/golden/README.md). */
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { formulaChunks, formulaRange, formulaTensor } from '../../../native-models/checkpoints/formula.ts';
import { hasShared, readSharedJson } from '../../support/shared.ts';

interface Check {
  name: string;
  shape: number[];
  base: number;
  a: number;
  first5: number[];
  last: number;
  crc32_of_float32_le_bytes: string;
}
interface Described {
  key: string;
  shape: number[];
  numel: number;
  /** Absent for buffers, which the formula leaves as they are. */
  formula_crc32?: string;
}

function hexCrc(values: Float32Array): string {
  const crc = crc32(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return crc.toString(16).padStart(8, '0');
}

describe('the weight formula', () => {
  // Source: ../shared/golden/README.md, “Check values”.
  test.each([
    ['fc.weight', [1, 1536], [0.041275613, -0.026376203, -0.021187795], '0ab829d4'],
    ['model.layers.0.blocks.0.attn.logit_scale', [3, 1, 1], [3.0323272, 0.12339534, 3.8698223], '9f90220c'],
    ['model.norm.weight', [768], [1.0668945, 1.0222043, 1.1321081], '53acc7ba'],
    [
      'pickmodel.vision_model.embeddings.class_embedding',
      [1280],
      [0.37231094, -0.14427954, -0.1876601],
      '4dabadb9',
    ],
  ])('%s has its published values and CRC-32', (name, shape, first, crc) => {
    const values = formulaTensor(name, shape);
    expect([...values.subarray(0, 3)]).toEqual(first.map(Math.fround));
    expect(hexCrc(values)).toBe(crc);
  });

  test('chunks are the tensor, whatever their size', () => {
    const whole = formulaTensor('x.weight', [30, 7]);
    for (const chunkElements of [1, 64, 1000]) {
      const chunks = [...formulaChunks('x.weight', [30, 7], { chunkElements })];
      expect(chunks.flatMap((chunk) => [...chunk])).toEqual([...whole]);
    }
  });

  test.skipIf(!hasShared)('ranges, ends and CRC-32 of all published checks', () => {
    const checks = readSharedJson<Check[]>('golden/formula_check.json');
    expect(checks.length).toBe(10);
    for (const check of checks) {
      const range = { base: check.base, amplitude: check.a };
      // The table is of weights; an input has a range of its own.
      if (!check.name.startsWith('input.')) expect(formulaRange(check.name, check.shape)).toEqual(range);
      const values = formulaTensor(check.name, check.shape, range);
      expect([...values.subarray(0, 5)]).toEqual(check.first5.map(Math.fround));
      expect(values.at(-1)).toBe(Math.fround(check.last));
      expect(hexCrc(values), check.name).toBe(check.crc32_of_float32_le_bytes);
    }
  });

  test.skipIf(!hasShared)('CRC-32 of every tensor of the official model up to 20,000 elements', () => {
    const { groups } = readSharedJson<{ groups: Record<string, Described[]> }>(
      'golden/state_dict_shapes.json',
    );
    const small = Object.values(groups)
      .flat()
      .filter(({ numel, formula_crc32: crc }) => numel <= 20_000 && crc !== undefined);
    expect(small.length).toBeGreaterThan(700);
    const found = small.map(({ key, shape }) => [key, hexCrc(formulaTensor(key, shape))]);
    expect(found).toEqual(small.map(({ key, formula_crc32: crc }) => [key, crc]));
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formulaTensor } from '../../../native-models/checkpoints/formula.ts';
import { openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import { writeSafetensors } from '../../../native-models/checkpoints/write-safetensors.ts';
import type { ExternalTensor } from '../../../native-models/graphs/graph-builder.ts';
import { WeightPlan } from '../../../native-models/graphs/weight-plan.ts';
import { writeConverted } from '../../../native-models/graphs/write-converted.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const folder = makeTempFolder();
const shape = [37, 1201] as const;
const matrix = formulaTensor('a.weight', shape);
// Longer than one piece that is read, so that rows lie across two of them.
const long = formulaTensor('long.weight', [5, 700_001]);
matrix.fill(0, 3 * shape[1], 4 * shape[1]);

async function openWeights(): Promise<WeightPlan> {
  const path = join(folder, 'weights.safetensors');
  const half = new Float16Array(matrix);
  await writeSafetensors(path, [
    { name: 'a.weight', dtype: 'float32', shape, chunks: () => [matrix] },
    { name: 'half', dtype: 'float16', shape, chunks: () => [half] },
    { name: 'long.weight', dtype: 'float32', shape: [5, 700_001], chunks: () => [long] },
  ]);
  return new WeightPlan({
    checkpoint: await openCheckpoint(path),
    prefix: '',
    nameOf: (file) => file,
    convertedFile: 'converted.bin',
  });
}

/** The plain form: for each row the scale largest / 63, each weight divided by it and rounded, the matrix turned. */
function quantisePlainly(numbers: Float32Array, [rows, columns]: readonly [number, number]) {
  const scales = new Float32Array(rows);
  const turned = new Int8Array(numbers.length);
  for (let row = 0; row < rows; row++) {
    let largest = 0;
    for (let column = 0; column < columns; column++) {
      largest = Math.max(largest, Math.abs(numbers[row * columns + column]!));
    }
    scales[row] = largest === 0 ? 1 : largest / 63;
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = Math.round(numbers[row * columns + column]! / scales[row]!);
    }
  }
  return { scales, turned };
}

describe('converted tensors', () => {
  test('int8 is the transposed matrix with one scale an output; float16 and float32 are rounded and widened; parts are parts', async () => {
    const weights = await openWeights();
    weights.define('part.weight', { of: 'a.weight', shape, from: 10, to: 20 });
    const places = {
      int8: weights.convert('a.weight', shape, 'int8'),
      scales: weights.convert('a.weight', shape, 'int8Scales'),
      part: weights.convert('part.weight', [10, shape[1]], 'int8'),
      partScales: weights.convert('part.weight', [10, shape[1]], 'int8Scales'),
      half: weights.convert('a.weight', shape, 'float16'),
      widened: weights.locate('half', shape),
      long: weights.convert('long.weight', [5, 700_001], 'int8'),
      longScales: weights.convert('long.weight', [5, 700_001], 'int8Scales'),
    };
    const path = join(folder, 'converted.bin');
    const told: number[] = [];
    await writeConverted(path, weights.planned, { onProgress: (done, total) => told.push(done / total) });
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual(told.toSorted((a, b) => a - b));

    const bytes = readFileSync(path).buffer;
    const at = ({ offset, byteLength }: ExternalTensor) => bytes.slice(offset, offset + byteLength);
    const plain = quantisePlainly(matrix, shape);
    expect(places.int8.shape).toEqual([1201, 37]);
    expect(new Int8Array(at(places.int8))).toEqual(plain.turned);
    expect(new Float32Array(at(places.scales))).toEqual(plain.scales);
    // A processor without VNNI keeps the sum of two products with unsigned bytes in sixteen bits.
    const largest = new Int8Array(at(places.int8)).reduce(
      (most, weight) => Math.max(most, Math.abs(weight)),
      0,
    );
    expect(2 * 255 * largest).toBeLessThan(2 ** 15);
    const part = quantisePlainly(matrix.slice(10 * 1201, 20 * 1201), [10, 1201]);
    expect(new Int8Array(at(places.part))).toEqual(part.turned);
    expect(new Float32Array(at(places.partScales))).toEqual(part.scales);
    expect(new Float16Array(at(places.half))).toEqual(new Float16Array(matrix));
    expect(new Float32Array(at(places.widened))).toEqual(new Float32Array(new Float16Array(matrix)));
    const longPlain = quantisePlainly(long, [5, 700_001]);
    expect(Buffer.from(at(places.long)).equals(Buffer.from(longPlain.turned.buffer))).toBe(true);
    expect(new Float32Array(at(places.longScales))).toEqual(longPlain.scales);
  });

  test('an existing file is not written over', async () => {
    const path = join(folder, 'there.bin');
    writeFileSync(path, 'mine');
    const weights = await openWeights();
    weights.convert('a.weight', shape, 'float16');
    await expect(writeConverted(path, weights.planned)).rejects.toMatchObject({ code: 'unreadable' });
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  test('a full disk and a withdrawn request are said as such', async () => {
    const weights = await openWeights();
    weights.convert('a.weight', shape, 'int8');
    const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    const openTarget = async () => ({ write: () => Promise.reject(full), close: async () => {} });
    const path = join(folder, 'never.bin');
    await expect(writeConverted(path, weights.planned, { openTarget })).rejects.toMatchObject({
      code: 'diskFull',
      message: expect.stringContaining('never.bin'),
    });
    const signal = AbortSignal.abort();
    await expect(writeConverted(path, weights.planned, { signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

/** Reading stored vectors into shared memory, and comparing them with one: what threads do for searching by similarity. */
import { openForReading } from '../../db/database.ts';
import { countVectors, eachVector, type VectorSource } from '../../db/features.ts';

/** All vectors of a kind in the order of image ids; those of another version or length are left out. */
export function readVectors({ database, source }: { database: string; source: VectorSource }): {
  imageIds: Int32Array<SharedArrayBuffer>;
  values: Float32Array<SharedArrayBuffer>;
} {
  const db = openForReading(database);
  try {
    const most = countVectors(db, source).count;
    const ids = new Int32Array(new SharedArrayBuffer(most * 4));
    const values = new Float32Array(new SharedArrayBuffer(most * source.length * 4));
    const bytes = new Uint8Array(values.buffer);
    let rows = 0;
    for (const [id, data] of eachVector(db, source)) {
      if (data.byteLength !== source.length * 4 || rows === most) continue;
      ids[rows] = id;
      bytes.set(data, rows * source.length * 4);
      rows += 1;
    }
    return { imageIds: ids.subarray(0, rows), values: values.subarray(0, rows * source.length) };
  } finally {
    db.close();
  }
}

/** Dot products of the rows from `first` up to `last` with a vector, in the order of rows. */
export function dotProducts({
  values,
  vector,
  first,
  last,
}: {
  values: Float32Array;
  vector: Float32Array;
  first: number;
  last: number;
}): Float32Array<ArrayBuffer> {
  const { length } = vector;
  const whole = length - (length % 8);
  const products = new Float32Array(Math.max(0, last - first));
  for (let row = first; row < last; row += 1) {
    const at = row * length;
    // Sums of their own, so that one multiplication need not wait for the one before.
    let [a, b, c, d] = [0, 0, 0, 0];
    let k = 0;
    for (; k < whole; k += 8) {
      a += values[at + k]! * vector[k]! + values[at + k + 4]! * vector[k + 4]!;
      b += values[at + k + 1]! * vector[k + 1]! + values[at + k + 5]! * vector[k + 5]!;
      c += values[at + k + 2]! * vector[k + 2]! + values[at + k + 6]! * vector[k + 6]!;
      d += values[at + k + 3]! * vector[k + 3]! + values[at + k + 7]! * vector[k + 7]!;
    }
    for (; k < length; k += 1) a += values[at + k]! * vector[k]!;
    products[row - first] = a + b + (c + d);
  }
  return products;
}

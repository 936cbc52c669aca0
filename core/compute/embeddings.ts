/** Stored vectors in shared memory, read and compared by threads: what searching by similarity is made of. */
import { openForReading } from '../../db/database.ts';
import { countVectorsIn, eachVector, type IdRange, type VectorSource } from '../../db/features.ts';
import { dotProducts, makeBlock, strideOf, type VectorBlock, valuesOf } from '../maths/dots.ts';

/** Vectors of some images, in the order of ids. */
export interface HeldVectors {
  imageIds: Int32Array<ArrayBuffer>;
  block: VectorBlock;
}

/** The vectors of a range of images; those of another version or length are left out. */
export function readVectors({
  database,
  source,
  range,
}: {
  database: string;
  source: VectorSource;
  range: IdRange;
}): HeldVectors {
  const db = openForReading(database);
  try {
    const most = countVectorsIn(db, source, range);
    const imageIds = new Int32Array(most);
    const block = makeBlock(most, source.length);
    const values = valuesOf(block);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const rowBytes = strideOf(source.length) * 4;
    let rows = 0;
    for (const [id, data] of eachVector(db, source, range)) {
      if (data.byteLength !== source.length * 4 || rows === most) continue;
      imageIds[rows] = id;
      bytes.set(data, rows * rowBytes);
      rows += 1;
    }
    return { imageIds: imageIds.slice(0, rows), block: { ...block, rows } };
  } finally {
    db.close();
  }
}

/** Dot products of a block's rows with a vector, in the order of rows. */
export function compareVectors({
  block,
  vector,
}: {
  block: VectorBlock;
  vector: Float32Array;
}): Float32Array<ArrayBuffer> {
  return dotProducts(block, vector);
}

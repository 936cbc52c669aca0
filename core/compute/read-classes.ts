/** The values, or ranges, of a field that images of a MOS set are told apart by. */
import type { MosChoice } from '../../contract/agreement.ts';
import type { Field } from '../../contract/agreement-views.ts';
import type { Db } from '../../db/database.ts';
import { mosRows } from '../../db/mos.ts';
import { classify, describeField, getField, readFields } from '../image-fields.ts';
import { type Carried, carryNow } from './carry-error.ts';

export interface Classes {
  field: Field;
  labels: string[];
  /** By image; −1 where it has no value. */
  classOf: Int32Array;
}

/**
 * @param imageIds some of the set's images, in the order of ids
 * @throws StudioError `badInput` for a field that the set does not have
 */
export function readClasses(
  db: Db,
  { mosSetId, dimension, name, imageIds }: MosChoice & { name: string; imageIds: Int32Array },
): Carried<Classes> {
  return carryNow(() => {
    const read = getField(readFields({ db }, mosSetId), name);
    const wanted = new Set(imageIds);
    const values = mosRows(db, mosSetId, dimension)
      .filter((row) => wanted.has(row.image_id))
      .map(read);
    const { labels, classOf } = classify(name, values);
    return { field: describeField(name, values), labels, classOf: Int32Array.from(classOf) };
  });
}

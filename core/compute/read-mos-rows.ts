/** The rows of a MOS set as the screens show them. */
import type { MosRow } from '../../contract/mos.ts';
import type { Db } from '../../db/database.ts';
import { mosRows } from '../../db/mos.ts';
import { mosInterval } from '../maths/mos.ts';

/** MOS, SD, N and 95 % interval (Student t) of every image and dimension of a set. */
export function readMosRows(db: Db, mosSetId: number): MosRow[] {
  return mosRows(db, mosSetId).map(({ image_id: imageId, name, dimension, mean, sd, n }) => ({
    ...{ imageId, name, dimension, mean, sd, n },
    ...mosInterval({ mean, sd, n }),
  }));
}

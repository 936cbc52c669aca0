/** What can be compared with MOS: how many images have a value of it, and the values in columns. */
import type { Prediction } from '../../contract/agreement.ts';
import type { Db } from '../../db/database.ts';
import { countSignals, readSignal } from '../../db/features.ts';
import { countScores, readScores } from '../../db/heads.ts';
import { listNumericAttributes, readAttribute } from '../../db/image-fields.ts';
import { mosRows } from '../../db/mos.ts';
import { averageStandardised } from '../maths/average-standardised.ts';

export interface PredictionColumns {
  /** In rising order. */
  imageIds: Int32Array;
  /** As stored: the sign is not turned. */
  values: Float64Array;
  /** False where nothing is stored under that name, whether a number or not. */
  isThere: boolean;
}

export interface PredictionCounts {
  /** By head. */
  scores: Map<number, number>;
  signals: ReturnType<typeof countSignals>;
  attributes: ReturnType<typeof listNumericAttributes>;
}

/** How many images have scores, signals and columns of numbers. */
export function countPredictions(db: Db): PredictionCounts {
  return { scores: countScores(db), signals: countSignals(db), attributes: listNumericAttributes(db) };
}

/** The values of all images that have one. */
export function readPredictionValues(db: Db, prediction: Prediction): PredictionColumns {
  switch (prediction.kind) {
    case 'head':
      return columnsOf(readScores(db, prediction.headId));
    case 'signal':
      return columnsOf(readSignal(db, prediction.packId, prediction.signal));
    case 'mean':
      return readMean(db, prediction.packId);
    case 'column': {
      const rows = readAttribute(db, prediction.name);
      const numbers = rows
        .map(([id, text]): [number, number] => [id, text.trim() === '' ? Number.NaN : Number(text)])
        .filter(([, value]) => Number.isFinite(value));
      return { ...columnsOf(numbers), isThere: rows.length > 0 };
    }
    case 'mos':
      return columnsOf(
        mosRows(db, prediction.mosSetId, prediction.dimension).map((row) => [row.image_id, row.mean]),
      );
  }
}

function columnsOf(rows: readonly [number, number][]): PredictionColumns {
  return {
    imageIds: Int32Array.from(rows, ([id]) => id),
    values: Float64Array.from(rows, ([, value]) => value),
    isThere: rows.length > 0,
  };
}

/**
 * (z(Q) + z(S)) / 2, each standardised over the images that have both: Q lies on the MOS scale and S does not, so the plain mean would be
 * S with some noise.
 */
function readMean(db: Db, packId: string): PredictionColumns {
  const s = new Map(readSignal(db, packId, 's'));
  const both = readSignal(db, packId, 'q').filter(([id]) => s.has(id));
  const q = Float64Array.from(both, ([, value]) => value);
  const means = averageStandardised(
    q,
    Float64Array.from(both, ([id]) => s.get(id)!),
  );
  return columnsOf(both.map(([id], at) => [id, means[at]!]));
}

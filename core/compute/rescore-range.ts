/** Applies a head to stored inputs on a thread that reads them itself: the engine's own thread only writes the scores. */
import { type Db, openForReading } from '../../db/database.ts';
import type { IdRange } from '../../db/features.ts';
import { headById } from '../../db/heads.ts';
import { type InputSource, inputLength, readInputRange } from '../head-inputs.ts';
import { type Head, predictHead } from '../maths/head.ts';
import { decodeHead } from '../maths/head-codec.ts';

export interface RescoreTask {
  /** The path of the library's database. */
  database: string;
  headId: number;
  source: InputSource;
  range: IdRange;
}

interface Opened {
  db: Db;
  /** Heads never change, so a thread keeps them from range to range. */
  heads: Map<number, Head>;
}

const opened = new Map<string, Opened>();
/** Inputs of one range: taken anew each time, the memory would cost a third of the reading. */
let room = new Float32Array();

/** The head's values for the images of a range that have its inputs. */
export function rescoreRange({ database, headId, source, range }: RescoreTask): {
  imageIds: number[];
  scores: Float32Array<ArrayBuffer>;
} {
  const { db, heads } = openOnce(database);
  const head = heads.get(headId) ?? decodeHead(headById(db, headId)!.weights);
  heads.set(headId, head);
  const most = (range.last - range.first + 1) * inputLength(source);
  if (room.length < most) room = new Float32Array(most);
  const { imageIds, values } = readInputRange(db, source, range, room);
  return { imageIds, scores: predictHead(head, values, imageIds.length) };
}

function openOnce(database: string): Opened {
  const known = opened.get(database);
  if (known !== undefined) return known;
  const one = { db: openForReading(database), heads: new Map<number, Head>() };
  opened.set(database, one);
  return one;
}

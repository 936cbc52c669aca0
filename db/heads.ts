/** Heads, which one is active for a target, and the scores derived from them. */
import { type Db, sqlFor } from './database.ts';
import type { HeadRow } from './schema.ts';

/** A head without its weights, for lists. */
export type HeadSummary = Omit<HeadRow, 'weights'> & { is_active: 0 | 1 };

const summaryColumns = [
  'head.id',
  'head.pack_id',
  'head.name',
  'head.kind',
  'head.inputs',
  'head.target',
  'head.parent_id',
  'head.is_shipped',
  'head.created_at',
  'head.data_hash',
  'head.weights_hash',
  'head.report',
] as const;

type SameHead = Pick<HeadRow, 'weights_hash' | 'pack_id' | 'inputs' | 'target'>;

/** The head of the same weights for the same target of a pack. */
export function findSameHead(db: Db, head: SameHead): HeadRow | undefined {
  return db.first(
    sqlFor
      .selectFrom('head')
      .selectAll()
      .where('weights_hash', '=', head.weights_hash)
      .where('pack_id', '=', head.pack_id)
      .where('inputs', '=', head.inputs)
      .where('target', '=', head.target),
  );
}

/** Stores a head; the same weights twice for the same target of a pack are one head. */
export function saveHead(db: Db, head: Omit<HeadRow, 'id'>): number {
  return findSameHead(db, head)?.id ?? db.run(sqlFor.insertInto('head').values(head)).insertedId;
}

export function headById(db: Db, id: number): HeadRow | undefined {
  return db.first(sqlFor.selectFrom('head').selectAll().where('id', '=', id));
}

/** Another account of how a head came to be. */
export function setHeadReport(db: Db, id: number, report: string): void {
  db.run(sqlFor.updateTable('head').set({ report }).where('id', '=', id));
}

export function renameHead(db: Db, id: number, name: string): void {
  db.run(sqlFor.updateTable('head').set({ name }).where('id', '=', id));
}

/** Takes a head and its scores away; call it inside a transaction. */
export function deleteHead(db: Db, id: number): void {
  db.run(sqlFor.deleteFrom('score').where('head_id', '=', id));
  db.run(sqlFor.deleteFrom('held_out').where('head_id', '=', id));
  db.run(sqlFor.deleteFrom('head').where('id', '=', id));
}

/** All heads, the oldest first. */
export function listHeads(db: Db): HeadSummary[] {
  return db.all(
    sqlFor
      .selectFrom('head')
      .leftJoin('active_head', 'active_head.head_id', 'head.id')
      .select(summaryColumns)
      .select((e) =>
        e
          .case()
          .when('active_head.head_id', 'is not', null)
          .then(1 as const)
          .else(0 as const)
          .end()
          .$castTo<0 | 1>()
          .as('is_active'),
      )
      .orderBy('head.id'),
  );
}

/** The active head of every target of a pack, with weights. */
export function activeHeads(db: Db, packId: string): HeadRow[] {
  return db.all(
    sqlFor
      .selectFrom('active_head')
      .innerJoin('head', 'head.id', 'active_head.head_id')
      .selectAll('head')
      .where('active_head.pack_id', '=', packId)
      .orderBy('head.target'),
  );
}

/** Makes a head the active one of its target. */
export function setActiveHead(
  db: Db,
  head: { id: number; pack_id: string; target: string },
  now: number,
): void {
  db.run(
    sqlFor
      .insertInto('active_head')
      .values({ pack_id: head.pack_id, target: head.target, head_id: head.id, since: now })
      .onConflict((c) => c.columns(['pack_id', 'target']).doUpdateSet({ head_id: head.id, since: now })),
  );
}

/** Rows a statement: calls into SQLite cost more than the rows. */
const scoresAtOnce = 250;

/** Stores scores of one head: `values[i]` for `imageIds[i]`. Call it inside a transaction. */
export function saveScores(db: Db, headId: number, imageIds: readonly number[], values: Float32Array): void {
  const many = imageIds.length >= scoresAtOnce ? db.prepare(upsertScores(scoresAtOnce)) : null;
  const one = db.prepare(upsertScores(1));
  let at = 0;
  for (; many !== null && at + scoresAtOnce <= imageIds.length; at += scoresAtOnce) {
    const parameters: number[] = [];
    for (let row = at; row < at + scoresAtOnce; row += 1)
      parameters.push(headId, imageIds[row]!, values[row]!);
    many.run(parameters);
  }
  for (; at < imageIds.length; at += 1) one.run(headId, imageIds[at], values[at]);
}

function upsertScores(rows: number): string {
  const values = Array.from({ length: rows }, () => '(?, ?, ?)').join(', ');
  return `INSERT INTO score (head_id, image_id, value) VALUES ${values}
    ON CONFLICT (head_id, image_id) DO UPDATE SET value = excluded.value`;
}

/** Scores of a head: `[imageId, value]` in the order of ids. */
export function readScores(db: Db, headId: number): [number, number][] {
  return db
    .prepare('SELECT image_id, value FROM score WHERE head_id = ? ORDER BY image_id')
    .raw(true)
    .all(headId) as [number, number][];
}

/** Which of the given images a head has not scored. */
export function withoutScore(db: Db, headId: number, imageIds: readonly number[]): number[] {
  return db
    .prepare(
      `SELECT value FROM json_each(?) WHERE NOT EXISTS
         (SELECT 1 FROM score s WHERE s.head_id = ? AND s.image_id = json_each.value)`,
    )
    .pluck(true)
    .all(JSON.stringify(imageIds), headId) as number[];
}

/** How many images each head has scored. */
export function countScores(db: Db): Map<number, number> {
  const rows = db.all(
    sqlFor
      .selectFrom('score')
      .select('head_id')
      .select((e) => e.fn.countAll<number>().as('images'))
      .groupBy('head_id'),
  );
  return new Map(rows.map((row) => [row.head_id, row.images]));
}

/** Keeps what a head said of images while it was judged, in place of what was kept. Call it inside a transaction. */
export function saveHeldOut(db: Db, headId: number, rows: Iterable<readonly [number, number]>): void {
  db.run(sqlFor.deleteFrom('held_out').where('head_id', '=', headId));
  const insert = db.prepare('INSERT INTO held_out (head_id, image_id, predicted) VALUES (?, ?, ?)');
  for (const [imageId, predicted] of rows) insert.run(headId, imageId, predicted);
}

/** What a head said of each image it was judged on, by parts of it that had not learnt from the image. */
export function readHeldOut(db: Db, headId: number): Map<number, number> {
  const rows = db
    .prepare('SELECT image_id, predicted FROM held_out WHERE head_id = ?')
    .raw(true)
    .all(headId) as [number, number][];
  return new Map(rows);
}

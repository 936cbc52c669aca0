/** Jobs as remembered: progress is written now and then, the end once. */
import { type Db, sqlFor } from './database.ts';
import type { JobRow } from './schema.ts';

export function insertJob(
  db: Db,
  job: { kind: string; title: string; params: string; progress: string; started_at: number },
): number {
  return db.run(sqlFor.insertInto('job').values({ ...job, state: 'running' })).insertedId;
}

export function updateJob(db: Db, id: number, change: Partial<Omit<JobRow, 'id'>>): void {
  db.run(sqlFor.updateTable('job').set(change).where('id', '=', id));
}

export function deleteJob(db: Db, id: number): void {
  db.run(sqlFor.deleteFrom('job').where('id', '=', id));
}

export function listJobs(db: Db, limit: number): JobRow[] {
  return db.all(sqlFor.selectFrom('job').selectAll().orderBy('id', 'desc').limit(limit));
}

export function jobById(db: Db, id: number): JobRow | undefined {
  return db.first(sqlFor.selectFrom('job').selectAll().where('id', '=', id));
}

/** What jobs of a kind that have not ended were asked to do, as JSON. */
export function paramsOfRunningJobs(db: Db, kind: string): string[] {
  const rows = db.all(
    sqlFor.selectFrom('job').select('params').where('kind', '=', kind).where('state', '=', 'running'),
  );
  return rows.map(({ params }) => params);
}

/** At start: jobs that an ended engine left running are interrupted. */
export function interruptRunningJobs(db: Db, now: number): void {
  db.run(
    sqlFor.updateTable('job').set({ state: 'interrupted', ended_at: now }).where('state', '=', 'running'),
  );
}

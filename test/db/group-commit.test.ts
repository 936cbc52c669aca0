/** Work that is committed together: acknowledged only when it is on disk, and one's failure is nobody else's. */
import { expect, test } from 'vitest';
import { commitTogether } from '../../db/group-commit.ts';
import { saveSetting } from '../../db/settings.ts';
import { openTemporaryDatabase } from './temporary-database.ts';

test('what is asked for in one turn is one transaction; work that throws takes back its own changes only', async () => {
  const db = openTemporaryDatabase();
  const depths: boolean[] = [];
  const write = (name: string) =>
    commitTogether(db, () => {
      depths.push(db.sqlite.inTransaction);
      saveSetting(db, name, '1');
      if (name === 'b') throw new Error('no b');
      return name;
    });
  const settled = await Promise.allSettled(['a', 'b', 'c'].map(write));
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(depths).toEqual([true, true, true]);
  expect(db.sqlite.inTransaction).toBe(false);
  expect(db.prepare('SELECT name FROM setting ORDER BY name').pluck().all()).toEqual(['a', 'c']);
  await write('d');
  expect(db.prepare('SELECT count(*) FROM setting').pluck().get()).toBe(3);
});

test('where nothing can be committed, everybody is told', async () => {
  const db = openTemporaryDatabase();
  const both = ['a', 'b'].map((name) => commitTogether(db, () => saveSetting(db, name, '1')));
  db.sqlite.pragma('query_only = ON');
  const settled = await Promise.allSettled(both);
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  db.sqlite.pragma('query_only = OFF');
  expect(db.prepare('SELECT count(*) FROM setting').pluck().get()).toBe(0);
});

test('what follows from the work is done once a key, after all of it and in the same transaction', async () => {
  const db = openTemporaryDatabase();
  const count = () => db.prepare('SELECT count(*) FROM setting').pluck().get();
  const seen: unknown[] = [];
  const write = (name: string, key: string) =>
    commitTogether(db, (follow) => {
      saveSetting(db, name, '1');
      follow(key, () => seen.push([key, count(), db.sqlite.inTransaction]));
    });
  await Promise.all([write('a', 'even'), write('b', 'odd'), write('c', 'even')]);
  expect(seen).toEqual([
    ['even', 3, true],
    ['odd', 3, true],
  ]);
  const failing = commitTogether(db, (follow) => {
    saveSetting(db, 'd', '1');
    follow('fails', () => {
      throw new Error('no consequence');
    });
  });
  await expect(failing).rejects.toThrow('no consequence');
  expect(count()).toBe(3);
});

/** A library of before studies had roles, versions and pairs is brought forward with every vote and what counts of it. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openDatabase } from '../../db/database.ts';
import { migrations } from '../../db/migrations/all.ts';
import { presentationsOf, sessionById } from '../../db/sittings.ts';
import { studyById } from '../../db/studies.ts';
import { countedVotes, longVotes, voteIdsOf } from '../../db/votes.ts';
import { makeTemporaryFolder } from './temporary-database.ts';

test('votes of an older library stay, the superseded ones too, and sessions and presentations get names of their own', () => {
  const path = join(makeTemporaryFolder(), 'studio.sqlite');
  const old = new Database(path);
  for (const script of migrations.slice(0, 2)) old.exec(script);
  old.pragma('user_version = 2');
  old.exec(`
    INSERT INTO image (id, hash, name, added_at) VALUES (1, 'h', 'a.png', 0);
    INSERT INTO study (id, name, design, created_at) VALUES (1, 'S', '{}', 0);
    INSERT INTO mos_set (name, kind, study_id, method, source, created_at) VALUES ('S', 'study', 1, '', '{}', 0);
    INSERT INTO stimulus VALUES (1, 1);
    INSERT INTO rater (id, name, created_at) VALUES (1, 'Ada', 0), (2, 'Ben', 0);
    INSERT INTO session (id, study_id, rater_id, started_at, client) VALUES (1, 1, 1, 5, '{}'), (2, 1, 2, 6, '{}');
    INSERT INTO presentation (id, study_id, rater_id, image_id, position, role) VALUES (1, 1, 1, 1, 0, 'main'), (2, 1, 2, 1, 0, 'main');
    INSERT INTO vote VALUES (1, 1, 1, 'quality', 2, 'z', 1, 100, NULL), (2, 1, 1, 'quality', 4, 'a', 1, 100, 1), (3, 2, 2, 'quality', 5, 'k', 1, 90, NULL);
  `);
  old.close();
  const db = openDatabase(path);
  // A correction within the same millisecond counts although its key is the smaller one.
  expect(countedVotes(db, 1, 1, 'quality')).toEqual([4, 5]);
  const ids = [1, 2].flatMap((rater) => voteIdsOf(db, 1, rater));
  expect(longVotes(db, ids).map(({ is_current, supersedes }) => [is_current, supersedes])).toEqual([
    [0, null],
    [1, 'z'],
    [1, null],
  ]);
  expect(studyById(db, 1)).toMatchObject({ votes: 2, raters: 2, version: 1, origin: 'own', frozen_at: null });
  const uids = [1, 2].map((rater) => presentationsOf(db, 1, rater)[0]!.uid);
  expect(new Set([...uids, studyById(db, 1)!.uid]).size).toBe(3);
  for (const uid of uids) expect(uid).toMatch(/^[0-9a-f]{32}$/);
  expect(sessionById(db, 1)).toMatchObject({ started_at: 5, sitting_at: null });
  db.close();
});

/** In which group each image lies: its prompt, its generator, or the folder it was found in last. */
import type { GroupBy } from '../contract/images.ts';
import type { Db } from './database.ts';

/** Longer labels are cut: a list of groups stays small. */
const mostLetters = 200;

/** `[imageId, key]`, one row an image that has one. */
const keys: Record<GroupBy, string> = {
  prompt: 'SELECT id, prompt_id FROM image WHERE prompt_id IS NOT NULL',
  generator: 'SELECT id, generator FROM image WHERE generator IS NOT NULL',
  folder: `SELECT f.image_id, r.path || '/' || rtrim(rtrim(f.path, replace(f.path, '/', '')), '/')
    FROM file f JOIN root r ON r.id = f.root_id
    WHERE f.is_missing = 0 AND f.image_id IS NOT NULL ORDER BY f.checked_at`,
};

/** The key of each image's group; images without one are left out. */
export function groupKeys(db: Db, by: GroupBy): Map<number, string | number> {
  return new Map(db.prepare(keys[by]).raw(true).all() as [number, string | number][]);
}

/** What a group is called. A prompt is known by its id, the others by what they are called. */
export function labelGroups(
  db: Db,
  by: GroupBy,
  groups: readonly (string | number)[],
): Map<string | number, string> {
  if (by !== 'prompt') return new Map(groups.map((key) => [key, cut(String(key).replace(/\/$/, ''))]));
  const rows = db
    .prepare('SELECT id, substr(text, 1, ?) FROM prompt WHERE id IN (SELECT value FROM json_each(?))')
    .raw(true)
    .all(mostLetters + 1, JSON.stringify(groups)) as [number, string][];
  return new Map(rows.map(([id, text]) => [id, cut(text)]));
}

function cut(text: string): string {
  return text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text;
}

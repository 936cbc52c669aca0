/** What threads count of a large library is what its rows say, whatever was done to it a moment before. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeScenes } from '../../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';

let opened: TestStudio;
let folder: string;
beforeAll(() => {
  opened = openTestStudio({ moveToTrash: async (path) => rmSync(path) });
  folder = opened.folder('pictures');
  // What makes a library large is the id of its last image.
  opened.studio.db.prepare("INSERT INTO image (id, name, added_at) VALUES (100000, 'far.png', 0)").run();
});
afterAll(async () => await opened.close());

interface Row {
  root_id: number;
  image_id: number | null;
  failure_code: string | null;
  is_missing: 0 | 1;
}

/** Counted one by one, as nobody would count a large library. */
function countRows() {
  const { db } = opened.studio;
  const files = db.prepare('SELECT root_id, image_id, failure_code, is_missing FROM file').all() as Row[];
  const here = files.filter(({ is_missing }) => is_missing === 0);
  const shown = new Set(here.flatMap(({ image_id }) => image_id ?? []));
  const features = db.prepare('SELECT image_id, kind FROM feature').all() as {
    image_id: number;
    kind: string;
  }[];
  const scored = features.filter(({ kind }) => kind === 'features' || kind === 'image');
  // Nobody misses what was rejected, and then moved to the trash.
  const rejected = db.prepare("SELECT image_id FROM mark WHERE flag = 'reject'").pluck(true).all();
  const gone = files.filter(
    (f) =>
      f.is_missing === 1 && f.image_id !== null && !shown.has(f.image_id) && !rejected.includes(f.image_id),
  );
  const isFailed = ({ failure_code }: Row) => failure_code !== null;
  return {
    info: {
      images: db.prepare('SELECT id FROM image').all().length,
      withFiles: shown.size,
      scored: new Set(scored.map(({ image_id }) => image_id)).size,
      failed: here.filter(isFailed).length,
      studies: db.prepare('SELECT id FROM study').all().length,
      votes: db.prepare('SELECT id FROM vote').all().length,
    },
    roots: [...new Set(files.map(({ root_id }) => root_id))].map((id) => ({
      ...{ id, files: here.filter(({ root_id }) => root_id === id).length },
      failed: here.filter((file) => file.root_id === id && isFailed(file)).length,
      missing: gone.filter(({ root_id }) => root_id === id).length,
    })),
  };
}

const steps: [string, () => Promise<unknown>, Record<string, number>][] = [
  [
    'a folder with one file that is no image was scored',
    async () => {
      await writeScenes(folder, 4, { width: 64, height: 64 });
      writeFileSync(join(folder, 'broken.png'), 'no picture');
      await opened.finish(opened.client.library.score({ folder }));
    },
    { images: 5, withFiles: 4, scored: 4, failed: 1 },
  ],
  [
    'a table announced images without files',
    async () => {
      const file = new Blob(['name,mos_quality\nscene-000.png,3\nannounced.png,4']);
      await opened.client.mos.import({ source: { fileName: 'mos.csv', file } });
    },
    { images: 6, withFiles: 4 },
  ],
  [
    'two files were deleted and the folder was looked through',
    async () => {
      for (const name of ['scene-001.png', 'broken.png']) rmSync(join(folder, name));
      const [root] = await opened.client.library.roots();
      await opened.finish(opened.client.library.rescan({ id: root!.id }));
    },
    { images: 6, withFiles: 3, failed: 0, scored: 4 },
  ],
  [
    'a rejected image went to the trash',
    async () => {
      const { ids } = await opened.client.images.query({ filter: { text: 'scene-002' } });
      await opened.client.curate.change({ imageIds: ids, flag: 'reject' });
      await opened.finish(opened.client.curate.trash({ imageIds: ids }));
      expect(existsSync(join(folder, 'scene-002.png'))).toBe(false);
    },
    { images: 6, withFiles: 2 },
  ],
];

test.each(steps)('Once %s, its counts are those of its rows', async (_, step, expected) => {
  await step();
  const { info, roots } = countRows();
  expect(info).toMatchObject(expected);
  const { library } = opened.client;
  expect({ ...(await library.info()), ...(await library.coverage()) }).toMatchObject(info);
  expect(
    (await opened.client.library.roots()).map(({ id, files, failed, missing }) => ({
      id,
      files,
      failed,
      missing,
    })),
  ).toEqual(roots);
});

/** The grid's questions: what matches, in which order. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { ImageFilter, ImageOrder } from '../../contract/images.ts';
import type { Db } from '../../db/database.ts';
import { saveSignal } from '../../db/features.ts';
import { saveFile, saveRoot } from '../../db/files.ts';
import { saveHead, saveScores, setActiveHead } from '../../db/heads.ts';
import { queryImageIds } from '../../db/image-list.ts';
import { saveImage, setGenerator, setPrompt } from '../../db/images.ts';
import { insertMosSet, saveMos } from '../../db/mos.ts';
import { openTemporaryDatabase } from './temporary-database.ts';

let db: Db;
let ids: number[];
let mosSetId: number;

function list(filter: ImageFilter, order: ImageOrder = 'added', descending = false): number[] {
  return queryImageIds(db, { filter, order, descending, packId: 'classic', mosSetId }).map((id) =>
    ids.indexOf(id),
  );
}

/** Three images: the first has everything, the second some, the third is known from a table only. */
beforeEach(() => {
  db = openTemporaryDatabase();
  const root = saveRoot(db, '/pictures', true, 0);
  ids = ['Fox 100%.png', 'bear.png', 'crow.png'].map((name, at) => {
    const hash = at === 2 ? null : String(at).repeat(64);
    return saveImage(db, { hash, name, format: 'png', width: 1, height: 1, sizeBytes: 1 }, at);
  });
  for (const at of [0, 1]) {
    const file = { rootId: root.id, path: `${at}.png`, rawPath: null, sizeBytes: 1, mtimeMs: 1 };
    saveFile(db, file, { imageId: ids[at]! }, 0);
  }
  const broken = { rootId: root.id, path: 'broken.png', rawPath: null, sizeBytes: 1, mtimeMs: 1 };
  saveFile(db, broken, { failure: { code: 'unreadable', message: 'Broken.' } }, 0);
  setPrompt(db, ids[1]!, 'a brown bear', 'metadata');
  setGenerator(db, ids[0]!, 'SDXL', 'metadata');
  const headId = saveHead(db, {
    ...{ pack_id: 'classic', name: 'h', kind: 'ridge', inputs: 'features', target: 'quality' },
    ...{ parent_id: null, is_shipped: 0, created_at: 0, data_hash: null },
    ...{ weights: Buffer.from('w'), weights_hash: 'w', report: '{}' },
  });
  setActiveHead(db, { id: headId, pack_id: 'classic', target: 'quality' }, 0);
  saveScores(db, headId, [ids[0]!, ids[1]!], Float32Array.of(2, 4));
  mosSetId = insertMosSet(db, {
    ...{ name: 'M', kind: 'imported', study_id: null, method: '', source: '{}', created_at: 0 },
  });
  for (const [at, mean] of [4, 3, 1].entries()) {
    saveMos(db, { mosSetId, dimension: 'quality', imageId: ids[at]!, mean, sd: null, n: null });
  }
  saveSignal(db, { packId: 'classic', name: 'niqe', imageId: ids[1]!, promptId: 0, value: 5 });
});

describe('filters', () => {
  test('text finds names and prompts, and takes % and _ for what they are', () => {
    expect(list({ text: 'bear' })).toEqual([1]);
    expect(list({ text: 'brown' })).toEqual([1]);
    expect(list({ text: '100%' })).toEqual([0]);
    expect(list({ text: '%' })).toEqual([0]);
    expect(list({ text: '_' })).toEqual([]);
  });

  test('images with and without files are told apart, also where some files failed', () => {
    expect(list({ hasFile: true })).toEqual([0, 1]);
    expect(list({ hasFile: false })).toEqual([2]);
  });

  test('a generator narrows', () => {
    expect(list({ generator: 'SDXL' })).toEqual([0]);
  });

  test('no filter gives everything', () => {
    expect(list({})).toEqual([0, 1, 2]);
  });
});

describe('orders', () => {
  test('by name without regard to case', () => {
    expect(list({}, 'name')).toEqual([1, 2, 0]);
  });

  test('by score, those without one last in both directions', () => {
    expect(list({}, 'score:quality')).toEqual([0, 1, 2]);
    expect(list({}, 'score:quality', true)).toEqual([1, 0, 2]);
  });

  test('by MOS and by the gap between score and MOS', () => {
    expect(list({}, 'mos:quality')).toEqual([2, 1, 0]);
    expect(list({}, 'gap:quality', true)).toEqual([0, 1, 2]);
  });

  test('by a signal', () => {
    expect(list({}, 'signal:niqe')).toEqual([1, 0, 2]);
  });
});

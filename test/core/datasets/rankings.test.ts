/** Rankings are taken in as they are written: as a list or one object a line, in the encodings that people's systems write. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';

let opened: TestStudio;
beforeAll(() => {
  opened = openTestStudio();
});
afterAll(async () => await opened.close());

const entries = ['a fox', 'ein müder Bär'].map((prompt, at) => ({
  prompt,
  image_path: [`${at}-a.jpg`, `${at}-b.jpg`],
  rank: [1, 2],
}));
const list = JSON.stringify(entries);
const lines = entries.map((entry) => JSON.stringify(entry)).join('\n');

test.each([
  ['one object a line', 'test.jsonl', Buffer.from(lines)],
  ['a list in UTF-16, as Windows writes it', 'test.json', Buffer.from(`\ufeff${list}`, 'utf16le')],
  ['one object a line in UTF-16, the high byte first', 'all.ndjson', Buffer.from(lines, 'utf16le').swap16()],
])('%s', async (_, name, bytes) => {
  const path = join(opened.folder('rankings'), name);
  writeFileSync(path, bytes);
  const { mos } = opened.client;
  expect(await mos.previewDataset({ path })).toMatchObject({ title: 'HPD v2', images: 4, prompts: 2 });
  const { id: mosSetId } = await mos.importDataset({ path });
  const rows = await mos.rows({ mosSetId });
  expect(rows.map(({ name: image, mean }) => [image, mean]).sort()).toEqual([
    ['0-a.jpg', 1],
    ['0-b.jpg', 0],
    ['1-a.jpg', 1],
    ['1-b.jpg', 0],
  ]);
});

test('a line that has not as many places as images is named', async () => {
  const path = join(opened.folder('rankings'), 'wrong.jsonl');
  writeFileSync(path, `${lines}\n{"prompt": "x", "image_path": ["1.jpg"], "rank": [1, 2]}\n`);
  await expect(opened.client.mos.previewDataset({ path })).rejects.toThrow(
    'Line 3 of wrong.jsonl has not as many places as images.',
  );
});

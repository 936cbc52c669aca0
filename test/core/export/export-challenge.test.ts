/** NTIRE's lines: one a name of the list, in its order, as the release's `test.py` writes them; whole or refused. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeExport, tabulate } from '../../../core/export/export-table.ts';
import { writeWhole } from '../../../core/export/write-whole.ts';
import { createFetch } from '../../../core/server.ts';
import { encodeScene } from '../../support/make-images.ts';
import { makeWorkbook } from '../../support/make-workbook.ts';
import {
  addTiny,
  type NetworkLibrary,
  openNetworkLibrary,
  readOverall,
  scoreImages,
} from '../../support/network-library.ts';

let library: NetworkLibrary;
let packId: string;
beforeEach(async () => {
  library = await openNetworkLibrary();
  packId = await addTiny(library);
  for (const [at, name] of ['a.png', 'b.png', 'c.png'].entries()) {
    writeFileSync(join(library.images, name), await encodeScene(at + 1, { width: 32, height: 32 }));
  }
  await scoreImages(library, packId);
});
afterEach(() => library.close());

async function importList(lines: string[]): Promise<void> {
  const rows = ['name,prompt', ...lines].map((line) => line.split(','));
  const file = new Blob([new Uint8Array(makeWorkbook(rows))]);
  await library.client.library.importPrompts({ source: { fileName: 'info_test.xlsx', file } });
  for (const job of await library.client.jobs.list()) await library.finish(job);
}

test('the scores of the list’s images in the list’s order, without a header', async () => {
  await importList(['c.png,a cat', 'a.png,a cat', 'b.png,a dog']);
  const [a, b, c] = await readOverall(library.client, packId);
  const path = join(library.folder('out'), 'output.txt');
  await writeWhole((await describeExport(library.studio, { kind: 'challenge', packId })).content, path);
  expect(readFileSync(path, 'utf8')).toBe(`c.png,${c}\na.png,${a}\nb.png,${b}\n`);
  const response = await createFetch(library.studio)(
    new Request(`http://studio/export?kind=challenge&packId=${packId}`),
  );
  expect(await response.text()).toBe(readFileSync(path, 'utf8'));
  expect(response.headers.get('content-disposition')).toContain('output.txt');
});

test('holes are refused with the names: images without a score, names without an image', async () => {
  await expect(tabulate(library.studio, { kind: 'challenge', packId })).rejects.toThrow(/No prompt list/);
  await importList(['c.png,a cat', 'nowhere.png,a cat', 'b.png,']);
  await expect(tabulate(library.studio, { kind: 'challenge', packId })).rejects.toThrow(
    /2 names of the list have no overall score of “sfiqa-base” yet \(nowhere\.png, b\.png\)/,
  );
  await expect(tabulate(library.studio, { kind: 'challenge', packId: 'classic' })).rejects.toThrow(
    /no overall score/,
  );
});

test('a pack that was never trained takes no part', async () => {
  await importList(['a.png,a cat']);
  const untrained = await addTiny(library, { id: 'untrained', isTrained: false });
  await scoreImages(library, untrained);
  for (const kind of ['challenge', 'scores'] as const) {
    await expect(tabulate(library.studio, { kind, packId: untrained })).rejects.toThrow(/never trained/);
  }
});

/** NTIRE's lines: one a name of the list, in its order, as the release's `test.py` writes them; whole or refused. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
import { readText } from '../../support/read-export.ts';

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
  await importRows(lines.map((line) => line.split(',')));
}

async function importRows(lines: string[][]): Promise<void> {
  const rows = [['name', 'prompt'], ...lines];
  const file = new Blob([new Uint8Array(makeWorkbook(rows))]);
  await library.client.library.importPrompts({ source: { fileName: 'info_test.xlsx', file } });
  for (const job of await library.client.jobs.list()) await library.finish(job);
}

async function readLines(): Promise<string> {
  return await readText(await describeExport(library.studio, { kind: 'challenge', packId }));
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
    /Names of the list that have no overall score of “sfiqa-base” yet: 2 \(nowhere\.png, b\.png\)/,
  );
  await expect(tabulate(library.studio, { kind: 'challenge', packId: 'classic' })).rejects.toThrow(
    /“classic” has no active head for “overall”.*no image has an overall score.*pack that has one: sfiqa-base/,
  );
});

test('names are written as they are in the list: no quotes, no apostrophe for spreadsheets, accents however they are composed', async () => {
  const names = ['=1, a cat.png', '-café.png'];
  for (const [at, name] of names.entries()) {
    const bytes = await encodeScene(at + 11, { width: 32, height: 32 });
    writeFileSync(join(library.images, name.normalize('NFD')), bytes);
  }
  await scoreImages(library, packId);
  await importRows(names.map((name) => [name, 'a cat']));
  expect(await readLines()).toMatch(/^=1, a cat\.png,-?\d+\.\d+(e-\d+)?\n-café\.png,-?\d+\.\d+(e-\d+)?\n$/);
});

test('of a file that was replaced what lies there now counts, not what it was; two that are there are refused', async () => {
  await importList(['a.png,a cat']);
  writeFileSync(join(library.images, 'a.png'), await encodeScene(21, { width: 40, height: 32 }));
  await scoreImages(library, packId);
  await importList(['a.png,a cat']);
  const [former, now] = await readOverall(library.client, packId);
  expect(await readLines()).toBe(`a.png,${now}\n`);
  expect(former).not.toBe(now);
  mkdirSync(join(library.images, 'other'));
  writeFileSync(join(library.images, 'other', 'a.png'), await encodeScene(1, { width: 32, height: 32 }));
  await scoreImages(library, packId);
  await expect(tabulate(library.studio, { kind: 'challenge', packId })).rejects.toThrow(/carried by several/);
});

test('a pack that was never trained takes no part', async () => {
  await importList(['a.png,a cat']);
  const untrained = await addTiny(library, { id: 'untrained', isTrained: false });
  await scoreImages(library, untrained);
  for (const kind of ['challenge', 'scores'] as const) {
    await expect(tabulate(library.studio, { kind, packId: untrained })).rejects.toThrow(/never trained/);
  }
});

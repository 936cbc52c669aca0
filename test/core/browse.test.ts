import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { StudioError } from '../../contract/errors.ts';
import { assertFolder, browseFolder } from '../../core/browse.ts';

const root = mkdtempSync(join(tmpdir(), 'browse-'));
for (const name of ['run 10', 'run 2', '.hidden']) mkdirSync(join(root, name));
for (const name of ['a.png', 'b.JPG', 'notes.txt']) writeFileSync(join(root, name), '');
const models = join(root, 'run 10');
for (const name of ['b.safetensors', 'a.pt', 'a.safetensors.index.json', 'config.json', 'tokenizer.json']) {
  writeFileSync(join(models, name), 'x'.repeat(name.length));
}
symlinkSync(join(models, 'b.safetensors'), join(models, 'linked.bin'));
symlinkSync(join(models, 'gone'), join(models, 'dangling.pt'));
symlinkSync(join(root, 'run 2'), join(root, 'link'));
symlinkSync(join(root, 'nowhere'), join(root, 'dangling'));
afterAll(() => rmSync(root, { recursive: true }));

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof StudioError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

describe('choosing a folder', () => {
  it('lists sub-folders as people count, links to folders too, hidden ones not', () => {
    expect(browseFolder(root).folders.map(({ name }) => name)).toEqual(['link', 'run 2', 'run 10']);
  });

  it('counts the image files directly inside', () => {
    expect(browseFolder(root).images).toBe(2);
  });

  it('lists checkpoint files with their sizes, links to them too, other files not', () => {
    const { checkpoints } = browseFolder(models);
    expect(checkpoints.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
      ['a.pt', 4],
      ['a.safetensors.index.json', 24],
      ['b.safetensors', 13],
      ['linked.bin', 13],
      ['tokenizer.json', 14],
    ]);
    expect(checkpoints[0]!.path).toBe(join(models, 'a.pt'));
  });

  it('leads to the parent, and from the top nowhere', () => {
    expect(browseFolder(join(root, 'run 2')).parent).toBe(root);
    expect(browseFolder('/').parent).toBeNull();
  });

  it('says what is wrong with a place that is no folder', () => {
    expect(codeOf(() => browseFolder(join(root, 'gone')))).toBe('notFound');
    expect(codeOf(() => assertFolder(join(root, 'a.png')))).toBe('badInput');
  });
});

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { StudioError } from '../../contract/errors.ts';
import { assertFolder, browseFolder } from '../../core/browse.ts';

const root = mkdtempSync(join(tmpdir(), 'browse-'));
for (const name of ['run 10', 'run 2', '.hidden']) mkdirSync(join(root, name));
for (const name of ['a.png', 'b.JPG', 'notes.txt']) writeFileSync(join(root, name), '');
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

  it('leads to the parent, and from the top nowhere', () => {
    expect(browseFolder(join(root, 'run 2')).parent).toBe(root);
    expect(browseFolder('/').parent).toBeNull();
  });

  it('says what is wrong with a place that is no folder', () => {
    expect(codeOf(() => browseFolder(join(root, 'gone')))).toBe('notFound');
    expect(codeOf(() => assertFolder(join(root, 'a.png')))).toBe('badInput');
  });
});

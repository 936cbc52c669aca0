import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeScene } from '../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';
import { hasShared, readSharedJson, sharedPath } from '../support/shared.ts';

let test: TestStudio;
beforeAll(() => {
  test = openTestStudio();
});
afterAll(() => test.close());

describe('`sfiqa evaluate`', () => {
  it.skipIf(!hasShared)('writes the table of AGIQA-3K’s MOS beside the published rows', async () => {
    const folder = test.folder('evaluate');
    const out = join(folder, 'table.md');
    const cli = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
    const data = sharedPath('data/agiqa-3k/data.csv');
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...['--disable-warning=ExperimentalWarning', cli, 'evaluate', '--protocol', 'agiqa-3k', '--data', data],
      ...['--library', join(folder, 'library'), '--repeats', '2', '--out', out],
    ]);
    const golden = readSharedJson<{
      expected_statistics: { correlation_quality_vs_alignment: { srcc: number } };
    }>('golden-stats/agiqa3k-split-and-tiers.json').expected_statistics;
    expect(stdout).toContain(golden.correlation_quality_vs_alignment.srcc.toFixed(4));
    expect(stdout).toContain('2982 images, 300 groups');
    const table = readFileSync(out, 'utf8');
    expect(table).toContain('| SF-IQA (quality) (published) | 0.9024 | 0.9314 |');
  });

  it('looks at the table first: with a wrong row no image is scored', async () => {
    const folder = test.folder('broken');
    const library = join(folder, 'library');
    writeFileSync(join(folder, 'a.png'), await encodeScene(1, { width: 32, height: 32 }));
    writeFileSync(join(folder, 'data.csv'), 'name,mos_quality\na.png,9\n');
    const cli = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
    const run = promisify(execFile)(process.execPath, [
      ...['--disable-warning=ExperimentalWarning', cli, 'evaluate', '--protocol', 'agiqa-3k'],
      ...['--data', folder, '--library', library],
    ]);
    await expect(run).rejects.toMatchObject({ stderr: expect.stringMatching(/line 2: .*outside the scale/) });
    const opened = openTestStudio({ libraryFolder: library });
    expect((await opened.client.images.query({ order: 'name' })).ids).toEqual([]);
    await opened.close();
  });

  it('says which table it misses', async () => {
    const folder = test.folder('empty');
    writeFileSync(join(folder, 'readme.txt'), 'no table here');
    const cli = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
    const run = promisify(execFile)(process.execPath, [
      ...['--disable-warning=ExperimentalWarning', cli, 'evaluate', '--protocol', 'agiqa-20k'],
      ...['--data', folder, '--library', join(folder, 'library')],
    ]);
    await expect(run).rejects.toMatchObject({ stderr: expect.stringContaining('no table of AIGIQA-20K') });
  });
});

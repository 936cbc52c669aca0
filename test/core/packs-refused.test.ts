/** What the system refuses while packs are added, exported and removed: really full disks and really closed folders. */
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { writeUntrained } from '../../scripts/support/make-untrained.ts';
import { addTiny, infoOf, type NetworkLibrary, openNetworkLibrary } from '../support/network-library.ts';
import { runAsNobody } from '../support/run-as-nobody.ts';
import { canMount, mountSmall } from '../support/small-disk.ts';

describe.skipIf(!canMount)('a full disk (only where small disks may be mounted)', () => {
  let library: NetworkLibrary;
  let packs: string;
  beforeEach(async () => {
    library = await openNetworkLibrary();
    packs = join(library.studio.folder, 'packs');
    mkdirSync(packs, { recursive: true });
  });
  afterEach(() => library.close());

  test('wherever it becomes full: adding says so with the place, and nothing of the pack is left', async () => {
    for (const files of [2, 3, 4, 6, 8, 9]) {
      const unmount = mountSmall(packs, `size=30m,nr_inodes=${files}`)!;
      try {
        const job = await library.finish(
          library.client.packs.add({ sfiqa: library.weights, precision: 'int8' }),
        );
        expect(job.error, `${files} files`).toMatchObject({
          code: 'diskFull',
          message: expect.stringContaining(packs),
        });
        expect(readdirSync(packs)).toEqual([]);
      } finally {
        unmount();
      }
    }
    expect(library.studio.packs.size).toBe(1);
  });

  test('that is too small is known before anything is written', async () => {
    const unmount = mountSmall(packs, 'size=1m')!;
    try {
      await expect(
        library.client.packs.add({ sfiqa: library.weights, precision: 'int8' }),
      ).rejects.toMatchObject({ code: 'diskFull', message: expect.stringMatching(/writes .* MB.*free/) });
      expect(readdirSync(packs)).toEqual([]);
    } finally {
      unmount();
    }
  });

  test('at the end of an export leaves nothing, and the pack as it was', async () => {
    const id = await addTiny(library);
    const before = await infoOf(library, id);
    const disk = library.folder('disk');
    const unmount = mountSmall(disk, 'size=30m,nr_inodes=5')!;
    try {
      const job = await library.finish(library.client.packs.export({ id, folder: join(disk, 'out') }));
      expect(job.error).toMatchObject({ code: 'diskFull', message: expect.stringContaining(disk) });
      expect(readdirSync(disk)).toEqual([]);
    } finally {
      unmount();
    }
    expect(await infoOf(library, id)).toEqual(before);
  });
});

describe.skipIf(runAsNobody === null)('no permission (only as root, who can be somebody else)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sfiqa-closed-'));
  let weights: string;
  beforeAll(async () => {
    chmodSync(folder, 0o777);
    weights = await writeUntrained('tiny', join(folder, 'weights'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function models(...args: string[]) {
    return runAsNobody!(join(folder, 'library'), ['models', ...args]);
  }

  test('to read a checkpoint, to write the library, to remove a pack: each names its place, and nothing is half done', async () => {
    chmodSync(weights, 0o600);
    const unread = await models('add', '--sfiqa', weights);
    expect(unread.err).toContain(`${weights} cannot be read or written: the system gives this account no`);
    chmodSync(weights, 0o644);
    expect((await models('add', '--sfiqa', weights)).code).toBe(0);
    chmodSync(weights, 0o600);
    expect((await models('list')).out).toMatch(/weights\.safetensors cannot be read any more/);
    chmodSync(weights, 0o644);

    // Others may enter the folder, but change nothing in it.
    const packs = join(folder, 'library', 'packs');
    chownSync(packs, 0, 0);
    chmodSync(packs, 0o755);
    const manifest = readFileSync(join(packs, 'sfiqa-base', 'manifest.json'), 'utf8');
    expect((await models('add', '--sfiqa', weights, '--id', 'two')).err).toContain(
      join(packs, '.adding-two'),
    );
    const removed = await models('remove', 'sfiqa-base');
    expect(removed.err).toContain(`${join(packs, 'sfiqa-base')} cannot be removed`);
    expect(removed.code).toBe(1);
    expect(readdirSync(packs)).toEqual(['sfiqa-base']);
    expect(readFileSync(join(packs, 'sfiqa-base', 'manifest.json'), 'utf8')).toBe(manifest);
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o755 });
    expect((await models('export', 'sfiqa-base', join(closed, 'out'))).err).toContain(join(closed, 'out'));
    expect(readdirSync(closed)).toEqual([]);
  });
});

/** Scoring a folder of real files through a real models process: every file gets its scores or its reason, and nothing is done twice. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Job } from '../../contract/jobs.ts';
import type { ModelsChannel, ModelsRequest } from '../../native-models/messages.ts';
import { lendModels } from '../support/lend-models.ts';
import { encodeScene, withPngText } from '../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

const size = { width: 96, height: 64 };
const isRoot = process.getuid?.() === 0;

/** A models process, with a record of what it was asked and a way to end it. */
class WatchedModels {
  readonly asked: ModelsRequest[] = [];
  channel: ModelsChannel | null = null;
  starts = 0;
  onRequest: (request: ModelsRequest) => void = () => undefined;
  /** Called when an image has been looked at. */
  onLook: () => void = () => undefined;

  launch = (): ModelsChannel => {
    const channel = lendModels();
    this.channel = channel;
    this.starts += 1;
    const looks = new Set<number>();
    return {
      ...channel,
      post: (message) => {
        channel.post(message);
        if (!('request' in message)) return;
        if (message.request.kind === 'look') looks.add(message.id);
        this.asked.push(message.request);
        this.onRequest(message.request);
      },
      onMessage: (listener) =>
        channel.onMessage((message) => {
          listener(message);
          if ('answer' in message && looks.has(message.id)) this.onLook();
        }),
    };
  };

  count(kind: ModelsRequest['kind']): number {
    return this.asked.filter((request) => request.kind === kind).length;
  }
}

let models: WatchedModels;
let studio: TestStudio;
let folder: string;
beforeEach(() => {
  models = new WatchedModels();
  studio = openTestStudio({ launchModels: models.launch });
  folder = studio.folder('images');
});
afterEach(() => studio.close());

async function score(recursive = true): Promise<Job> {
  return await studio.finish(studio.client.library.score({ folder, recursive }));
}

async function writeImage(name: string, seed: number): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, await encodeScene(seed, size));
  return path;
}

async function imageNames(): Promise<string[]> {
  const { ids } = await studio.client.images.query({ order: 'name' });
  return (await studio.client.images.cards({ ids })).map((card) => card.name).sort();
}

async function failures(): Promise<Record<string, string>> {
  const failed = await studio.client.library.failures();
  return Object.fromEntries(failed.map(({ path, code }) => [path.slice(folder.length + 1), code]));
}

describe('a mixed folder', () => {
  test('good files of every format are scored, each bad one has its reason, the run ends well', async () => {
    for (const format of ['png', 'jpeg', 'webp', 'avif', 'tiff', 'gif'] as const) {
      writeFileSync(join(folder, `good.${format}`), await encodeScene(format.length, size, format));
    }
    const png = await encodeScene(9, size);
    writeFileSync(join(folder, 'really-png.jpg'), png);
    writeFileSync(join(folder, 'empty.png'), '');
    writeFileSync(join(folder, 'text.png'), 'words');
    writeFileSync(join(folder, 'cut.png'), png.subarray(0, png.length / 2));
    writeFileSync(join(folder, 'notes.txt'), 'not an image by name, so not looked at');
    mkdirSync(join(folder, 'folder.png'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling.png'));
    const huge = Buffer.from(png);
    huge.writeUInt32BE(30_000, 16);
    huge.writeUInt32BE(30_000, 20);
    writeFileSync(join(folder, 'huge.png'), huge);
    const job = await score();
    expect(job).toMatchObject({ state: 'done', error: null, summary: { scored: 7, failed: 5, skipped: 0 } });
    expect(await failures()).toEqual({
      'empty.png': 'empty',
      'text.png': 'unsupported',
      'cut.png': 'damaged',
      'huge.png': 'tooManyPixels',
      'dangling.png': 'unreadable',
    });
    const { ids } = await studio.client.images.query({});
    for (const card of await studio.client.images.cards({ ids })) {
      expect(card.scores['quality'], card.name).toBeTypeOf('number');
      expect(card.scores['alignment'], card.name).toBeTypeOf('number');
    }
  });

  test('a file that failed for good is not opened again until it changes', async () => {
    const path = join(folder, 'late.png');
    writeFileSync(path, '');
    await score();
    const before = models.asked.length;
    expect((await score()).summary).toMatchObject({ scored: 0, failed: 1 });
    expect(models.asked.length).toBe(before);
    writeFileSync(path, await encodeScene(1, size));
    expect((await score()).summary).toMatchObject({ scored: 1, failed: 0 });
    expect(await failures()).toEqual({});
  });

  test('prompts come from the file, and a sidecar outranks it', async () => {
    const png = withPngText(
      await encodeScene(4, size),
      'parameters',
      'from the file\nSteps: 2, Model: painter',
    );
    writeFileSync(join(folder, 'a.png'), png);
    writeFileSync(join(folder, 'b.png'), withPngText(png, 'note', 'another content'));
    writeFileSync(join(folder, 'b.txt'), 'from the sidecar\n');
    await score();
    const { ids } = await studio.client.images.query({ order: 'name' });
    const cards = await studio.client.images.cards({ ids });
    expect(cards.map(({ name, prompt, generator }) => [name, prompt, generator])).toEqual([
      ['a.png', 'from the file', 'painter'],
      ['b.png', 'from the sidecar', 'painter'],
    ]);
  });
});

describe('identity', () => {
  test('unchanged files are neither opened nor decoded again', async () => {
    await writeImage('a.png', 1);
    await writeImage('b.png', 2);
    await score();
    const before = models.asked.length;
    expect((await score()).summary).toMatchObject({ scored: 0, skipped: 2, failed: 0 });
    expect(models.asked.length).toBe(before);
  });

  test('a touched file is hashed but not decoded again', async () => {
    const path = await writeImage('a.png', 1);
    await score();
    utimesSync(path, new Date(), new Date(Date.now() + 60_000));
    await score();
    expect([models.count('identify'), models.count('look')]).toEqual([2, 1]);
  });

  test('a renamed and moved file is the same image with the same scores, without decoding', async () => {
    const path = await writeImage('old.png', 1);
    await score();
    const { ids } = await studio.client.images.query({});
    const before = await studio.client.images.detail({ id: ids[0]! });
    mkdirSync(join(folder, 'sub'));
    renameSync(path, join(folder, 'sub', 'new.png'));
    await score();
    expect((await studio.client.images.query({})).ids).toEqual(ids);
    const after = await studio.client.images.detail({ id: ids[0]! });
    expect(after.scores).toEqual(before.scores);
    expect(after.paths).toEqual([join(folder, 'sub', 'new.png')]);
    expect(models.count('look')).toBe(1);
  });

  test('equal contents under several names are one image, looked at once', async () => {
    // So many that the last are begun when the first was looked at and is not stored yet.
    const count = 24;
    const path = await writeImage('0.png', 7);
    for (let at = 1; at < count; at++) copyFileSync(path, join(folder, `${at}.png`));
    expect((await score()).summary).toMatchObject({ scored: count });
    expect(models.count('look')).toBe(1);
    expect((await studio.client.images.query({})).ids).toHaveLength(1);
  });

  test('a content that changed under the same name becomes another image', async () => {
    await writeImage('a.png', 1);
    await score();
    await writeImage('a.png', 2);
    await score();
    const { ids } = await studio.client.images.query({ filter: { hasFile: true } });
    expect(ids).toHaveLength(1);
    expect((await studio.client.images.query({})).ids).toHaveLength(2);
  });
});

describe('strange names and folders', () => {
  test('newlines, umlauts, and names that are not UTF-8', async () => {
    await writeImage('two\nlines.png', 1);
    await writeImage('Füchsin 🦊.png', 2);
    const raw = Buffer.concat([Buffer.from(`${folder}/latin-`), Buffer.from([0xe9]), Buffer.from('.png')]);
    writeFileSync(raw, await encodeScene(3, size));
    expect((await score()).summary).toMatchObject({ scored: 3, failed: 0 });
    expect(await imageNames()).toEqual(['Füchsin 🦊.png', 'latin-%E9.png', 'two\nlines.png'].sort());
    expect((await score()).summary).toMatchObject({ scored: 0, skipped: 3 });
  });

  test('symbolic link loops end, and a folder reached twice is walked once', async () => {
    mkdirSync(join(folder, 'a'));
    symlinkSync(folder, join(folder, 'a', 'up'));
    symlinkSync(join(folder, 'a'), join(folder, 'b'));
    symlinkSync(join(folder, 'loop2.png'), join(folder, 'loop1.png'));
    symlinkSync(join(folder, 'loop1.png'), join(folder, 'loop2.png'));
    await writeImage('a/one.png', 1);
    expect((await score()).summary).toMatchObject({ scored: 1, failed: 2 });
    expect(await failures()).toEqual({ 'loop1.png': 'unreadable', 'loop2.png': 'unreadable' });
  });

  test('without sub-folders only the folder itself is looked at', async () => {
    mkdirSync(join(folder, 'sub'));
    await writeImage('sub/a.png', 1);
    await writeImage('b.png', 2);
    expect((await score(false)).summary).toMatchObject({ scored: 1 });
    expect(await imageNames()).toEqual(['b.png']);
  });

  test.skipIf(isRoot)(
    'an unreadable folder and file have their reasons (not as root, whom nothing stops)',
    async () => {
      mkdirSync(join(folder, 'closed'));
      await writeImage('closed/a.png', 1);
      await writeImage('secret.png', 2);
      await writeImage('open.png', 3);
      execFileSync('chmod', ['000', join(folder, 'closed'), join(folder, 'secret.png')]);
      try {
        expect((await score()).summary).toMatchObject({ scored: 1, failed: 2 });
        expect(await failures()).toEqual({ closed: 'unreadable', 'secret.png': 'unreadable' });
      } finally {
        execFileSync('chmod', ['700', join(folder, 'closed'), join(folder, 'secret.png')]);
      }
    },
  );
});

describe('stopping and dying', () => {
  test('a cancelled run keeps what is done, and the next one does the rest', async () => {
    const count = 24;
    for (let at = 0; at < count; at++) await writeImage(`${at}.png`, at + 1);
    const job = await studio.client.library.score({ folder });
    await new Promise<void>((resolve) => {
      models.onLook = resolve;
    });
    const cancelled = await studio.client.jobs.cancel({ id: job.id });
    expect(cancelled.state).toBe('cancelled');
    const first = cancelled.summary?.scored ?? 0;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(count);
    const looks = models.count('look');
    expect((await score()).summary).toMatchObject({ scored: count - first, skipped: first, failed: 0 });
    expect(models.count('look')).toBe(looks + count - first);
  });

  test('SIGKILL of the models process at several moments: the run completes, nothing is missing', async () => {
    const count = 14;
    for (let at = 0; at < count; at++) await writeImage(`${at}.png`, at + 1);
    let kills = 0;
    models.onRequest = () => {
      if (kills < 3 && models.asked.length > 8 * (kills + 1)) {
        kills += 1;
        models.channel?.kill();
      }
    };
    expect((await score()).summary).toMatchObject({ scored: count, failed: 0 });
    expect(kills).toBe(3);
    expect(models.starts).toBeGreaterThan(1);
    expect(await imageNames()).toHaveLength(count);
  });

  test('a file that was hit by chance when the process was killed from outside, three times over, is not blamed', async () => {
    for (let at = 0; at < 6; at++) await writeImage(`${at}.png`, at + 1);
    const unlucky = await writeImage('unlucky.png', 99);
    let hits = 0;
    models.onRequest = (request) => {
      if (request.kind !== 'look' || request.path !== unlucky || hits === 3) return;
      hits += 1;
      models.channel?.kill();
    };
    expect((await score()).summary).toMatchObject({ scored: 7, failed: 0 });
    expect(hits).toBe(3);
  });

  test('a file that ends the process again and again is failed by its name, and all others are scored', async () => {
    for (let at = 0; at < 6; at++) await writeImage(`${at}.png`, at + 1);
    const killer = await writeImage('killer.png', 99);
    models.onRequest = (request) => {
      if (request.kind === 'look' && request.path === killer) models.channel?.kill();
    };
    expect((await score()).summary).toMatchObject({ scored: 6, failed: 1 });
    expect(await failures()).toEqual({ 'killer.png': 'crashed' });
    models.onRequest = () => undefined;
    expect((await score()).summary).toMatchObject({ scored: 1, skipped: 6, failed: 0 });
  });
});

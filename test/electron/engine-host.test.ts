import { closeSync, existsSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lockLibrary } from '../../db/lock.ts';
import { addImages } from '../support/add-images.ts';
import { openTestStudio } from '../support/open-test-studio.ts';
import { type DoorPlace, makeDoorPlace } from './door-place.ts';
import type { ElectronDouble } from './double/open-electron.ts';

let place: DoorPlace;
let app: ElectronDouble;

beforeAll(async () => {
  place = await makeDoorPlace();
  app = place.open('library');
  await app.pageAt('/');
});

afterAll(async () => {
  await place.end();
});

async function makeImages(count: number): Promise<string> {
  const images = join(place.folder, 'images');
  mkdirSync(images, { recursive: true });
  for (let i = 0; i < count; i++) {
    const noise = { type: 'gaussian' as const, mean: 100 + 20 * i, sigma: 10 + 10 * i };
    await sharp({ create: { width: 320, height: 256, channels: 3, background: '#888', noise } })
      .png()
      .toFile(join(images, `made-${i}.png`));
  }
  return images;
}

async function countImages(): Promise<number> {
  return await app.page!.evaluate(
    async () => ((await (await fetch('/api/library')).json()) as { images: number }).images,
  );
}

async function pidOf(name: 'Engine' | 'Models'): Promise<number> {
  return ((await app.ask({ kind: 'processes' })) as Record<string, number>)[name]!;
}

describe('the engine behind the window', () => {
  test('streams events while they happen', async () => {
    const chunk = await app.page!.evaluate(async () => {
      const abort = new AbortController();
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
        signal: abort.signal,
      };
      const response = await fetch('/rpc/events/watch', init);
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      while (!text.includes('hello')) text += (await reader.read()).value ?? '';
      abort.abort();
      return `${response.headers.get('content-type')} ${text}`;
    });
    expect(chunk).toContain('text/event-stream');
    expect(chunk).toContain('hello');
  });

  test('scores a folder of images through the models process and shows them', async () => {
    const images = await makeImages(3);
    const page = app.page!;
    await page.evaluate(async (path) => {
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ folder: path }),
      };
      const response = await fetch('/api/library/score', init);
      if (!response.ok) throw new Error(await response.text());
    }, images);
    const states = () =>
      page.evaluate(async () =>
        ((await (await fetch('/api/jobs')).json()) as { state: string }[]).map(({ state }) => state),
      );
    await expect.poll(states).toEqual(['done']);
    expect(await countImages()).toBe(3);
    const thumb = await page.evaluate(async () => {
      const response = await fetch('/thumb/1');
      const bitmap = await createImageBitmap(await response.blob());
      return [response.status, bitmap.width > 0];
    });
    expect(thumb).toEqual([200, true]);
    const detail = await page.evaluate(
      async () => (await (await fetch('/api/images/1')).json()) as { scores: Record<string, number> },
    );
    expect(Object.keys(detail.scores).sort()).toEqual(['alignment', 'quality']);
  });

  test('moves a rejected picture to the trash by the window’s process, and tells why one could not go', async () => {
    const post = (path: string, body: unknown) =>
      app.page!.evaluate(
        async ([to, text]) => {
          const headers = { 'content-type': 'application/json' };
          return await (await fetch(to!, { method: 'POST', headers, body: text! })).json();
        },
        [path, JSON.stringify(body)],
      );
    const images = join(place.folder, 'images');
    mkdirSync(join(images, 'extra'));
    await sharp({ create: { width: 64, height: 64, channels: 3, background: '#284' } }).toFile(
      join(images, 'extra', 'one.png'),
    );
    await post('/api/library/score', { folder: join(images, 'extra') });
    await expect.poll(countImages).toBe(4);
    await post('/api/curate', { imageIds: [4], flag: 'reject' });
    await post('/api/curate/trash', { imageIds: [4] });
    await expect.poll(() => existsSync(join(images, 'extra', 'one.png.trashed'))).toBe(true);
  });

  test('when it is killed, the window says so and starts it again where the person was; nothing stored is lost', async () => {
    const before = await pidOf('Engine');
    await app.page!.goto(new URL('/settings', app.page!.url()).href);
    process.kill(before, 'SIGKILL');
    const page = await app.pageAt('/engine-ended');
    await page.getByText('Every vote that was shown as saved is on disk').waitFor();
    await page.getByRole('link', { name: 'Start it again' }).click();
    await app.pageAt('/settings');
    await page.getByRole('navigation').first().waitFor();
    expect(await pidOf('Engine')).not.toBe(before);
    expect(await countImages()).toBe(4);
  });

  test('a library that another studio has open is not touched: the window says who has it', async () => {
    const held = join(place.folder, 'held');
    mkdirSync(held);
    const lock = lockLibrary(held, { door: 'cli', pid: 4711, since: '2026-01-01T00:00:00.000Z' });
    const other = place.open('held');
    const page = await other.pageAt('/library-closed');
    await expect.poll(() => page.textContent('main')).toContain('4711');
    lock.release();
    await page.getByRole('link', { name: 'Try again' }).click();
    await other.pageAt('/');
  });
});

describe('a damaged library', () => {
  test('is gone back with from the window: to the newest whole backup, beside the damaged file', async () => {
    const libraryFolder = join(place.folder, 'damaged');
    const made = openTestStudio({ libraryFolder });
    addImages(made.studio, 3);
    await made.client.library.backUp();
    await made.close();
    const file = openSync(join(libraryFolder, 'studio.sqlite'), 'r+');
    writeSync(file, Buffer.alloc(60_000, 7), 0, 60_000, 4096);
    closeSync(file);
    const door = place.open('damaged');
    const page = await door.pageAt('/library-closed');
    await expect.poll(() => page.textContent('main')).toContain('damaged');
    await page.getByRole('link', { name: 'Go back to the newest whole backup' }).click();
    await (await door.pageAt('/')).getByRole('navigation').first().waitFor();
    const images = await door.page!.evaluate(
      async () => (await (await fetch('/api/library')).json()) as unknown,
    );
    expect(images).toMatchObject({ images: 3 });
  });
});

describe('one studio', () => {
  test('a second start brings the first window to the front and ends', async () => {
    const userData = place.makeUserData();
    const first = place.open('twice', userData);
    await first.pageAt('/');
    const second = place.open('twice', userData);
    await second.waitFor('secondInstance');
    await first.ask({ kind: 'secondInstance' });
    expect(await second.exited).toBe(0);
    expect(second.told.map(({ kind }) => kind)).not.toContain('window');
    expect(first.told.map(({ kind }) => kind).slice(-2)).toEqual(['show', 'focus']);
  });

  test('closing the window closes the library cleanly and ends every process', async () => {
    const closing = place.open('closed');
    await closing.pageAt('/');
    const { Engine: engine } = (await closing.ask({ kind: 'processes' })) as { Engine: number };
    void closing.ask({ kind: 'closeWindow' });
    expect(await closing.exited).toBe(0);
    expect(() => process.kill(engine, 0)).toThrow('ESRCH');
    expect(existsSync(join(place.folder, 'closed/studio.sqlite-wal'))).toBe(false);
  });
});

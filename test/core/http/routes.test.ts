/** The routes beside the contract: images by id, exports, dropped files, the page. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFetch, createGuardedFetch, type Fetch } from '../../../core/server.ts';
import { encodeScene, writeScenes } from '../../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';

const own = 'http://studio.test';
let opened: TestStudio;
let fetchStudio: Fetch;
let folder: string;
let png: number;
let tiff: number;

beforeAll(async () => {
  opened = openTestStudio();
  fetchStudio = createFetch(opened.studio);
  folder = opened.folder('pictures');
  await writeScenes(folder, 2, { width: 640, height: 480 });
  writeFileSync(join(folder, 'picture.tiff'), await encodeScene(9, { width: 120, height: 80 }, 'tiff'));
  await opened.finish(opened.client.library.score({ folder }));
  const { ids } = await opened.client.images.query({ order: 'name' });
  [tiff, png] = [ids[0]!, ids[1]!];
});
afterAll(async () => await opened.close());

async function ask(path: string, init?: RequestInit): Promise<Response> {
  return await fetchStudio(new Request(own + path, init));
}

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

describe('/image/:id', () => {
  test('gives the very bytes that were scored, with their hash as the entity tag', async () => {
    const response = await ask(`/image/${png}`);
    expect(response.headers.get('content-type')).toBe('image/png');
    const bytes = await bytesOf(response);
    expect(response.headers.get('etag')).toBe(`"${createHash('sha256').update(bytes).digest('hex')}"`);
    expect(bytes.equals(readFileSync(join(folder, 'scene-000.png')))).toBe(true);
  });

  test('answers 304 to a page that has it', async () => {
    const etag = (await ask(`/image/${png}`)).headers.get('etag') ?? '';
    expect((await ask(`/image/${png}`, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  test('converts what browsers do not show, at full size and without loss', async () => {
    const response = await ask(`/image/${tiff}`);
    expect(response.headers.get('content-type')).toBe('image/webp');
    const shown = await sharp(await bytesOf(response))
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const stored = await sharp(join(folder, 'picture.tiff')).raw().toBuffer();
    expect([shown.info.width, shown.info.height]).toEqual([120, 80]);
    expect(shown.data.equals(stored)).toBe(true);
  });

  test('never shows other pixels than those that were scored', async () => {
    const path = join(folder, 'scene-001.png');
    const detail = await opened.client.images.query({ filter: { text: 'scene-001' } });
    const id = detail.ids[0]!;
    const before = readFileSync(path);
    writeFileSync(path, await encodeScene(77, { width: 640, height: 480 }));
    const response = await ask(`/image/${id}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      code: 'notFound',
      message: expect.stringContaining('changed'),
    });
    writeFileSync(path, before);
    utimesSync(path, 1, 1);
  });

  test.each(['/image/0', '/image/x', '/image/1/2', '/image/', '/image/1e9999'])(
    '%s is a bad request',
    async (path) => {
      expect((await ask(path)).status).toBe(400);
    },
  );

  test('an id that does not exist is not found', async () => {
    expect((await ask('/image/999')).status).toBe(404);
  });
});

describe('/thumb/:id', () => {
  test('gives a small WebP, made once and kept', async () => {
    const response = await ask(`/thumb/${png}`);
    expect(response.headers.get('content-type')).toBe('image/webp');
    const { width = 0, height = 0 } = await sharp(await bytesOf(response)).metadata();
    expect(Math.max(width, height)).toBe(448);
    expect(width / height).toBeCloseTo(640 / 480, 1);
    const cache = join(opened.studio.folder, 'cache', 'thumbnails');
    const kept = readdirSync(cache, { recursive: true }).map(String);
    expect(kept.filter((name) => name.endsWith('.webp'))).toHaveLength(1);
    expect((await bytesOf(await ask(`/thumb/${png}`))).length).toBeGreaterThan(0);
  });

  test('is given, and not kept, where the library’s disk takes no file', async () => {
    const cache = join(opened.studio.folder, 'cache');
    rmSync(cache, { recursive: true });
    writeFileSync(cache, 'a file where the folder was');
    const response = await ask(`/thumb/${png}`);
    const { width = 0 } = await sharp(await bytesOf(response)).metadata();
    expect(width).toBe(448);
    rmSync(cache);
  });

  test('comes in a small size, and in no other', async () => {
    const small = await ask(`/thumb/${png}?px=224`);
    const { width = 0, height = 0 } = await sharp(await bytesOf(small)).metadata();
    expect(Math.max(width, height)).toBe(224);
    const refused = await ask(`/thumb/${png}?px=225`);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ message: expect.stringContaining('224 and 448') });
  });
});

describe('/export', () => {
  test('downloads the scores as CSV', async () => {
    const response = await ask('/export?kind=scores');
    expect(response.headers.get('content-type')).toContain('text/csv');
    expect(response.headers.get('content-disposition')).toContain('attachment');
    expect((await response.text()).split('\n')[0]).toMatch(/^name,path,prompt,generator,pack,/);
  });

  test.each(['/export', '/export?kind=nonsense', '/export?kind=mos', '/export?kind=mos&mosSetId=x'])(
    '%s is a bad request',
    async (path) => {
      expect((await ask(path)).status).toBe(400);
    },
  );
});

describe('/drop', () => {
  test('stores a file of a dropped folder in the library, below its own name', async () => {
    const { drop, folder: to } = await opened.client.library.beginDrop({ name: 'my pictures' });
    const put = await ask(`/drop/${encodeURIComponent(drop)}/sub/${encodeURIComponent('a b.png')}`, {
      method: 'PUT',
      body: 'content',
    });
    expect(put.status).toBe(204);
    expect(readFileSync(join(to, 'sub', 'a b.png'), 'utf8')).toBe('content');
  });

  test.each([
    ['..%2foutside.png'],
    ['%2e%2e/%2e%2e/outside.png'],
    ['a/..%2f..%2f..%2foutside.png'],
    ['a%00b.png'],
    [''],
  ])('a path that leaves the drop is refused: %s', async (path) => {
    const { drop } = await opened.client.library.beginDrop({ name: 'x' });
    const put = await ask(`/drop/${encodeURIComponent(drop)}/${path}`, { method: 'PUT', body: 'content' });
    expect(put.status).toBeGreaterThanOrEqual(400);
    const all = readdirSync(opened.studio.folder, { recursive: true }).map(String);
    expect(all.filter((name) => name.includes('outside'))).toEqual([]);
  });

  test('a file beyond the byte limit is refused and leaves nothing behind', async () => {
    const { maxBytes } = await opened.client.settings.get();
    await opened.client.settings.change({ maxBytes: 1000 });
    const { drop, folder: to } = await opened.client.library.beginDrop({ name: 'big' });
    const put = await ask(`/drop/${encodeURIComponent(drop)}/big.png`, {
      method: 'PUT',
      body: 'x'.repeat(1001),
    });
    await opened.client.settings.change({ maxBytes });
    expect(put.status).toBe(413);
    expect(existsSync(join(to, 'big.png'))).toBe(false);
    expect(readdirSync(to)).toEqual([]);
  });
});

describe('/api', () => {
  test('says in words what is wrong with a question that does not fit: which field, or the language’s own sentence', async () => {
    const post = async (path: string, body: unknown) => {
      const headers = { 'content-type': 'application/json' };
      const response = await ask(`/api${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: response.status, ...((await response.json()) as { code: string; message: string }) };
    };
    expect(await post('/images/query', { filter: { query: 'fox '.repeat(501) } })).toMatchObject({
      status: 400,
      code: 'badInput',
      message: expect.stringMatching(/^A query takes at most 2,000 letters/),
    });
    expect(await post('/curate', { imageIds: [] })).toMatchObject({
      code: 'badInput',
      message: 'Select images first.',
    });
    expect(await post('/curate', { imageIds: [png], flag: 'maybe' })).toMatchObject({
      code: 'badInput',
      message: expect.stringMatching(/“flag” is none of pick, reject/),
    });
  });
});

describe('the page', () => {
  test('every path a person may have in the address bar gives it, with a nonce of its own', async () => {
    const [one, two] = await Promise.all([ask('/'), ask('/studies/3')]);
    expect(one.headers.get('content-type')).toContain('text/html');
    const nonce = /nonce-([^']+)'/;
    const nonceOf = (response: Response) =>
      nonce.exec(response.headers.get('content-security-policy') ?? '')?.[1];
    expect(nonceOf(one)).toBeDefined();
    expect(nonceOf(one)).not.toBe(nonceOf(two));
  });

  test('it comes with the answer to who is asking, of whatever name', async () => {
    const fetchGuarded = createGuardedFetch(opened.studio);
    const raterName = '"><script>&quot;';
    const caller = { role: 'rater', studyId: 3, raterId: 1, raterName } as const;
    const page = await fetchGuarded(new Request(`${own}/rate/3`), { caller, address: 'here' });
    const told = /<meta name="who" content="([^"]*)"/.exec(await page.text())?.[1] ?? '';
    const plain = told.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
    expect(JSON.parse(plain)).toMatchObject({ role: 'rater', studyId: 3, raterName, addresses: [] });
  });

  test('a malformed path is no crash', async () => {
    for (const path of ['/assets/%', '/%ff.js', '/a.js%00', '/drop/%/x']) {
      expect([400, 404]).toContain((await ask(path)).status);
    }
  });
});

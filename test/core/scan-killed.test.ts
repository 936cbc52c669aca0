/** A scan whose engine is killed, as a real process, goes on by itself where it was when the library is opened again. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { saveRoot } from '../../db/files.ts';
import { encodeScene, withPngText } from '../support/make-images.ts';
import { openTestStudio } from '../support/open-test-studio.ts';
import { type StudioClient, startWebStudio } from '../support/web-studio.ts';

const files = 120;
const kills = 3;
const patience = { timeout: 60_000, interval: 20 };

test('killed three times in the middle, a scan has every file once in the end, and no picture is decoded twice', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scan-killed-'));
  const libraryFolder = join(folder, 'library');
  try {
    await makeLibrary(libraryFolder, join(folder, 'images'));
    const decoded = new Map<string, number>();
    for (let kill = 1; kill <= kills; kill += 1) {
      const engine = await startWebStudio({ libraryFolder });
      const enough = (kill * files) / (kills + 1);
      await expect.poll(() => countImages(engine.client), patience).toBeGreaterThanOrEqual(enough);
      await engine.kill();
      for (const [name, at] of listThumbnails(libraryFolder)) if (!decoded.has(name)) decoded.set(name, at);
    }
    expect(decoded.size).toBeGreaterThan(files / 2);
    const engine = await startWebStudio({ libraryFolder });
    await expect.poll(() => countImages(engine.client), patience).toBe(files);
    const [root] = await engine.client.library.roots();
    await engine.stop();
    expect(root).toMatchObject({ files, failed: 0, missing: 0 });
    const kept = listThumbnails(libraryFolder);
    expect(kept.size).toBe(files);
    for (const [name, at] of decoded) expect(kept.get(name), `${name} was made again`).toBe(at);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A library that has the folder and has not looked at it yet; every file is a content of its own. */
async function makeLibrary(libraryFolder: string, images: string): Promise<void> {
  mkdirSync(images);
  const scene = await encodeScene(1, { width: 512, height: 512 });
  for (let at = 0; at < files; at += 1) {
    writeFileSync(join(images, `image-${at}.png`), withPngText(scene, 'parameters', `fox ${at}\nSteps: 20`));
  }
  const { studio, close } = openTestStudio({ libraryFolder });
  saveRoot(studio.db, images, true, Date.now());
  await close();
}

async function countImages(client: StudioClient): Promise<number> {
  return (await client.library.info()).images;
}

/** When each large thumbnail, which is written last, was written. */
function listThumbnails(libraryFolder: string): Map<string, number> {
  const cache = join(libraryFolder, 'cache');
  const names = readdirSync(cache, { recursive: true, encoding: 'utf8' });
  const large = names.filter((name) => /[/\\][0-9a-f]{64}\.webp$/.test(name));
  return new Map(large.map((name) => [name, statSync(join(cache, name)).mtimeMs]));
}

/** `npm start`: builds the page when it is older than its sources, and opens the studio one way or the other. */
import { spawn } from 'node:child_process';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isOutdated } from '../../../scripts/start/page.js';
import { makeTemporaryFolder } from '../../db/temporary-database.ts';

const start = fileURLToPath(new URL('../../../scripts/start.js', import.meta.url));
const run = fileURLToPath(new URL('../../../scripts/run.js', import.meta.url));

describe('the page', () => {
  function write(path: string, atSeconds: number): string {
    writeFileSync(path, 'x');
    utimesSync(path, atSeconds, atSeconds);
    return path;
  }

  test('is built when it was never built', () => {
    expect(isOutdated(join(makeTemporaryFolder(), 'index.html'), [])).toBe(true);
  });

  test('is built again when anything below its sources is newer, however deep', () => {
    const folder = makeTemporaryFolder();
    const page = write(join(folder, 'index.html'), 2000);
    const sources = join(folder, 'sources');
    mkdirSync(join(sources, 'deep', 'deeper'), { recursive: true });
    write(join(sources, 'a.ts'), 1000);
    for (const path of [join(sources, 'deep', 'deeper'), join(sources, 'deep'), sources])
      utimesSync(path, 900, 900);
    expect(isOutdated(page, [sources, join(folder, 'missing')])).toBe(false);
    write(join(sources, 'deep', 'deeper', 'b.ts'), 3000);
    for (const path of [join(sources, 'deep', 'deeper'), join(sources, 'deep'), sources])
      utimesSync(path, 900, 900);
    expect(isOutdated(page, [sources])).toBe(true);
  });
});

interface Started {
  /** The URL it prints, once it does. */
  url: Promise<string>;
  printed: () => string;
  ended: Promise<number | null>;
  kill: (signal: NodeJS.Signals) => void;
}

function startStudio(args: string[]): Started {
  const library = join(makeTemporaryFolder(), 'library');
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of ['DISPLAY', 'WAYLAND_DISPLAY']) delete env[name];
  const child = spawn(process.execPath, [...args, '--library', library, '--port', '0', '--no-open'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const url = new Promise<string>((resolve, reject) => {
    function read(chunk: Buffer): void {
      text += chunk.toString('utf8');
      const found = /http:\/\/[^\s]+\//.exec(text)?.[0];
      if (found !== undefined) resolve(found);
    }
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then((code) => reject(new Error(`It ended (${code}): ${text}`)));
  });
  return { url, printed: () => text, ended, kill: (signal) => child.kill(signal) };
}

describe.skipIf(process.platform !== 'linux')('without a display', () => {
  test('it says in one line why Electron is not used, answers on loopback, and ends cleanly on Ctrl-C', async () => {
    const { url, printed, ended, kill } = startStudio([run, 'node', start]);
    const page = await fetch(await url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<title>SF-IQA Studio</title>');
    const lines = printed().trim().split('\n');
    expect(lines.at(-2)).toMatch(/^Electron is not used \(there is no display\)/);
    kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  test('--web takes the web door without a word about Electron', async () => {
    const { url, printed, ended, kill } = startStudio([start, '--web']);
    await url;
    expect(printed()).not.toContain('Electron');
    kill('SIGINT');
    expect(await ended).toBe(0);
  });
});

import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

/** Ports on which a process listens: its sockets among the system's listening ones (Linux). */
function listeningPorts(pid: number): string[] {
  const sockets = new Set<string>();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    try {
      sockets.add(readlinkSync(`/proc/${pid}/fd/${fd}`));
    } catch {
      // It was closed meanwhile.
    }
  }
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === '0A' && sockets.has(`socket:[${inode}]`))
      .map(([, local]) => local!),
  );
}

describe('the window', () => {
  test('opens the studio through its own protocol', async () => {
    const page = await app.pageAt('/');
    await page.getByRole('navigation').first().waitFor();
    expect(await page.title()).toContain('SF-IQA Studio');
    const { schemes } = await app.waitFor('schemes');
    expect(schemes).toEqual([
      {
        scheme: 'studio',
        privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
      },
    ]);
    const info = await page.evaluate(
      async () => (await (await fetch('/api/library')).json()) as { door: string },
    );
    expect(info.door).toBe('electron');
  });

  test.runIf(process.platform === 'linux')('listens on no port, in none of its processes', async () => {
    await app.page!.evaluate(async () => void (await fetch('/api/doctor')));
    const processes = (await app.ask({ kind: 'processes' })) as Record<string, number>;
    expect(Object.keys(processes)).toEqual(['Engine', 'Models']);
    for (const pid of [app.child.pid!, ...Object.values(processes)]) expect(listeningPorts(pid)).toEqual([]);
    // The same look finds the port that this test's own process has open for the browser.
    expect(listeningPorts(process.pid).length).toBeGreaterThan(0);
  });

  test('is isolated, sandboxed and without node', async () => {
    const { webPreferences } = await app.waitFor('window');
    expect(webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
    });
    const globals = await app.page!.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'electronDouble'].filter(
        (name) => name in window,
      ),
    );
    expect(globals).toEqual([]);
  });

  test('gives the page a platform, a version and three functions, and nothing else', async () => {
    const page = app.page!;
    const shape = await page.evaluate(() => {
      const { studio } = window as unknown as { studio: Record<string, unknown> };
      return Object.entries(studio).map(([name, value]) => [name, typeof value]);
    });
    expect(shape).toEqual([
      ['platform', 'string'],
      ['version', 'string'],
      ['chooseFolder', 'function'],
      ['savePdf', 'function'],
      ['pathForFile', 'function'],
    ]);
    await app.ask({ kind: 'choose', folder: '/some/folder' });
    const chosen = await page.evaluate(() =>
      (window as unknown as { studio: { chooseFolder: () => Promise<string | null> } }).studio.chooseFolder(),
    );
    expect(chosen).toBe('/some/folder');
    await app.ask({ kind: 'choose', folder: null });
    const path = await page.evaluate(() =>
      (window as unknown as { studio: { pathForFile: (file: File) => string } }).studio.pathForFile(
        new File([], 'a.png'),
      ),
    );
    expect(path).toBe('/dropped/a.png');
  });

  test('prints a report to a PDF where the person says, in a page without the studio’s origin; else writes nothing', async () => {
    const page = app.page!;
    const print = () =>
      page.evaluate(async () =>
        (
          window as unknown as { studio: { savePdf: (report: object) => Promise<string | null> } }
        ).studio.savePdf({ html: '<!doctype html><p>Σ report</p>', fileName: 'a/b' }),
      );
    expect(await print()).toBeNull();
    const path = join(mkdtempSync(join(tmpdir(), 'pdf-')), 'report.pdf');
    await app.ask({ kind: 'choose', folder: path });
    expect(await print()).toBe(path);
    await app.ask({ kind: 'choose', folder: null });
    expect(readFileSync(path, 'latin1')).toMatch(/^%PDF/);
    const { url, options } = await app.waitFor('printed');
    expect(options).toMatchObject({
      displayHeaderFooter: true,
      footerTemplate: expect.stringContaining('pageNumber'),
    });
    expect(Buffer.from(url.split(',')[1]!, 'base64').toString('utf8')).toContain('Σ report');
    expect(app.told.some(({ kind }) => kind === 'destroyed')).toBe(true);
    rmSync(dirname(path), { recursive: true });
  });

  test('has a strict content security policy: inline script and other origins are refused', async () => {
    const page = app.page!;
    const policy = await page.evaluate(
      async () => (await fetch('/')).headers.get('content-security-policy') ?? '',
    );
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    const isRun = await page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.wasRun = true';
      document.head.append(script);
      return 'wasRun' in window;
    });
    expect(isRun).toBe(false);
    await expect(page.evaluate(() => fetch('http://127.0.0.1:9/'))).rejects.toThrow();
  });

  test('stays in the studio: navigation elsewhere is refused, a web link is offered and not opened unasked', async () => {
    const page = app.page!;
    const before = page.url();
    await page.evaluate(() => {
      window.location.href = 'https://example.org/away';
    });
    await expect.poll(() => app.told.some((told) => told.kind === 'asked')).toBe(true);
    expect(page.url()).toBe(before);
    expect(await app.ask({ kind: 'willNavigate', url: 'studio://app/settings' })).toBe(true);
    for (const url of [
      'file:///etc/passwd',
      'studio://other/',
      'studio://app.example.org/',
      'http://127.0.0.1/',
    ]) {
      expect(await app.ask({ kind: 'willNavigate', url }), url).toBe(false);
    }
    expect(app.told.filter((told) => told.kind === 'asked')).toEqual([
      { kind: 'asked', detail: 'https://example.org/away' },
    ]);
    expect(app.told.some((told) => told.kind === 'opened')).toBe(false);
  });

  test('opens no second window', async () => {
    const page = app.page!;
    await page.evaluate(() => void window.open('/settings'));
    await expect.poll(() => page.context().pages().length).toBe(1);
    expect(await app.ask({ kind: 'windowOpen', url: 'studio://app/settings' })).toBe('deny');
  });

  test('refuses every permission but writing text to the clipboard, and that to its own page only', async () => {
    const wanted = [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'usb',
      'fileSystem',
      'openExternal',
    ];
    for (const permission of wanted) {
      expect(await app.ask({ kind: 'permission', permission, origin: 'studio://app' }), permission).toBe(
        false,
      );
    }
    const permission = 'clipboard-sanitized-write';
    expect(await app.ask({ kind: 'permission', permission, origin: 'studio://app' })).toBe(true);
  });
});

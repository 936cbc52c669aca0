/** Runs the real Electron door on the double, and plays Chromium's part with a real one: pages, navigation, the preload script. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page, Route } from 'playwright-core';
import type { LentBrowser } from '../../support/lend-browser.ts';
import type { Question, Told } from './questions.ts';

const main = fileURLToPath(new URL('../../../electron/main.js', import.meta.url));
const register = fileURLToPath(new URL('./register.mjs', import.meta.url));
const home = 'studio://app';

export class ElectronDouble {
  readonly told: Told[] = [];
  readonly exited: Promise<number | null>;
  readonly child: ChildProcess;
  page: Page | null = null;
  readonly #browser: LentBrowser;
  readonly #folder: string;
  readonly #answers = new Map<number, (result: unknown) => void>();
  #origin = '';
  #server: Server | null = null;
  #nextId = 1;
  /** A load that the app asked for is not a navigation by the page. */
  #loading: string | null = null;

  /** @param folder holds the user data; two apps over the same folder are two instances */
  constructor(browser: LentBrowser, folder: string, args: string[] = []) {
    this.#browser = browser;
    this.#folder = folder;
    this.child = fork(main, args, {
      execArgv: ['--disable-warning=ExperimentalWarning', '--import', register],
      env: { ...process.env, ELECTRON_DOUBLE_FOLDER: folder },
      serialization: 'advanced',
    });
    this.exited = once(this.child, 'exit').then(([code]) => code as number | null);
    this.child.on('message', (told: Told) => void this.#hear(told));
  }

  /** Asks what Chromium or a person would. */
  ask(question: Question): Promise<unknown> {
    if (!this.child.connected) return Promise.resolve(null);
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.child.send({ id, question }, (error) => error !== null && resolve(null));
    });
  }

  /** Waits until the app has told something of a kind. */
  async waitFor<Kind extends Told['kind']>(kind: Kind): Promise<Extract<Told, { kind: Kind }>> {
    for (;;) {
      const found = this.told.find((told) => told.kind === kind);
      if (found !== undefined) return found as Extract<Told, { kind: Kind }>;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** The page, once it is at a place that fits. */
  async pageAt(path: string | RegExp): Promise<Page> {
    await this.waitFor('load');
    while (this.page === null) await new Promise((resolve) => setTimeout(resolve, 10));
    await this.page.waitForURL((url) =>
      typeof path === 'string' ? url.pathname === path : path.test(url.pathname),
    );
    return this.page;
  }

  async end(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.exited;
    await this.page?.context().close();
    this.#server?.close();
  }

  async #hear(told: Told): Promise<void> {
    if (told.kind === 'answer') {
      this.#answers.get(told.id)?.(told.result);
      this.#answers.delete(told.id);
      return;
    }
    this.told.push(told);
    if (told.kind === 'load') await this.#load(told.url);
  }

  /** Only the last of several loads counts, as in a window. */
  async #load(url: string): Promise<void> {
    const isFirst = this.#loading === null && this.page === null;
    this.#loading = url;
    if (isFirst) {
      await Promise.all([this.waitFor('window'), this.waitFor('protocol')]);
      this.page = await this.#openPage();
    }
    if (this.page === null) return;
    await this.page.goto(this.#toHttp(this.#loading)).catch(() => undefined);
  }

  async #openPage(): Promise<Page> {
    this.#origin = await this.#bridge();
    const { webPreferences } = await this.waitFor('window');
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.exposeBinding('electronDouble', (_source, channel: string, ...args: unknown[]) =>
      this.ask({ kind: 'invoke', channel, args }),
    );
    await page.addInitScript(preloadScript(webPreferences));
    await page.route('**/*', (route) => this.#decide(page, route));
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) void this.ask({ kind: 'navigated', url: this.#toStudio(frame.url()) });
    });
    page.on('popup', (popup) => {
      void this.ask({ kind: 'windowOpen', url: this.#toStudio(popup.url()) }).then((action) =>
        action === 'deny' ? popup.close() : undefined,
      );
    });
    return page;
  }

  /** Navigation that the page began is first asked for. */
  async #decide(page: Page, route: Route): Promise<void> {
    const request = route.request();
    const url = this.#toStudio(request.url());
    const isNavigation = request.isNavigationRequest() && request.frame() === page.mainFrame();
    if (!isNavigation) return await route.continue();
    if (url === this.#loading) {
      this.#loading = '';
      return await route.continue();
    }
    if ((await this.ask({ kind: 'willNavigate', url })) === true) await route.continue();
    else await route.abort('aborted');
  }

  /** Chromium cannot speak to a socket file: a port of the test's own process leads to it. */
  async #bridge(): Promise<string> {
    const path = join(this.#folder, 'protocol.sock');
    this.#server = createServer((socket) => {
      const app = connect(path);
      socket.pipe(app).pipe(socket);
      app.on('error', () => socket.destroy());
      socket.on('error', () => app.destroy());
      socket.on('close', () => app.destroy());
      app.on('close', () => socket.destroy());
    }).listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #toHttp(url: string): string {
    return url.replace(home, this.#origin);
  }

  #toStudio(url: string): string {
    return this.#origin !== '' && url.startsWith(this.#origin) ? home + url.slice(this.#origin.length) : url;
  }
}

/** The real preload script, around it what Electron gives a sandboxed one; nothing of that stays in the page. */
function preloadScript(webPreferences: Record<string, unknown>): string {
  const source = readFileSync(String(webPreferences['preload']), 'utf8');
  const argv = JSON.stringify(webPreferences['additionalArguments']);
  return `(() => {
    const invoke = window.electronDouble;
    delete window.electronDouble;
    const electron = {
      contextBridge: { exposeInMainWorld: (name, api) => Object.defineProperty(window, name, { value: Object.freeze(api) }) },
      ipcRenderer: { invoke },
      webUtils: { getPathForFile: (file) => '/dropped/' + file.name },
    };
    const process = { platform: '${process.platform}', argv: ${argv} };
    const require = (name) => (name === 'electron' ? electron : undefined);
    ${source}
  })()`;
}

/**
 * Stands in for the `electron` module in plain node, as small as our main process needs it. What Chromium does in Electron, the test
 * does with a real one (`open-electron.ts`): it is told of windows, and asks what Electron would ask.
 */
import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { closeSync, openSync, rmSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getRequestListener } from '@hono/node-server';
import about from '../../../package.json' with { type: 'json' };
import { closePortsOf, deliver, forward, MessageChannelMain, type Parcel, type PortEnd } from './ports.ts';
import type { Question, Told } from './questions.ts';

export { MessageChannelMain };

/** Where the double keeps its socket and the app its user data. */
const folder = process.env['ELECTRON_DOUBLE_FOLDER']!;

function tell(told: Told): void {
  process.send?.(told);
}

/** An event that a listener can refuse. */
class Refusable {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

class App extends EventEmitter {
  readonly isPackaged = false;
  #isFirst = false;
  getVersion(): string {
    return about.version;
  }
  getPath(): string {
    return folder;
  }
  requestSingleInstanceLock(): boolean {
    try {
      closeSync(openSync(join(folder, 'instance'), 'wx'));
      this.#isFirst = true;
    } catch {
      tell({ kind: 'secondInstance' });
    }
    return this.#isFirst;
  }
  whenReady(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }
  quit(): void {
    const event = new Refusable();
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    if (this.#isFirst) rmSync(join(folder, 'instance'));
    process.exit(0);
  }
}
export const app = new App();

type Handler = (request: Request) => Promise<Response>;

export const protocol = {
  registerSchemesAsPrivileged: (schemes: { scheme: string; privileges: Record<string, boolean> }[]) => {
    tell({ kind: 'schemes', schemes });
  },
  /** Requests come from the browser by a socket file: a port would hide whether the app itself opens one. */
  handle: (scheme: string, handler: Handler) => {
    const listener = getRequestListener(
      (asked: Request) => {
        const { method, headers, body } = asked;
        const { pathname, search } = new URL(asked.url);
        // As in Electron: a page that leaves cancels the answer's body, and no signal tells of it.
        const init = { method, headers, body, duplex: 'half' as const };
        return handler(new Request(`${scheme}://app${pathname}${search}`, init));
      },
      { overrideGlobalObjects: false },
    );
    const server = createServer((incoming, outgoing) => void listener(incoming, outgoing));
    server.listen(join(folder, 'protocol.sock'), () => tell({ kind: 'protocol' }));
  },
};

type Decide = (isAllowed: boolean) => void;
type Asked = (contents: { getURL: () => string }, permission: string, decide: Decide) => void;
type Checked = (contents: null, permission: string, origin: string) => boolean;

class Session {
  request: Asked | null = null;
  check: Checked | null = null;
  setPermissionRequestHandler(handler: Asked): void {
    this.request = handler;
  }
  setPermissionCheckHandler(handler: Checked): void {
    this.check = handler;
  }
  setDevicePermissionHandler(): void {
    // The test's Chromium has no devices.
  }
}
export const session = { defaultSession: new Session() };

class WebContents extends EventEmitter {
  url = '';
  openHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
  getURL(): string {
    return this.url;
  }
  /** Chromium's part: what was loaded stands in for the pages. */
  async printToPDF(options: object): Promise<Buffer> {
    tell({ kind: 'printed', url: this.url, options });
    return Buffer.from(`%PDF-1.4 ${this.url.length}`);
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }
}

let current: BrowserWindow | null = null;

export class BrowserWindow extends EventEmitter {
  readonly webContents = new WebContents();
  readonly #isShown: boolean;
  constructor(options: { show?: boolean; webPreferences: Record<string, unknown> }) {
    super();
    this.#isShown = options.show !== false;
    app.emit('web-contents-created', {}, this.webContents);
    if (!this.#isShown) return;
    current = this;
    tell({ kind: 'window', webPreferences: options.webPreferences });
  }
  async loadURL(url: string): Promise<void> {
    this.webContents.url = url;
    if (this.#isShown) tell({ kind: 'load', url });
  }
  destroy(): void {
    tell({ kind: 'destroyed' });
  }
  isMinimized(): boolean {
    return false;
  }
  show(): void {
    tell({ kind: 'show' });
  }
  focus(): void {
    tell({ kind: 'focus' });
  }
}

const invoked = new Map<string, (event: unknown, ...args: unknown[]) => unknown>();
export const ipcMain = {
  handle: (channel: string, handler: (event: unknown, ...args: unknown[]) => unknown) => {
    invoked.set(channel, handler);
  },
};

let chosenFolder: string | null = null;
export const dialog = {
  showOpenDialog: async () => ({
    canceled: chosenFolder === null,
    filePaths: chosenFolder === null ? [] : [chosenFolder],
  }),
  showSaveDialog: async () => ({ canceled: chosenFolder === null, filePath: chosenFolder ?? '' }),
  showMessageBox: async (options: { detail: string; cancelId: number }) => {
    tell({ kind: 'asked', detail: options.detail });
    return { response: options.cancelId };
  },
};
export const shell = {
  openExternal: async (url: string) => tell({ kind: 'opened', url }),
  /** The double's trash lies beside the file. */
  trashItem: async (path: string) => await rename(path, `${path}.trashed`),
};
export const Menu = {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu: () => undefined,
};

const preamble = fileURLToPath(new URL('./utility.ts', import.meta.url));
const processes = new Map<string, number>();

interface ForkOptions {
  execArgv: string[];
  serviceName: string;
  stdio?: 'ignore' | 'inherit';
}

class UtilityProcess extends EventEmitter {
  readonly #child;
  constructor(path: string, args: string[], options: ForkOptions) {
    super();
    this.#child = fork(path, args, {
      execArgv: [...options.execArgv, '--import', preamble],
      serialization: 'advanced',
      stdio: [options.stdio ?? 'inherit', options.stdio ?? 'inherit', options.stdio ?? 'inherit', 'ipc'],
    });
    processes.set(options.serviceName, this.#child.pid!);
    this.#child.on('message', (parcel: Parcel) => {
      if (parcel.kind === 'message') this.emit('message', parcel.data);
      else forward(parcel);
    });
    this.#child.on('exit', (code, signal) => {
      closePortsOf(this.#child);
      this.emit('exit', code ?? signal);
    });
  }
  postMessage(data: unknown, ports: PortEnd[] = []): void {
    deliver(this.#child, data, ports);
  }
  kill(): boolean {
    return this.#child.kill();
  }
}
export const utilityProcess = {
  fork: (path: string, args: string[], options: ForkOptions) => new UtilityProcess(path, args, options),
};

/** What Chromium asks of the app. */
async function answer(question: Question): Promise<unknown> {
  const contents = current!.webContents;
  switch (question.kind) {
    case 'navigated':
      contents.url = question.url;
      return null;
    case 'willNavigate': {
      const event = Object.assign(new Refusable(), { url: question.url });
      contents.emit('will-frame-navigate', event);
      return !event.defaultPrevented;
    }
    case 'windowOpen':
      return contents.openHandler({ url: question.url }).action;
    case 'permission': {
      const { request, check } = session.defaultSession;
      if (request === null || check === null) return true;
      const isGiven = await new Promise<boolean>((resolve) =>
        request(contents, question.permission, resolve),
      );
      return isGiven || check(null, question.permission, question.origin);
    }
    case 'invoke':
      return await invoked.get(question.channel)?.(
        { senderFrame: { url: contents.url } },
        ...(question.args ?? []),
      );
    case 'choose':
      chosenFolder = question.folder;
      return null;
    case 'processes':
      return Object.fromEntries(processes);
    case 'secondInstance':
      return app.emit('second-instance');
    case 'closeWindow':
      current!.emit('closed');
      return app.emit('window-all-closed');
  }
}

process.on('message', ({ id, question }: { id: number; question: Question }) => {
  void answer(question).then((result) => tell({ kind: 'answer', id, result }));
});
process.on('disconnect', () => process.exit(1));

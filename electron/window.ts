/** The studio's one window: sandboxed, isolated, and only ever at `studio://app`. */
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, dialog, ipcMain } from 'electron';
import { savePdf } from './save-pdf.ts';

/** The page's origin. */
export const home = 'studio://app';

const preload = fileURLToPath(new URL('./preload.cjs', import.meta.url));
const icon = fileURLToPath(new URL('../build/icon.png', import.meta.url));

function isReport(given: unknown): given is { html: string; fileName: string } {
  return (
    typeof given === 'object' &&
    given !== null &&
    'html' in given &&
    typeof given.html === 'string' &&
    'fileName' in given &&
    typeof given.fileName === 'string'
  );
}

export class StudioWindow {
  #window: BrowserWindow | null = null;

  /** Opens the window, empty. */
  open(): void {
    const window = new BrowserWindow({
      width: 1440,
      height: 900,
      minWidth: 900,
      minHeight: 600,
      title: 'SF-IQA Studio',
      icon,
      backgroundColor: '#1e1e1e',
      webPreferences: {
        preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: false,
        devTools: !app.isPackaged,
        additionalArguments: [`--studio-version=${app.getVersion()}`],
      },
    });
    window.on('closed', () => {
      this.#window = null;
    });
    ipcMain.handle('choose-folder', (event) => {
      const isOurs = event.senderFrame?.url.startsWith(`${home}/`) === true;
      return isOurs ? this.chooseFolder('Choose a folder of images') : null;
    });
    ipcMain.handle('save-pdf', async (event, report: unknown) => {
      const isOurs = event.senderFrame?.url.startsWith(`${home}/`) === true;
      return isOurs && isReport(report) ? await savePdf(window, report) : null;
    });
    this.#window = window;
  }

  /** Path and query at which the page is. */
  get place(): string {
    const url = this.#window?.webContents.getURL() ?? '';
    return url.startsWith(`${home}/`) ? url.slice(home.length) : '/';
  }

  /** Shows a place of the studio; anything but a path of our own is the start page. */
  load(path: string, query: Record<string, string> = {}): void {
    const url = new URL(home + (path.startsWith('/') ? path : '/'));
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    // A load that another one overtakes rejects; the later one is what counts.
    this.#window?.loadURL(url.href).catch(() => undefined);
  }

  /** Brings the window to the front. */
  focus(): void {
    if (this.#window?.isMinimized() === true) this.#window.restore();
    this.#window?.show();
    this.#window?.focus();
  }

  /** Asks for a folder; null when the person cancels. */
  async chooseFolder(title: string): Promise<string | null> {
    if (this.#window === null) return null;
    const { canceled, filePaths } = await dialog.showOpenDialog(this.#window, {
      title,
      properties: ['openDirectory', 'createDirectory'],
    });
    return canceled ? null : (filePaths[0] ?? null);
  }
}

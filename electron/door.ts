/** The Electron door: one window over the studio, reached through `studio://app` and no open port. */
import { app, protocol, session } from 'electron';
import { type StudioError, toStudioError } from '../contract/errors.ts';
import { EngineHost } from './engine-host.ts';
import { LibraryChoice } from './library-choice.ts';
import { installMenu } from './menu.ts';
import { guardContents, guardSession } from './security.ts';
import { endedPage, lockedPage, startingPage } from './state-pages.ts';
import { home, StudioWindow } from './window.ts';

protocol.registerSchemesAsPrivileged([
  {
    scheme: 'studio',
    privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
  },
]);

/** Places of the window's process itself; all others are the engine's. */
const endedPath = '/engine-ended';
const lockedPath = '/library-closed';
const startPath = '/engine-start';

function runDoor(): void {
  const library = new LibraryChoice();
  const window = new StudioWindow();
  const engine = new EngineHost((reason) => window.load(endedPath, { reason, to: window.place }));
  /** Why the library could not be opened. */
  let closed: StudioError | null = null;

  /** Only then is there a reason to go back unseen. */
  function isDamaged(): boolean {
    return closed?.code === 'libraryDamaged';
  }

  /** Opens the library and shows `to`, or the page that says why it cannot be opened. */
  async function start(to: string, goesBack = false): Promise<void> {
    try {
      await engine.start(library.folder, goesBack);
      closed = null;
      window.load(to);
    } catch (error) {
      closed = toStudioError(error);
      window.load(lockedPath);
    }
  }

  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (url.host !== 'app') return new Response('Not found', { status: 404 });
    switch (url.pathname) {
      case endedPath:
        return endedPage(url.searchParams.get('reason') ?? '', url.searchParams.get('to') ?? '/', startPath);
      case lockedPath:
        return lockedPage(closed?.message ?? '', startPath, isDamaged());
      case startPath:
        void start(url.searchParams.get('to') ?? '/', isDamaged() && url.searchParams.has('goesBack'));
        return startingPage();
      default:
        return await engine.fetch(request);
    }
  }

  async function changeLibrary(): Promise<void> {
    const folder = await window.chooseFolder('Choose a library folder');
    if (folder === null || folder === library.folder) return;
    library.remember(folder);
    await engine.close();
    await start('/');
  }

  app.on('second-instance', () => window.focus());
  app.on('web-contents-created', (_event, contents) => guardContents(contents, home));
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => {
    if (!engine.isRunning) return;
    event.preventDefault();
    void engine.close().then(() => app.quit());
  });
  void app.whenReady().then(async () => {
    guardSession(session.defaultSession, home);
    protocol.handle('studio', answer);
    installMenu({ isDevelopment: !app.isPackaged, changeLibrary: () => void changeLibrary() });
    window.open();
    await start('/');
  });
}

if (app.requestSingleInstanceLock()) runDoor();
else app.quit();

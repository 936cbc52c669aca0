/** Serves the studio from a terminal: prints where, opens a browser where there is a display, ends cleanly on Ctrl-C. */
import open from 'open';
import { openWebDoor, type WebDoorOptions } from './web-door.ts';

export interface ServeOptions extends WebDoorOptions {
  opensBrowser: boolean;
}

/**
 * Serves until the process is asked to stop (SIGINT, SIGTERM); a second signal ends it at once.
 *
 * @throws StudioError as `openWebDoor`
 */
export async function serveUntilStopped({ opensBrowser, ...options }: ServeOptions): Promise<void> {
  const door = await openWebDoor(options);
  const stopped = waitForStop();
  console.log(`SF-IQA Studio answers at ${door.url} (library ${options.libraryFolder}). Ctrl-C ends it.`);
  if (opensBrowser && hasDisplay()) await openBrowser(door.url);
  await stopped;
  await door.close();
}

function waitForStop(): Promise<void> {
  return new Promise((resolve) => {
    let hasAsked = false;
    function stop(): void {
      if (hasAsked) process.exit(130);
      hasAsked = true;
      resolve();
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  });
}

/** Whether a browser could show itself: always but on a Linux without a screen. */
function hasDisplay(): boolean {
  if (process.platform === 'win32' || process.platform === 'darwin') return true;
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

async function openBrowser(url: string): Promise<void> {
  try {
    const browser = await open(url);
    browser.once('error', () => console.error(`No browser could be started: open ${url} yourself.`));
  } catch {
    console.error(`No browser could be started: open ${url} yourself.`);
  }
}

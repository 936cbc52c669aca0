/** Serves the studio from a terminal: prints where, opens a browser where there is a display, ends cleanly on Ctrl-C. */
import open from 'open';
import { openWebDoor, type WebDoor, type WebDoorOptions } from './web-door.ts';

export interface ServeOptions extends WebDoorOptions {
  opensBrowser: boolean;
}

/** Which address to listen on: the one that was named, all of them with `lan`, else the default. */
export function hostOf({ host, lan }: { host?: string | undefined; lan?: boolean | undefined }): {
  host?: string;
} {
  if (host !== undefined) return { host };
  return lan ? { host: '0.0.0.0' } : {};
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
  if (door.network !== null) for (const line of describeNetwork(door.network)) console.log(line);
  if (opensBrowser && hasDisplay()) await openBrowser(door.url);
  await stopped;
  await door.close();
}

/** What the person at the terminal hands on: links for raters, and one for themselves on another machine. */
function describeNetwork({ addresses, ownerKey, joinPaths }: NonNullable<WebDoor['network']>): string[] {
  const [base] = addresses;
  if (base === undefined) return ['No network address was found: other machines cannot reach this studio.'];
  const at = (path: string) => base.replace(/\/$/, '') + path;
  return [
    ...addresses.map((address) => `Raters on this network join at ${address}join`),
    ...joinPaths.map(({ study, path }) => `  “${study}”: ${at(path)}`),
    `You yourself, on another machine: ${at(`/join/${ownerKey}`)} (this key opens everything; it is new at every start)`,
  ];
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

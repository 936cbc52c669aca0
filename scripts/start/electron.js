/** Looks for Electron's binary and fetches it once where that is possible. Plain JavaScript, part of `npm start`. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const packageFolder = fileURLToPath(new URL('../../node_modules/electron/', import.meta.url));
/** A fetch that takes longer is told of, and one that takes this long is given up. */
const tellAfterMs = 3_000;
const giveUpAfterMs = 600_000;

/**
 * Why a window cannot be opened here whatever is installed, or null. Root is refused because Electron would have to run without its
 * sandbox, which nobody should do unasked.
 *
 * @returns {string | null}
 */
export function findObstacle() {
  const { platform, env } = process;
  if (platform !== 'linux') return null;
  if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return 'there is no display';
  if (process.getuid?.() === 0) return 'Electron’s sandbox does not work for root';
  return null;
}

/** The path of Electron's binary, fetched if need be; null where it cannot be had. @returns {Promise<string | null>} */
export async function findElectron() {
  if (!existsSync(packageFolder)) return null;
  const there = readInstalled();
  if (there !== null) return there;
  return (await fetchBinary()) ? readInstalled() : null;
}

/** @returns {string | null} */
function readInstalled() {
  try {
    const name = readFileSync(join(packageFolder, 'path.txt'), 'utf8');
    const path = join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(packageFolder, 'dist'), name);
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/** Runs the package's own installer, which checks what it fetches against the checksums in the package. @returns {Promise<boolean>} */
function fetchBinary() {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(packageFolder, 'install.js')], {
      stdio: 'ignore',
      timeout: giveUpAfterMs,
    });
    const timer = setTimeout(() => console.log('Fetching Electron, once …'), tellAfterMs);
    child.on('error', () => undefined);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}

/**
 * Runs Electron on the studio until its window is closed.
 *
 * @param {string} binary @param {readonly string[]} args
 * @returns {Promise<{ code: number, ranMs: number }>} how it ended, and after how long
 */
export function runElectron(binary, args) {
  const project = fileURLToPath(new URL('../../', import.meta.url));
  const startedAt = Date.now();
  return new Promise((resolve) => {
    const child = spawn(binary, [project, ...args], { stdio: 'inherit' });
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('error', () => resolve({ code: 1, ranMs: Date.now() - startedAt }));
    child.on('exit', (code) => resolve({ code: code ?? 1, ranMs: Date.now() - startedAt }));
  });
}

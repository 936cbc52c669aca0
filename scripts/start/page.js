/** Builds the page where it is older than what it is made of. Plain JavaScript, part of `npm start`. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../../', import.meta.url));
const built = join(project, 'dist/renderer/index.html');
const sources = ['renderer', 'contract', 'package-lock.json'];

/**
 * Whether something the page is made of was changed after it was built, or it was never built.
 *
 * @param {string} page the built `index.html`
 * @param {readonly string[]} paths files and folders it is made of
 */
export function isOutdated(page, paths) {
  if (!existsSync(page)) return true;
  const builtAtMs = statSync(page).mtimeMs;
  return paths.some((path) => existsSync(path) && newestMs(path) > builtAtMs);
}

/** The time of the last change below a path, in ms. @param {string} path @returns {number} */
function newestMs(path) {
  const own = statSync(path);
  if (!own.isDirectory()) return own.mtimeMs;
  return Math.max(own.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

/** Builds the page if need be; gives what went wrong, or null. @returns {string | null} */
export function buildPage() {
  if (
    !isOutdated(
      built,
      sources.map((source) => join(project, source)),
    )
  )
    return null;
  console.log('Building the page …');
  const vite = join(project, 'node_modules/vite/bin/vite.js');
  const config = join(project, 'renderer/vite.config.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [vite, 'build', '--config', config], {
    cwd: project,
    encoding: 'utf8',
  });
  return status === 0 ? null : `The page could not be built:\n${stdout}${stderr}`;
}

/** Finds the Node 24 that npm installed with the project. Plain JavaScript that old nodes run, too. */
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));
const executable = process.platform === 'win32' ? 'node.exe' : 'node';
const oldestMajor = 24;
/** Where node keeps compiled code: starting again takes half the time. A folder that cannot be written to is left alone. */
export const compileCache = join(modules, '.cache', 'node-compile');

/**
 * The path of a node that runs the studio: the one npm brought for this platform, else the running one where it is new enough.
 *
 * @returns {{ path: string } | { problem: string }} the path, or what is wrong and what to do, in a sentence
 */
export function findOwnNode() {
  const { platform, arch, version, execPath } = process;
  for (const name of [`node-${platform.replace('win32', 'win')}-${arch}`, `node-bin-${platform}-${arch}`]) {
    const path = join(modules, name, 'bin', executable);
    if (existsSync(path)) return { path };
  }
  if (Number.parseInt(version.slice(1), 10) >= oldestMajor) return { path: execPath };
  return {
    problem: existsSync(modules)
      ? `SF-IQA Studio runs on Node 24, which npm did not bring for ${platform} ${arch}; this is ${version}. Install Node 24 and try again.`
      : 'SF-IQA Studio is not set up yet. Run `npm ci` in its folder first.',
  };
}

/** The environment in which `node` and the project's tools are the project's own. @param {string} path of the node */
export function environmentWith(path) {
  const rest = process.env['PATH'] ?? process.env['Path'] ?? '';
  return {
    NODE_COMPILE_CACHE: compileCache,
    ...process.env,
    PATH: [dirname(path), join(modules, '.bin'), rest].join(delimiter),
  };
}

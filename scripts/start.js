/**
 * `npm start`: opens the studio, in Electron where that works, else through the web door. `npm start -- --web` takes the web door
 * at once; further options are those of the doors (`--library <folder>`; web door: `--port`, `--host`, `--no-open`).
 * Plain JavaScript that old nodes run, too.
 */
import process from 'node:process';
import { findOwnNode } from './own-node.js';
import { findElectron, findObstacle, runElectron } from './start/electron.js';
import { buildPage } from './start/page.js';

/** Electron that ends in error before this has not shown a window: it cannot run here (sandbox, libraries, display). */
const windowAfterMs = 8_000;

process.exitCode = await start(process.argv.slice(2));

/** @param {readonly string[]} given @returns {Promise<number>} */
async function start(given) {
  const node = findOwnNode();
  const major = Number.parseInt(process.versions.node, 10);
  if ('problem' in node || major < 24) {
    console.error('problem' in node ? node.problem : `This is Node ${process.version}: use \`npm start\`.`);
    return 1;
  }
  const problem = buildPage();
  if (problem !== null) {
    console.error(problem);
    return 1;
  }
  const args = given.filter((arg) => arg !== '--web');
  const why = given.includes('--web') ? null : await tryElectron(args);
  if (typeof why === 'number') return why;
  if (why !== null) console.log(`Electron is not used (${why}): the studio opens through the web door.`);
  process.argv.splice(2, Infinity, ...args);
  await import('../web/main.ts');
  return Number(process.exitCode ?? 0);
}

/** The exit code of Electron, or why it did not open a window. @param {readonly string[]} args @returns {Promise<number | string>} */
async function tryElectron(args) {
  const obstacle = findObstacle();
  if (obstacle !== null) return obstacle;
  const binary = await findElectron();
  if (binary === null) return 'its binary is not there and could not be fetched';
  const { code, ranMs } = await runElectron(binary, args);
  return code !== 0 && ranMs < windowAfterMs ? `it ended with code ${code}` : code;
}

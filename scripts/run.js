/** Runs a command on the project's own Node 24, whatever node the machine has: `node scripts/run.js node scripts/start.js`. */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { environmentWith, findOwnNode } from './own-node.js';

const [command, ...args] = process.argv.slice(2);
const node = findOwnNode();

if ('problem' in node) {
  console.error(node.problem);
  process.exitCode = 1;
} else if (command === undefined) {
  console.error('Say what to run: node scripts/run.js <command> [arguments]');
  process.exitCode = 2;
} else {
  run(node.path, command, args);
}

/** Runs the command and ends as it ends. @param {string} path @param {string} command @param {string[]} args */
function run(path, command, args) {
  const isNode = command === 'node';
  const child = spawn(isNode ? path : command, args, {
    stdio: 'inherit',
    env: environmentWith(path),
    shell: !isNode && process.platform === 'win32',
  });
  child.on('error', (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
  // A terminal sends Ctrl-C to both; other signals come to this process alone and are handed on, so that no child is left behind.
  process.on('SIGINT', () => undefined);
  for (const name of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(name, () => child.kill(name));
  // The shell between npm and this process does not hand signals on; that it is gone is the only sign.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, 1000).unref();
}

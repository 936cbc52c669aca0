/** Runs a command on the project's own Node 24, whatever node the machine has: `node scripts/run.js node scripts/start.js`. */
import { spawnSync } from 'node:child_process';
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
  const isNode = command === 'node';
  const { status, error } = spawnSync(isNode ? node.path : command, args, {
    stdio: 'inherit',
    env: environmentWith(node.path),
    shell: !isNode && process.platform === 'win32',
  });
  if (error !== undefined) console.error(error.message);
  process.exitCode = status ?? 1;
}

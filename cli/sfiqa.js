#!/usr/bin/env node
/** The command line's entry: goes on in the project's own node, whichever node was called. Plain JavaScript that old nodes run, too. */
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import module from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { compileCache, environmentWith, findOwnNode } from '../scripts/own-node.js';

const node = findOwnNode();

if ('problem' in node) {
  console.error(node.problem);
  process.exitCode = 1;
} else if (realpathSync(node.path) === realpathSync(process.execPath)) {
  module.enableCompileCache?.(process.env['NODE_COMPILE_CACHE'] ?? compileCache);
  process.env['NODE_COMPILE_CACHE'] ??= compileCache;
  await import('./main.ts');
} else {
  runIn(node.path);
}

/** Runs the command line in another node and ends as it ends. @param {string} path */
function runIn(path) {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(path, [main, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: environmentWith(path),
  });
  child.on('error', (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
  // A terminal sends Ctrl-C to both; the child decides what it means. Other signals come to this process alone.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
}
